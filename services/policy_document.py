"""The document of a contact decision, as `puntual policy check` reads and answers it."""

import json
from datetime import UTC, datetime, time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from campaigns.facts import (
    ConsentFact,
    ContactFact,
    ContactRequest,
    Decision,
    Inquiry,
    PreferredWindow,
    Recipient,
    SuppressionFact,
)
from schemas.enums import AttemptState, Channel, Collector, ConsentState, CreditorType, Purpose

_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$|^24:00(:00)?$"


def _text_instant(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("an instant is a text such as 2026-07-13T15:00:00Z")
    return value


def _utc(value: datetime) -> datetime:
    if not _FIRST_YEAR < value.year < _LAST_YEAR:
        raise ValueError(f"an instant lies between {_FIRST_YEAR} and {_LAST_YEAR}")
    return value.astimezone(UTC)


Instant = Annotated[AwareDatetime, BeforeValidator(_text_instant), AfterValidator(_utc)]
ClockTime = Annotated[str, Field(pattern=_CLOCK)]


class DocumentPart(BaseModel):
    """Unknown fields are kept, so that they can be named in a warning."""

    model_config = ConfigDict(extra="allow", frozen=True)


class CreditorPart(DocumentPart):
    """Who asks; a financial entity that collects for itself where the document says nothing."""

    type: CreditorType = CreditorType.FINANCIAL_ENTITY
    collector: Collector = Collector.FIRST_PARTY


class WindowPart(DocumentPart):
    """The debtor's own hours; `24:00` is the end of the day."""

    start: ClockTime = Field(alias="from")
    end: ClockTime = Field(alias="to")


class PreferencesPart(DocumentPart):
    """What the debtor wishes."""

    window: WindowPart | None = None


class DebtorPart(DocumentPart):
    """Where the debtor is; the phone number is never a reason to contact.

    `registers`: the public registers they are on. `recipient`: whom the contact would reach, the debtor by default.
    """

    timezone: str | None = None
    region: str | None = None
    phone: str | None = None
    registers: tuple[str, ...] = ()
    recipient: Recipient = Recipient.DEBTOR
    preferences: PreferencesPart | None = None


class ConsentPart(DocumentPart):
    """One record of the consent log."""

    channel: Channel
    purpose: Purpose
    state: ConsentState
    at: Instant


class SuppressionPart(DocumentPart):
    """A stop; without `from` it has always held, without `until` it has no end."""

    scope: Literal["person", "channel", "loan", "contact_point", "contactPoint"]
    reason: str = "suppression"
    since: Instant | None = Field(None, alias="from")
    until: Instant | None = None
    channel: Channel | None = None
    loan: str | None = None


class HistoryPart(DocumentPart):
    """An earlier attempt; `conversation`: the debtor was spoken with, whoever called whom."""

    at: Instant
    channel: Channel
    loan: str | None = None
    state: AttemptState = AttemptState.UNKNOWN
    conversation: bool = False


class PolicyDocument(DocumentPart):
    """One question; everything but the instant, the channel and the jurisdiction may be left out.

    `answers`: what the debtor asked for by this channel, where the contact only answers that.
    """

    id: Any = None
    at: Instant
    channel: Channel
    jurisdiction: Annotated[str, Field(min_length=2, max_length=16)]
    purpose: Purpose = Purpose.COLLECTIONS
    creditor: CreditorPart | None = None
    debtor: DebtorPart | None = None
    consents: tuple[ConsentPart, ...] | None = None
    suppressions: tuple[SuppressionPart, ...] | None = None
    history: tuple[HistoryPart, ...] | None = None
    loan: str | None = None
    answers: Inquiry | None = None
    layers: tuple[Literal["law", "policy"], ...] | None = None


def parse_document(text: str | bytes) -> PolicyDocument:
    """The document of a JSON text; pydantic's ValidationError for anything else."""
    return PolicyDocument.model_validate_json(text)


def request_of(document: PolicyDocument) -> ContactRequest:
    """The question to the policy."""
    creditor = document.creditor or CreditorPart()
    debtor = document.debtor or DebtorPart()
    return ContactRequest(
        at=document.at,
        channel=document.channel,
        purpose=document.purpose,
        creditor_type=creditor.type,
        collector=creditor.collector,
        timezone=debtor.timezone,
        region=debtor.region,
        phone=debtor.phone,
        window=_window(debtor.preferences),
        consents=[ConsentFact(each.channel, each.purpose, each.state, each.at) for each in document.consents or ()],
        suppressions=[_suppression(each) for each in document.suppressions or ()],
        history=[
            ContactFact(each.at, each.channel, each.loan, each.state.value, each.conversation)
            for each in document.history or ()
        ],
        loan=document.loan,
        recipient=debtor.recipient,
        registers=debtor.registers,
        answers=document.answers,
        layers=frozenset({"law", "policy"} if document.layers is None else document.layers),
    )


def answer_of(document: PolicyDocument, decision: Decision) -> dict[str, Any]:
    """The answer, ready to be printed as one JSON line."""
    return {
        "id": document.id,
        "decision": decision.verdict.value,
        "not_before": _printed(decision.not_before),
        "not_after": _printed(decision.not_after),
        "reasons": [
            {"rule": reason.rule, "basis": reason.basis.value, "source": reason.source} for reason in decision.reasons
        ],
        "pack": decision.pack,
        "pack_version": decision.pack_version,
    }


def unknown_fields(part: DocumentPart, path: str = "") -> list[str]:
    """The dotted names of fields that mean nothing here."""
    names = [path + name for name in part.model_extra or ()]
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, DocumentPart):
            names += unknown_fields(value, f"{path}{name}.")
        elif isinstance(value, tuple):
            for position, each in enumerate(value):
                if isinstance(each, DocumentPart):
                    names += unknown_fields(each, f"{path}{name}.{position}.")
    return names


def faults_of(error: ValidationError) -> list[str]:
    """One `field: message` a fault, without the values that were given."""
    faults = []
    for fault in error.errors(include_url=False, include_input=False, include_context=False):
        where = ".".join(str(part) for part in fault["loc"])
        message = fault["msg"].removeprefix("Value error, ")
        faults.append(f"{where}: {message}" if where else message)
    return faults


def id_in(text: str | bytes) -> Any:
    """The id of a document that may be faulty otherwise, None where none can be read."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return read.get("id") if isinstance(read, dict) else None


def _window(preferences: PreferencesPart | None) -> PreferredWindow | None:
    window = preferences.window if preferences else None
    return PreferredWindow(_clock(window.start), _clock(window.end)) if window else None


def _clock(text: str) -> time:
    """`24:00` is midnight, which a window's end means as the end of the day."""
    return time(0) if text.startswith("24") else time.fromisoformat(text)


def _suppression(part: SuppressionPart) -> SuppressionFact:
    return SuppressionFact(
        scope="contact_point" if part.scope == "contactPoint" else part.scope,
        reason=part.reason,
        since=part.since or datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC),
        until=part.until,
        channel=part.channel,
        loan=part.loan,
    )


def _printed(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
