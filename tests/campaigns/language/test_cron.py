"""Calendars of five fields."""

from contextlib import suppress
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.cron import CronError, parse_cron

YEAR = [date(2028, 1, 1) + timedelta(days=day) for day in range(366)]


def days(text: str) -> list[date]:
    """The dates of a leap year on which it comes."""
    cron = parse_cron(text)
    return [day for day in YEAR if cron.matches(day)]


def test_the_first_of_each_month() -> None:
    assert parse_cron("0 10 1 * *").at == time(10)
    assert days("0 10 1 * *") == [date(2028, month, 1) for month in range(1, 13)]


@pytest.mark.parametrize("monday", ["1", "mon", "MON", "1-1"])
def test_weekdays(monday: str) -> None:
    assert all(day.weekday() == 0 for day in days(f"30 9 * * {monday}"))
    assert len(days(f"30 9 * * {monday}")) == 52


@pytest.mark.parametrize("sunday", ["0", "7", "sun"])
def test_sunday_has_three_names(sunday: str) -> None:
    assert all(day.weekday() == 6 for day in days(f"0 9 * * {sunday}"))


def test_two_day_fields_are_joined_by_or() -> None:
    assert days("0 9 13 * fri") == [day for day in YEAR if day.day == 13 or day.weekday() == 4]


def test_a_star_with_a_step_is_no_restriction_of_its_own() -> None:
    assert days("0 9 */2 * fri") == [day for day in YEAR if day.day % 2 == 1 and day.weekday() == 4]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 9 1,15 * *", {1, 15}),
        ("0 9 1-7/2 * *", {1, 3, 5, 7}),
        ("0 9 25/5 * *", {25, 30}),
        ("0 9 29 feb *", {29}),
    ],
)
def test_lists_ranges_and_steps(text: str, expected: set[int]) -> None:
    assert {day.day for day in days(text)} == expected


FAULTS = [
    ("0 10 1 *", "a cron has 5 fields (minute hour day month weekday), this one has 4"),
    ("@daily", "a cron has 5 fields (minute hour day month weekday), this one has 1"),
    ("60 10 1 * *", "the minute must be from 0 to 59, not '60'"),
    ("0 24 1 * *", "the hour must be from 0 to 23, not '24'"),
    ("0 10 0 * *", "the day must be from 1 to 31, not '0'"),
    ("0 10 1 13 *", "the month must be from 1 to 12, not '13'"),
    ("0 10 1 * 8", "the weekday must be from 0 to 7, not '8'"),
    ("0 10 L * *", "the day must be from 1 to 31, not 'L'"),
    ("0 10 9-3 * *", "the range '9-3' of the day runs backwards"),
    ("0 10 */0 * *", "the day must be from 1 to 31, not '0'"),
    ("*/5 10 1 * *", "the minute must be one number: a campaign comes at most once a day"),
    ("0 9,18 * * *", "the hour must be one number: a campaign comes at most once a day"),
    ("0 10 30 2 *", "no month of this cron has such a day, so it never comes"),
]


@pytest.mark.parametrize(("text", "expected"), FAULTS, ids=[text for text, _ in FAULTS])
def test_faults(text: str, expected: str) -> None:
    with pytest.raises(CronError) as raised:
        parse_cron(text)
    assert str(raised.value) == expected


@given(st.text(st.sampled_from("0123456789*/,- monfrijan"), max_size=25))
def test_any_text_is_a_calendar_that_comes_or_a_fault(text: str) -> None:
    with suppress(CronError):
        cron = parse_cron(text)
        assert any(cron.matches(date(year, 1, 1) + timedelta(days=day)) for year in (2028, 2029) for day in range(366))
