"""Decisions as they were made: rule, packs and inputs, append-only."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from campaigns.facts import Decision
from schemas.values import value
from services.store.columns import copy_rows

_COLUMNS = (
    *("id", "message_id", "debtor_ref", "stage", "channel", "verdict", "at", "not_before", "not_after", "reasons"),
    *("packs", "inputs"),
)
_OF_MESSAGE = """
select channel, verdict, at, not_before, not_after, reasons::text as reasons, packs::text as packs,
       inputs::text as inputs
from decision where message_id = $1 order by id
"""


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """A verdict as it was kept: with the packs, versions and inputs that it was made from."""

    at: datetime
    channel: str | None
    verdict: str
    not_before: datetime | None
    not_after: datetime | None
    reasons: Sequence[Mapping[str, str]]
    packs: Mapping[str, Any]
    inputs: Mapping[str, Any]


@value
class DecisionRow:
    """A verdict on one message by one channel, and what it was made from (`packs`, `inputs`: JSON texts)."""

    id: UUID
    message_id: UUID
    debtor_ref: str
    stage: str
    channel: str
    decision: Decision
    packs: str
    inputs: str


async def keep(connection: Any, rows: Sequence[DecisionRow], now: datetime) -> None:
    """Store decisions."""
    await copy_rows(connection, "decision", _COLUMNS, [_columns(row, now) for row in rows])


def _columns(row: DecisionRow, now: datetime) -> tuple[Any, ...]:
    decision = row.decision
    return (
        row.id,
        row.message_id,
        row.debtor_ref,
        row.stage,
        row.channel,
        decision.verdict.value,
        now,
        decision.not_before,
        decision.not_after,
        _reasons(decision),
        row.packs,
        row.inputs,
    )


async def of_message(connection: Any, message_id: UUID) -> list[KeptDecision]:
    """Every decision on one message, first to last."""
    return [_kept(row) for row in await connection.fetch(_OF_MESSAGE, message_id)]


def _kept(row: Any) -> KeptDecision:
    return KeptDecision(
        at=row["at"],
        channel=row["channel"],
        verdict=row["verdict"],
        not_before=row["not_before"],
        not_after=row["not_after"],
        reasons=json.loads(row["reasons"]),
        packs=json.loads(row["packs"]),
        inputs=json.loads(row["inputs"]),
    )


def _reasons(decision: Decision) -> str:
    if not decision.reasons:
        return "[]"
    reasons = [{"rule": r.rule, "basis": r.basis.value, "source": r.source} for r in decision.reasons]
    return json.dumps(reasons, ensure_ascii=False)
