"""Contact points found useless, by their blind index, so that later snapshots of the same value stay marked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_ADD = """
insert into contact_point_fault (id, debtor_ref, blind, channel, reason, at)
select $1, debtor_ref, blind, $4, $5, $6 from contact_point where debtor_ref = $2 and contact_point_ref = $3
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """A contact point that leads nowhere on a channel, or (channel None) to somebody else on all."""

    debtor_ref: str
    contact_point_ref: str
    channel: str | None
    reason: str


async def add(connection: Any, fault_id: UUID, fault: Fault, now: datetime) -> None:
    """Note a fault; the debtor must be locked."""
    await connection.execute(
        _ADD, fault_id, fault.debtor_ref, fault.contact_point_ref, fault.channel, fault.reason, now
    )
