"""A person leaves: the stop to record, and what is told of it; the same wherever the word came from."""

from datetime import datetime
from typing import Any

from campaigns.permissions import opt_out
from campaigns.person import Suppression
from schemas.enums import Channel
from schemas.outcome_events import OptOutRecorded
from schemas.outcome_words import OptSource
from services.publisher import Said


def leave(
    debtor_ref: str | None, channel: Channel | None, *, source: OptSource, now: datetime, everywhere: bool, **about: Any
) -> tuple[Suppression, Said]:
    """The stop and its event: by one channel, or by all where none is named or the deployment widens every stop.

    `about` are further fields of the event: what it is evidenced by, which message and contact point it goes back to.
    """
    if everywhere:
        channel = None
    told = OptOutRecorded(
        debtor_ref=debtor_ref, occurred_at=now, channel=channel or "all", source=source, effective_at=now, **about
    )
    return opt_out(channel.value if channel else None, now), Said(told)
