"""Decisions as they were made: rule, packs and inputs, append-only."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from campaigns.facts import Decision

_INSERT = """
insert into decision (id, message_id, debtor_ref, stage, channel, verdict, at, not_before, not_after, reasons, packs,
    inputs)
select i, m, d, s, c, v, $12, b, a, r::jsonb, p::jsonb, n::jsonb from unnest($1::uuid[], $2::uuid[], $3::text[],
    $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::text[], $10::text[], $11::text[])
    as rows (i, m, d, s, c, v, b, a, r, p, n)
"""
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


@dataclass(frozen=True, slots=True)
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
    if not rows:
        return
    await connection.execute(
        _INSERT,
        [row.id for row in rows],
        [row.message_id for row in rows],
        [row.debtor_ref for row in rows],
        [row.stage for row in rows],
        [row.channel for row in rows],
        [row.decision.verdict.value for row in rows],
        [row.decision.not_before for row in rows],
        [row.decision.not_after for row in rows],
        [_reasons(row.decision) for row in rows],
        [row.packs for row in rows],
        [row.inputs for row in rows],
        now,
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
