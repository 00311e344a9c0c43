"""Kill switches thrown by people: over HTTP and on the command line alike."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
    return {"id": stop_id, "scope": what.scope, "name": what.name, "reason": reason, "made_by": made_by, "since": now}


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
