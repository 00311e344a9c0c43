"""When steps are wanted: in local days and hours, through every change of the clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from campaigns.cron import parse_cron
from campaigns.definition import Definition, Schedule, Step
from campaigns.planner import PlannedStep, next_wish, plan_event, plan_installment, plan_schedule
from tests.campaigns.language.samples import changed, sound, with_step, with_top
from tests.campaigns.language.test_parser import FULL

MEXICO = ZoneInfo("America/Mexico_City")
SANTIAGO = ZoneInfo("America/Santiago")
NEW_YORK = ZoneInfo("America/New_York")
ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "America/Mexico_City", "America/Santiago", "America/Havana", "America/Sao_Paulo", "America/New_York",
            "America/Asuncion", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC",
        )
    ]
)  # fmt: skip
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
BASIC = sound(with_step("expires: 24h"))


def utc(text: str) -> datetime:
    """An instant written as ISO without a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def planned(text: str, due: date, zone: ZoneInfo = MEXICO, now: datetime = LONG_AGO) -> PlannedStep:
    """The one step of a text."""
    (step,) = plan_installment(sound(text), due_date=due, zone=zone, now=now)
    return step


def test_a_step_is_wanted_all_through_its_local_day() -> None:
    step = planned(changed("due_date - 3d", "due_date - 3d"), date(2026, 11, 24))
    assert step == PlannedStep("aviso", date(2026, 11, 21), utc("2026-11-21T06:00"), utc("2026-11-22T06:00"))


def test_hours_and_expiry_bound_it() -> None:
    step = planned(with_step('between: "09:00-12:00"\nexpires: 26h'), date(2026, 11, 24))
    assert (step.earliest, step.expires_at) == (utc("2026-11-21T15:00"), utc("2026-11-22T17:00"))


def test_hours_alone_leave_the_end_of_the_day() -> None:
    step = planned(with_step('between: "09:00-12:00"'), date(2026, 11, 24))
    assert (step.earliest, step.expires_at) == (utc("2026-11-21T15:00"), utc("2026-11-22T06:00"))


@pytest.mark.parametrize(("now", "count"), [("2026-11-22T05:59:59", 1), ("2026-11-22T06:00", 0)])
def test_what_is_over_is_not_planned(now: str, count: int) -> None:
    found = plan_installment(sound(changed("- 3d", "- 3d")), due_date=date(2026, 11, 24), zone=MEXICO, now=utc(now))
    assert len(found) == count


@pytest.mark.parametrize(("due", "count"), [(3, 0), (4, 1), (8, 1), (9, 0)])
def test_the_term_of_a_campaign_is_inclusive(due: int, count: int) -> None:
    definition = sound(with_top("starts: 2026-11-01\nends: 2026-11-05"))
    found = plan_installment(definition, due_date=date(2026, 11, due), zone=MEXICO, now=LONG_AGO)
    assert len(found) == count


def test_steps_on_events_are_not_counted_from_the_due_date() -> None:
    found = plan_installment(sound(FULL), due_date=date(2026, 11, 24), zone=MEXICO, now=LONG_AGO)
    assert [step.step_id for step in found] == ["aviso", "hoy", "visita"]


@pytest.mark.parametrize("due", [date.min, date.max])
def test_dates_at_the_ends_of_time_are_not_planned(due: date) -> None:
    assert plan_installment(BASIC, due_date=due, zone=MEXICO, now=LONG_AGO) == []


CHANGES = [
    # Santiago: 2026-09-06 has no hour from 00:00 to 01:00; 2026-04-04 has 23:00 to 24:00 twice
    (SANTIAGO, "2026-09-06", "", "2026-09-06T04:00", "2026-09-07T03:00"),
    (SANTIAGO, "2026-09-06", 'between: "00:30-09:00"', "2026-09-06T04:00", "2026-09-07T03:00"),
    (SANTIAGO, "2026-04-04", "", "2026-04-04T03:00", "2026-04-05T04:00"),
    # New York: 2026-03-08 has no hour from 02:00 to 03:00; 2026-11-01 has 01:00 to 02:00 twice
    (NEW_YORK, "2026-03-08", 'between: "02:30-09:00"', "2026-03-08T07:00", "2026-03-09T04:00"),
    (NEW_YORK, "2026-03-08", 'between: "03:00-09:00"', "2026-03-08T07:00", "2026-03-09T04:00"),
    (NEW_YORK, "2026-11-01", 'between: "01:30-09:00"', "2026-11-01T05:30", "2026-11-02T05:00"),
    (NEW_YORK, "2026-11-01", "expires: 24h", "2026-11-01T04:00", "2026-11-02T04:00"),
]


@pytest.mark.parametrize(("zone", "day", "lines", "earliest", "expires"), CHANGES)
def test_days_on_which_the_clock_changes(zone: ZoneInfo, day: str, lines: str, earliest: str, expires: str) -> None:
    step = planned(with_step(lines), date.fromisoformat(day) + timedelta(days=3), zone)
    assert (step.earliest, step.expires_at) == (utc(earliest), utc(expires))


WISHES = [
    ("2026-11-24T14:00", "2026-11-26T00:00", "2026-11-24T15:00"),
    ("2026-11-24T15:00", "2026-11-26T00:00", "2026-11-24T15:00"),
    ("2026-11-24T17:59:59", "2026-11-26T00:00", "2026-11-24T17:59:59"),
    ("2026-11-24T18:00", "2026-11-26T00:00", "2026-11-25T15:00"),
    ("2026-11-24T18:00", "2026-11-25T15:00", None),
    ("2026-11-24T16:00", "2026-11-24T16:00", None),
    ("2026-11-24T02:00", "2026-11-24T15:00:01", "2026-11-24T15:00"),
]


@pytest.mark.parametrize(("since", "until", "wish"), WISHES)
def test_the_next_wish(since: str, until: str, wish: str | None) -> None:
    step = sound(with_step('between: "09:00-12:00"')).steps[0]
    found = next_wish(step, zone=MEXICO, not_before=utc(since), expires_at=utc(until))
    assert found == (utc(wish) if wish else None)


def test_without_hours_any_instant_is_wished() -> None:
    step = sound(with_step("")).steps[0]
    since = utc("2026-11-24T03:00")
    assert next_wish(step, zone=MEXICO, not_before=since, expires_at=since + timedelta(seconds=1)) == since
    assert next_wish(step, zone=MEXICO, not_before=since, expires_at=since) is None


def test_an_hour_that_comes_twice_is_wished_twice() -> None:
    step = sound(with_step('between: "01:30-02:00"')).steps[0]
    between = next_wish(step, zone=NEW_YORK, not_before=utc("2026-11-01T06:00"), expires_at=utc("2026-11-02T00:00"))
    assert between == utc("2026-11-01T06:30")


def test_hours_inside_a_gap_are_wished_the_next_day() -> None:
    step = sound(with_step('between: "02:15-02:45"')).steps[0]
    wish = next_wish(step, zone=NEW_YORK, not_before=utc("2026-03-08T05:00"), expires_at=utc("2026-03-10T00:00"))
    assert wish == utc("2026-03-09T06:15")


def test_an_event_starts_its_steps_at_once() -> None:
    at = utc("2026-11-24T20:30")
    (step,) = plan_event(sound(FULL), kind="payment.received", at=at, zone=MEXICO, now=at)
    assert step == PlannedStep("gracias", date(2026, 11, 24), at, utc("2026-11-25T06:00"))


def test_a_late_event_starts_nothing_that_is_over() -> None:
    at = utc("2026-11-24T20:30")
    late = plan_event(sound(FULL), kind="payment.received", at=at, zone=MEXICO, now=at + timedelta(days=1))
    assert late == []


def test_other_events_start_nothing() -> None:
    at = utc("2026-11-24T20:30")
    assert plan_event(sound(FULL), kind="promise.broken", at=at, zone=MEXICO, now=at) == []


def scheduled(cron: str, *steps: Step) -> Definition:
    """A definition that runs on a calendar."""
    base = sound(with_step(""))
    return replace(base, schedule=Schedule(parse_cron(cron)), steps=steps or (replace(base.steps[0], at=None),))


def test_a_calendar_comes_in_local_time() -> None:
    found = plan_schedule(
        scheduled("0 10 1 * *"), zone=MEXICO, since=utc("2026-11-01T00:00"), until=utc("2027-01-01T00:00")
    )
    assert [(step.occurrence, step.earliest, step.expires_at) for step in found] == [
        (date(2026, 11, 1), utc("2026-11-01T16:00"), utc("2026-11-02T06:00")),
        (date(2026, 12, 1), utc("2026-12-01T16:00"), utc("2026-12-02T06:00")),
    ]


def test_spans_of_a_calendar_join_without_gap_or_overlap() -> None:
    definition = scheduled("30 2 * * *")
    start, days = utc("2026-10-25T00:00"), 20
    whole = plan_schedule(definition, zone=NEW_YORK, since=start, until=start + timedelta(days=days))
    parts = [
        step
        for hour in range(days * 24)
        for step in plan_schedule(
            definition,
            zone=NEW_YORK,
            since=start + timedelta(hours=hour),
            until=start + timedelta(hours=hour + 1),
        )
    ]
    assert parts == whole
    assert len(whole) == days


def test_without_a_calendar_nothing_is_scheduled() -> None:
    assert plan_schedule(BASIC, zone=MEXICO, since=LONG_AGO, until=utc("2026-01-01T00:00")) == []


HOURS = st.tuples(st.integers(0, 1438), st.integers(1, 1439)).filter(lambda pair: pair[0] < pair[1])
OFFSETS = st.lists(st.integers(-40, 40), min_size=1, max_size=6)
DATES = st.dates(date(2000, 1, 1), date(2035, 12, 31))


def clock(minutes: int) -> time:
    """A time of day from minutes after midnight."""
    return time(minutes // 60, minutes % 60)


@given(DATES, ZONES, OFFSETS, st.none() | HOURS, st.none() | st.integers(1, 4000))
@settings(deadline=None)
def test_every_step_is_planned_once_in_order_on_its_local_day(
    due: date, zone: ZoneInfo, offsets: list[int], hours: tuple[int, int] | None, minutes: int | None
) -> None:
    between = (clock(hours[0]), clock(hours[1])) if hours else None
    expires = timedelta(minutes=minutes) if minutes else None
    steps = tuple(
        replace(BASIC.steps[0], id=f"s{index}", at=offset, between=between, expires=expires)
        for index, offset in enumerate(offsets)
    )
    found = plan_installment(replace(BASIC, steps=steps), due_date=due, zone=zone, now=LONG_AGO)
    assume(len(found) == len(steps))
    assert [step.step_id for step in found] == [step.id for step in steps]
    for step, offset in zip(found, offsets, strict=True):
        local = step.earliest.astimezone(zone)
        assert local.date() == step.occurrence == due + timedelta(days=offset)
        assert step.earliest.tzinfo is UTC
        assert step.earliest < step.expires_at
        start = between[0] if between else time()
        assert local.time() >= start
        before = (step.earliest - timedelta(seconds=1)).astimezone(zone)
        assert before.date() < step.occurrence or before.time() < start
        if expires:
            assert step.expires_at - step.earliest == expires
        else:
            assert step.expires_at.astimezone(zone).date() > step.occurrence
            assert (step.expires_at - timedelta(seconds=1)).astimezone(zone).date() <= step.occurrence


@given(DATES, ZONES, HOURS, st.integers(0, 1439), st.integers(1, 60))
@settings(deadline=None)
def test_the_next_wish_is_the_first_that_fits(
    day: date, zone: ZoneInfo, hours: tuple[int, int], minute: int, quarters: int
) -> None:
    step = replace(BASIC.steps[0], between=(clock(hours[0]), clock(hours[1])))
    since = datetime.combine(day, clock(minute), UTC)
    until = since + timedelta(minutes=15 * quarters)
    wish = next_wish(step, zone=zone, not_before=since, expires_at=until)

    def fits(instant: datetime) -> bool:
        return clock(hours[0]) <= instant.astimezone(zone).time() < clock(hours[1])

    every = (since + timedelta(minutes=offset) for offset in range(15 * quarters))
    assert wish == next((instant for instant in every if fits(instant)), None)


def test_the_day_that_a_zone_left_out_has_no_steps() -> None:
    step = replace(BASIC.steps[0], at=0)
    apia = ZoneInfo("Pacific/Apia")
    left_out = plan_installment(replace(BASIC, steps=(step,)), due_date=date(2011, 12, 30), zone=apia, now=LONG_AGO)
    assert left_out == []
