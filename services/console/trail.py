"""What visitors of the console do goes into the audit log, in the transaction of what was done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services import auditing
from services.auditing import Action, Detail


def actor(name: str) -> str:
    """How the audit log names a user of the console."""
    return f"console:{name}"


async def record(
    connection: Any, name: str, action: Action, subject: str, details: Mapping[str, Detail], now: datetime
) -> None:
    """Put on record what the user of this name did; `details` hold references, words and counts, nothing personal."""
    await auditing.record(connection, actor=actor(name), action=action, subject=subject, details=details, now=now)
