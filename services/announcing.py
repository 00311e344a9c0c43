"""Stores new messages with what is said of them: one piece for every place that plans."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.planning import Planner
from services.publisher import Said
from services.store import messages
from services.store.messages import MessageRow


async def insert_announced(
    connection: Any, planner: Planner, rows: Sequence[MessageRow], now: datetime
) -> tuple[list[MessageRow], list[Said]]:
    """The rows that are new and what is said of them; those planned before are passed over.

    Announcing comes first, since it counts the message's events and the count is stored with the row.
    """
    announced = {row.id: planner.announce(row, now) for row in rows}
    new = await messages.insert(connection, rows, now)
    fresh = [row for row in rows if row.id in new]
    return fresh, [said for row in fresh for said in announced[row.id]]
