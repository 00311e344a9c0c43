"""Instants as people give them to a command: a UTC day, or an RFC 3339 instant."""

from datetime import datetime

from schemas import rfc3339
from services.cli.connection import CommandProblem


def moment(text: str | None, option: str) -> datetime | None:
    """What was given to an option, as an instant; a day stands for its first. Raises CommandProblem."""
    if text is None:
        return None
    try:
        return rfc3339.instant(text if len(text) > 10 else f"{text}T00:00:00Z")
    except ValueError as error:
        raise CommandProblem(f"{option}: {error}; write 2026-11-01 or 2026-11-01T06:00:00Z") from None
