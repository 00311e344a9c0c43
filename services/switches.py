"""Kill switches thrown by people: over HTTP and on the command line alike."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.auditing import Action, record
from services.ids import uuid7
from services.store import stops

SCOPES = ("campaign", "channel", "provider", "jurisdiction")


@dataclass(frozen=True, slots=True)
class Target:
    """What a switch is about: a scope and its name, or everything."""

    scope: str = "all"
    name: str | None = None

    def __str__(self) -> str:
        return "everything" if self.name is None else f"{self.scope} {self.name}"


def target(scope: str, name: str | None) -> Target:
    """What a switch is about, its name as it is written elsewhere."""
    if name is not None and scope == "jurisdiction":
        return Target(scope, name.upper())
    return Target(scope, name)


async def throw(connection: Any, what: Target, *, reason: str, made_by: str, now: datetime) -> dict[str, Any]:
    """Stop, from the next claim on; gives the switch."""
    stop_id = uuid7()
    await stops.make(connection, stop_id, scope=what.scope, name=what.name, reason=reason, made_by=made_by, now=now)
    await record(
        connection,
        actor=made_by,
        action=Action.STOP_MADE,
        subject=f"stop/{stop_id}",
        details={"scope": what.scope, "name": what.name},
        now=now,
    )
    return {"id": stop_id, "scope": what.scope, "name": what.name, "reason": reason, "made_by": made_by, "since": now}


async def lift(connection: Any, what: Target, *, lifted_by: str, now: datetime) -> int:
    """Lift every switch about this; gives how many there were."""
    lifted = await stops.lift(connection, scope=what.scope, name=what.name, lifted_by=lifted_by, now=now)
    for stop_id in lifted:
        await record(connection, actor=lifted_by, action=Action.STOP_LIFTED, subject=f"stop/{stop_id}", now=now)
    return len(lifted)


async def lift_one(connection: Any, stop_id: UUID, *, lifted_by: str, now: datetime, reason: str | None = None) -> bool:
    """Lift one switch; False where it stands no more."""
    lifted = await stops.lift_one(connection, stop_id, lifted_by=lifted_by, now=now)
    if lifted:
        told = {"reason": reason} if reason is not None else None
        subject = f"stop/{stop_id}"
        await record(connection, actor=lifted_by, action=Action.STOP_LIFTED, subject=subject, details=told, now=now)
    return lifted


async def doubt(connection: Any, what: Target, *, providers: set[str], jurisdictions: set[str]) -> str | None:
    """A warning where nothing of this name is known here; the switch counts all the same."""
    if what.name is None or what.scope == "channel":
        return None
    known = {
        "campaign": set(await stops.campaigns(connection)) if what.scope == "campaign" else set(),
        "provider": providers,
        "jurisdiction": jurisdictions,
    }[what.scope]
    if what.name in known:
        return None
    there = f"known: {', '.join(sorted(known))}" if known else "none is known yet"
    return f"no {what.scope} of this name is known here ({there}); the stop counts all the same"
