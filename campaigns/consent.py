"""Consents and suppressions of one person: what denies a contact, and until when."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from campaigns.facts import ConsentFact, ContactRequest, Reason, SuppressionFact
from schemas.enums import Basis, ConsentState

_REFUSED = Reason("consent-refused", Basis.CONSENT, "the debtor's latest word for this channel and purpose")


def consent_reasons(request: ContactRequest, at: datetime, required: Sequence[Reason]) -> list[Reason]:
    """What the consent log says against a contact at an instant; `required` are rules that demand a grant."""
    latest = _latest(request, at)
    if latest is ConsentState.GRANTED:
        return []
    if latest is None:
        return list(required)
    return [_REFUSED, *required]


def suppression_reasons(request: ContactRequest, at: datetime) -> list[Reason]:
    """The suppressions in force at an instant that cover the request."""
    return [
        Reason(f"suppression-{stop.scope.replace('_', '-')}", Basis.SUPPRESSION, stop.reason or "suppression")
        for stop in request.suppressions
        if _in_force(stop, at) and _covers(stop, request)
    ]


def register_reasons(names: Sequence[str], known: Mapping[str, Sequence[Reason]]) -> list[Reason]:
    """What the advertising registers a person is on forbid, of rules by folded name; an unknown one forbids all."""
    reasons: list[Reason] = []
    for name in names:
        binding = known.get(folded(name))
        reasons += [Reason("register-unknown", Basis.SUPPRESSION, name)] if binding is None else binding
    return reasons


def folded(name: str) -> str:
    """A register's name as it is compared: without case, accents, spaces and signs."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if sign.isalnum())


def next_change(request: ContactRequest, after: datetime) -> datetime | None:
    """The next instant at which a consent or a suppression begins or ends, None where none does."""
    changes = [record.at for record in _about(request)]
    for stop in request.suppressions:
        changes.append(stop.since)
        if stop.until is not None:
            changes.append(stop.until)
    return min((change for change in changes if change > after), default=None)


def _latest(request: ContactRequest, at: datetime) -> ConsentState | None:
    """The newest record's state, whatever the order of the log; of two at one instant the refusal."""
    newest: ConsentFact | None = None
    for record in _about(request):
        if record.at > at or (newest is not None and record.at < newest.at):
            continue
        tied = newest is not None and record.at == newest.at
        if not (tied and record.state is ConsentState.GRANTED):
            newest = record
    return newest.state if newest is not None else None


def _about(request: ContactRequest) -> Iterable[ConsentFact]:
    return (
        record for record in request.consents if record.channel is request.channel and record.purpose is request.purpose
    )


def _in_force(stop: SuppressionFact, at: datetime) -> bool:
    return stop.since <= at and (stop.until is None or at < stop.until)


def _covers(stop: SuppressionFact, request: ContactRequest) -> bool:
    """A scope that is not known covers everything; a loan or channel left open means the request's own."""
    if stop.scope == "channel":
        return stop.channel is None or stop.channel is request.channel
    if stop.scope == "loan":
        return stop.loan is None or request.loan is None or stop.loan == request.loan
    return True
