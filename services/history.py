"""How far back a person's contacts are read: for caps of the law, for conditions, for the campaigns' own limits."""

from datetime import datetime, timedelta

from campaigns.policy import ContactPolicy
from services.running import RunningCampaigns

_CONDITIONS = timedelta(days=30, hours=1)


def history_from(policy: ContactPolicy, running: RunningCampaigns, now: datetime) -> datetime:
    """The instant before which contacts no longer matter to anything."""
    return now - max(policy.lookback, _CONDITIONS, running.longest_limit)
