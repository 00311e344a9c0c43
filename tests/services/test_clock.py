"""Clocks: aware, in UTC, and only forward."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from services.clock import FakeClock, RehearsalClock, SystemClock, clock_from
from services.settings import Settings

START = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def test_system_clock_reads_aware_utc_and_never_goes_back() -> None:
    clock = SystemClock()
    first, second = clock.now(), clock.now()
    assert first.tzinfo is UTC
    assert first <= second
    assert clock.monotonic() <= clock.monotonic()


def test_rehearsal_clock_starts_where_told_and_runs_on() -> None:
    clock = RehearsalClock(START)
    first = clock.now()
    assert START <= first < START + timedelta(minutes=1)
    while clock.now() == first:
        pass
    assert clock.now() > first


def test_rehearsal_clock_turns_any_zone_into_utc() -> None:
    clock = RehearsalClock(START.astimezone(timezone(timedelta(hours=-6))))
    assert clock.now().tzinfo is UTC
    assert clock.now() - START < timedelta(minutes=1)


def test_fake_clock_stands_still_until_advanced() -> None:
    clock = FakeClock(START)
    assert clock.now() == clock.now() == START
    assert clock.advance(timedelta(hours=2)) == START + timedelta(hours=2)
    assert clock.monotonic() == 7200


def test_fake_clock_refuses_to_go_back() -> None:
    with pytest.raises(ValueError, match="only goes forward"):
        FakeClock(START).advance(timedelta(seconds=-1))


def test_a_clock_refuses_an_instant_without_a_zone() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        FakeClock(START.replace(tzinfo=None))


def test_settings_choose_the_clock() -> None:
    assert isinstance(clock_from(Settings.load()), SystemClock)
    rehearsal = clock_from(Settings.load(now=START))
    assert isinstance(rehearsal, RehearsalClock)
    assert rehearsal.now() - START < timedelta(minutes=1)
