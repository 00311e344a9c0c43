"""Contact points found useless, by their blind index, so that later snapshots of the same value stay marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_ADD = """
insert into contact_point_fault (id, debtor_ref, blind, channel, reason, at, proven)
select $1, debtor_ref, blind, $4, $5, $6, $7 from contact_point where debtor_ref = $2 and contact_point_ref = $3
"""
_SUSPECTED = """
select p.debtor_ref, p.contact_point_ref from contact_point p
join unnest($1::text[], $2::text[], $3::text[]) as v (debtor_ref, contact_point_ref, channel)
    using (debtor_ref, contact_point_ref)
join contact_point_fault f on f.debtor_ref = p.debtor_ref and f.blind = p.blind and f.channel = v.channel
where not f.proven
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """A contact point that leads nowhere on a channel, or (channel None) to somebody else on all.

    What is not proven is only remembered: the second time it will be.
    """

    debtor_ref: str
    contact_point_ref: str
    channel: str | None
    reason: str
    proven: bool = True


async def add(connection: Any, fault_id: UUID, fault: Fault, now: datetime) -> None:
    """Note a fault; the debtor must be locked."""
    point = fault.contact_point_ref
    await connection.execute(_ADD, fault_id, fault.debtor_ref, point, fault.channel, fault.reason, now, fault.proven)


async def suspected(connection: Any, points: Sequence[tuple[str, str, str]]) -> frozenset[tuple[str, str]]:
    """Of these (debtor, contact point, channel), those that were doubted before; their debtors must be locked."""
    rows = await connection.fetch(_SUSPECTED, *map(list, zip(*points, strict=True)))
    return frozenset((row["debtor_ref"], row["contact_point_ref"]) for row in rows)
