"""What a caller tells over HTTP, as the events that other systems would send: same models, same inbox, same effect."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from schemas.envelope import CloudEvent
from schemas.events_base import PREFIX, is_ref
from services.api.problems import Fault, Problem
from services.api.writing import Write
from services.intake import Intake
from services.reading import Reading
from services.submission import Fate, Received, read, submit


async def tell(
    connection: Any, intake: Intake, write: Write, *, kind: str, data: Mapping[str, Any], now: datetime
) -> Received:
    """Handle one event of this kind in the caller's transaction; raises a 422 where it is rejected."""
    event = CloudEvent(write.event_id, write.caller.source, f"{PREFIX}{kind}.v1", now, data=dict(data))
    return await apply(connection, intake, read(event, now), now)


async def apply(connection: Any, intake: Intake, reading: Reading, now: datetime) -> Received:
    """Handle what was read; raises a 422 where it is rejected."""
    (received,) = await submit(connection, intake, [reading], now)
    if received.fate is Fate.REJECTED:
        raise Problem(422, f"the body can't be used: {(received.reason or '').replace('data.', 'body.')}")
    return received


def usable_ref(ref: str) -> str:
    """A reference in an address; 422 where it can't be one."""
    if not is_ref(ref):
        fault = Fault(at="path.ref", message="must be 1 to 128 printable characters, not starting with a space")
        raise Problem(422, "the address can't be used; see errors", errors=[fault])
    return ref
