"""Everything that the console, the API and BI tools ask of figures, each under a name."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from schemas.figures import By
from services.console.pages import today
from services.experiments import USUAL, WITHIN, Period, report
from services.figures import kpis
from services.running import RunningCampaigns
from services.store import console, console_lists
from services.store.figures import Only

Question = Callable[[Any], Awaitable[object]]

PERIODS = (1, 7, 30, 90, 365)
_VIEWS = {
    "figures_message_daily, 30 days by campaign and state": """
        select campaign, state, sum(messages), sum(handed_over), sum(parts) from figures_message_daily
        where day > $1::date - 30 group by 1, 2""",
    "figures_message_daily, a year by day": """
        select day, sum(messages), sum(handed_over) from figures_message_daily where day > $1::date - 365 group by 1""",
    "figures_campaign_daily, a year by day": """
        select day, sum(messages), sum(parts) from figures_campaign_daily where day > $1::date - 365 group by 1""",
    "figures_debt, by segment": """
        select segment, sum(amount) filter (where open and due_date < $1::date), sum(amount) filter (where open)
        from figures_debt group by 1""",
    "figures_portfolio_daily, 90 days": """
        select day, sum(outstanding), sum(overdue) from figures_portfolio_daily where day > $1::date - 90 group by 1""",
    "figures_agent_daily, 30 days": """
        select agent_ref, sum(contacts), sum(answered), sum(tasks_closed) from figures_agent_daily
        where day > $1::date - 30 group by 1""",
}


def questions(now: datetime) -> Iterator[tuple[str, Question]]:
    """Name and question; each is asked of one connection."""
    yield "console /: pulse", lambda c: today.read_pulse(c, now)
    yield "console /: today by channel", lambda c: today.read_today(c, now)
    yield "console /providers", lambda c: console.providers(c, now)
    for days in PERIODS:
        for by in By:
            yield f"console /figures: {days} days by {by}", _kpis(now, days, by)
    yield "console /campaigns/…: funnel of 30 days", _kpis(now, 30, By.CAMPAIGN, Only(campaign="campaign-3"))
    yield "console /reports/…: 90 days", lambda c: _report(c, now)
    for name, filters in (
        ("all", {}),
        ("of a campaign", {"campaign": "campaign-3"}),
        ("unknown", {"state": "unknown"}),
    ):
        yield f"console /messages: {name}", _messages(filters)
    yield "console /unknowns", lambda c: console_lists.unknowns(c, before=console_lists.LAST, limit=50)
    for by in (By.CAMPAIGN, By.REGION, By.DAY):
        for only in (Only(campaign="campaign-3"), Only(channel="sms"), Only(segment="A"), Only(region="MX-3")):
            given = next(name for name in ("campaign", "channel", "segment", "region") if getattr(only, name))
            for days in (30, 400):
                yield f"/v1/kpis: {days} days by {by} of one {given}", _kpis(now, days, by, only)
    both = Only(campaign="campaign-3", segment="A")
    yield "/v1/kpis: 90 days by region of a campaign and a segment", _kpis(now, 90, By.REGION, both)
    for name, sql in _VIEWS.items():
        yield f"view {name}", lambda c, sql=sql: c.fetch(sql, now.date())  # type: ignore[misc]


def _kpis(now: datetime, days: int, by: By, only: Only | None = None) -> Question:
    until = now.date() + timedelta(days=1)
    since = until - timedelta(days=days)
    return lambda c: kpis(c, since=since, until=until, by=by, today=now.date(), only=only)


def _messages(filters: dict[str, str]) -> Question:
    asked = {"campaign": None, "state": None, "channel": None, **filters}
    return lambda c: console_lists.messages(c, before=console_lists.LAST, limit=50, **asked)


async def _report(connection: Any, now: datetime) -> object:
    period = Period(now - USUAL, now, timedelta(days=WITHIN))
    async with connection.transaction():
        return await report(connection, RunningCampaigns(), "campaign-3", period, now=now, prices=None)
