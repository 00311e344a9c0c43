"""A file of native events that become known in the simulated days: payments, promises, consents and the like."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from schemas import strict_json
from schemas.contact_events import CONTACT_EVENTS
from schemas.debtor_events import DebtorUpserted
from schemas.envelope import BadRecord, decode_json
from schemas.inbound import parse_inbound
from services.intake import Fact


class EventFileProblem(Exception):
    """Why an event can't be used: file, line and what to do; never a value."""


def events_in(path: Path) -> Iterator[Fact]:
    """Each event of a file of JSON lines, as `puntual events decode` prints them; raises EventFileProblem."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _fact(line.removeprefix(b"\xef\xbb\xbf"), f"{path}:{number}")
    except OSError as error:
        raise EventFileProblem(f"{path}: cannot be read: {error.strerror or type(error).__name__}") from None


def _fact(line: bytes, place: str) -> Fact:
    try:
        document = strict_json.loads(line)
        told = _told_by_decode(document)
        if told is not None:
            raise EventFileProblem(f"{place}: {told}")
        event = decode_json(document)
        fact = parse_inbound(event)
    except BadRecord as error:
        raise EventFileProblem(f"{place}: {error.message}") from None
    if fact is None:
        raise EventFileProblem(f"{place}: type: no event of that name is used; see schemas/README.md")
    if isinstance(fact, DebtorUpserted):
        raise EventFileProblem(f"{place}: type: who debtors are is told by the portfolio; leave their snapshots out")
    if isinstance(fact, CONTACT_EVENTS):
        raise EventFileProblem(f"{place}: type: contacts of others and closed tasks are not simulated; leave them out")
    if event.time is None:
        raise EventFileProblem(f"{place}: time: is missing; it says when the event becomes known")
    if fact.debtor_ref is None:
        raise EventFileProblem(f"{place}: debtorRef: is missing; a simulation finds debtors by it")
    return Fact(event.source, event.id, event.type, event.time, fact)


def _told_by_decode(document: Any) -> str | None:
    """What `events decode` says of a record that gives no event."""
    if isinstance(document, dict) and "error" in document:
        return "`puntual events decode` found no event here; leave the line out, or mend its record"
    if isinstance(document, dict) and set(document) == {"ignored"}:
        return "`puntual events decode` found an event of no use here; leave the line out"
    return None
