"""Turns outcomes into outbox rows: ids, topics, keys, and the order of a message's events."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from schemas.envelope import CloudEvent
from schemas.outcome_events import Outcome, to_cloud_event
from services.store.outbox import OutboxRow

SOURCE = "urn:puntual"


@dataclass(frozen=True, slots=True)
class Said:
    """An outcome and its number among the events of its message (1 where it is the only one)."""

    outcome: Outcome
    sequence: int = 1


@dataclass(frozen=True, slots=True)
class Publisher:
    """Makes outbox rows; `topic` gives the deployment's name of a native topic."""

    topic: Callable[[str], str]
    new_id: Callable[[], UUID]

    def rows(self, said: Sequence[Said], now: datetime) -> list[OutboxRow]:
        """Outbox rows in the order of what was said."""
        return [self._row(each, now) for each in said]

    def _row(self, said: Said, now: datetime) -> OutboxRow:
        event_id = self.new_id()
        event = to_cloud_event(said.outcome, id=event_id, source=SOURCE, time=now, sequence=said.sequence)
        return OutboxRow(
            id=event_id,
            topic=self.topic(said.outcome.topic),
            key=event.extensions["partitionkey"],
            type=event.type,
            subject=event.subject or "",
            data=event.data,
            extensions={**event.extensions, "time": _text(now), "dataschema": event.dataschema or ""},
        )


def to_event(row_id: UUID, event_type: str, subject: str, data: object, extensions: dict[str, str]) -> CloudEvent:
    """The CloudEvent of an outbox row."""
    rest = {name: value for name, value in extensions.items() if name not in ("time", "dataschema")}
    return CloudEvent(
        id=str(row_id),
        source=SOURCE,
        type=event_type,
        time=datetime.fromisoformat(extensions["time"]),
        subject=subject or None,
        datacontenttype="application/json",
        dataschema=extensions["dataschema"] or None,
        data=data,
        extensions=rest,
    )


def _text(instant: datetime) -> str:
    return instant.isoformat()
