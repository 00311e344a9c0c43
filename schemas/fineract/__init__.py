"""Apache Fineract's external events as native CloudEvents: Avro in, the facts we use out."""

import json

from schemas import strict_json
from schemas.dead_letter import BadRecord, DeadLetterReason
from schemas.envelope import CloudEvent
from schemas.fineract.catalogue import Rule, rule_for
from schemas.fineract.checks import check_plausible
from schemas.fineract.codec import Envelope, is_known, open_envelope, open_payload
from schemas.fineract.fingerprints import UNKNOWN_RELEASE
from schemas.fineract.mapping import Native
from schemas.fineract.reader_schemas import has_reader

RELEASE = "fineractrelease"


def decode(
    key: bytes | None, value: bytes | None, *, tenant: str = "default", deployment: str = "default"
) -> list[CloudEvent]:
    """The events in a record, several for a bulk record; raises BadRecord for the whole record.

    A type that we do not use keeps Fineract's name and has no data, so parse_inbound answers None for it.
    The extension `fineractrelease` tells which releases write the payload so, or `unknown`.
    """
    envelopes = open_envelope(key, value)
    if any(envelope.tenant != tenant for envelope in envelopes):
        raise BadRecord(DeadLetterReason.UNKNOWN_TENANT, "the tenantId is not the one that was set")
    return [_event(envelope, deployment) for envelope in envelopes]


def _event(envelope: Envelope, deployment: str) -> CloudEvent:
    rule = rule_for(envelope.type)
    native, release = (None, "") if rule is None else _map(envelope, rule)
    extensions = {"tenantid": envelope.tenant}
    if native is not None:
        extensions |= {"partitionkey": native.partition_key, RELEASE: release}
    return CloudEvent(
        id=envelope.id,
        source=f"urn:fineract:{deployment}:{envelope.tenant}",
        type=envelope.type if native is None else native.type,
        time=envelope.created_at,
        subject=None if native is None else native.subject,
        datacontenttype=None if native is None else "application/json",
        data=None if native is None else native.data,
        extensions=extensions,
    )


def _map(envelope: Envelope, rule: Rule) -> tuple[Native | None, str]:
    fields, release = {}, UNKNOWN_RELEASE
    if has_reader(envelope.dataschema) or not rule.any_payload:
        payload = open_payload(envelope)
        fields, release = payload.fields, payload.release
        if not is_known(payload):
            check_plausible(fields, envelope.aggregate)
    try:
        native = rule.mapper(fields, envelope)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        kind = type(error).__name__
        raise BadRecord(DeadLetterReason.MAPPING_ERROR, f"the payload lacks what its type needs ({kind})") from None
    if native is not None and "\\u0000" in json.dumps(native.data):
        strict_json.check(native.data)
    return native, release
