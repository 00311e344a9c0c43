"""Turns outcomes into outbox rows: ids, topics, keys, and the order of a message's events."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from schemas import rfc3339
from schemas.outcome_events import SCHEMA_URN, Outcome
from schemas.values import value
from services.store.outbox import OutboxRow

SOURCE = "urn:puntual"
_quoted = json.encoder.encode_basestring_ascii


@value
class Written:
    """An outcome in its published form already; `data` has the shape of the strict model of its type."""

    event_type: str
    topic: str
    debtor_ref: str | None
    subject: str | None
    data: dict[str, Any]


@value
class Said:
    """An outcome and its number among the events of its message (1 where it is the only one)."""

    outcome: Outcome | Written
    sequence: int = 1


@dataclass(frozen=True, slots=True)
class Publisher:
    """Makes outbox rows; `topic` gives the deployment's name of a native topic."""

    topic: Callable[[str], str]
    new_id: Callable[[], UUID]

    def rows(self, said: Sequence[Said], now: datetime) -> list[OutboxRow]:
        """Outbox rows in the order of what was said."""
        time = rfc3339.text(now)
        return [self._row(each.outcome, each.sequence, time) for each in said]

    def _row(self, outcome: Outcome | Written, sequence: int, time: str) -> OutboxRow:
        event_id = self.new_id()
        data = outcome.data if isinstance(outcome, Written) else outcome.data()
        subject = outcome.subject
        key = outcome.debtor_ref or subject or str(event_id)
        return OutboxRow(
            id=event_id,
            topic=self.topic(outcome.topic),
            key=key,
            type=outcome.event_type,
            subject=subject or "",
            payload=orjson.dumps(data).decode(),
            headers=f'{{"time":"{time}","dataschema":{_schema(outcome.event_type)},"partitionkey":{_quoted(key)},'
            f'"sequence":"{str(sequence).zfill(19)}","dataclassification":"confidential"}}',
        )


@lru_cache(maxsize=128)
def _schema(event_type: str) -> str:
    return _quoted(SCHEMA_URN + event_type)
