"""Golden tables to the second: edges of weekdays, kinds of holidays, clock changes, ends of years, leap days."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from campaigns.facts import ConsentFact
from campaigns.packs import Packs
from schemas.enums import Channel, Collector, ConsentState, CreditorType, Purpose, Verdict
from tests.campaigns.policy.conftest import Asked

MONDAY = date(2026, 10, 19)  # a week without a holiday in any of these places
AGENCY = {"collector": Collector.THIRD_PARTY}
SHOP = {"collector": Collector.THIRD_PARTY, "creditor_type": CreditorType.COMMERCIAL_ENTITY}
SECOND = timedelta(seconds=1)
GRANTED = [
    ConsentFact(channel, Purpose.COLLECTIONS, ConsentState.GRANTED, datetime.fromisoformat("2025-01-01T00:00:00Z"))
    for channel in Channel
]
# jurisdiction, zone, who asks, hours of Monday to Sunday
HOURS = [
    ("MX", "America/Mexico_City", {}, ["07-22"] * 7),
    ("MX", "America/Tijuana", {}, ["07-22"] * 7),
    ("MX", "America/Mexico_City", SHOP, ["07-22"] * 5 + ["", ""]),
    ("CO", "America/Bogota", {}, ["07-19"] * 5 + ["08-15", ""]),
    ("CL", "America/Santiago", {}, ["08-20"] * 6 + [""]),
    ("CL", "Pacific/Easter", {}, ["08-20"] * 6 + [""]),
    ("PE", "America/Lima", {}, ["07-20"] * 5 + ["", ""]),
    ("EC", "America/Guayaquil", {}, ["07-20"] * 5 + ["", ""]),
    ("EC", "Pacific/Galapagos", {}, ["07-20"] * 5 + ["", ""]),
    ("DO", "America/Santo_Domingo", {}, ["07-20"] * 5 + ["09-13", ""]),
    ("US", "America/New_York", AGENCY, ["08-21"] * 7),
    ("US", "Pacific/Honolulu", AGENCY, ["08-21"] * 7),
    ("US-FL", "America/New_York", {}, ["08-21"] * 7),
    ("US-MA", "America/New_York", {}, ["08-21"] * 7),
    ("BR-SP", "America/Sao_Paulo", {}, ["08-20"] * 5 + ["08-14", ""]),
    ("BR-AL", "America/Maceio", {}, ["08-20"] * 5 + ["08-14", ""]),
    ("BR-RJ", "America/Sao_Paulo", {}, ["09-19"] * 5 + ["", ""]),
    ("BR-ES", "America/Sao_Paulo", {}, ["08-19"] * 5 + ["", ""]),
    ("BR-AM", "America/Manaus", {}, ["08-19"] * 5 + ["", ""]),
]


@pytest.mark.parametrize(("jurisdiction", "zone", "who", "hours"), HOURS)
def test_every_weekday_opens_and_closes_to_the_second(
    ask: Asked, jurisdiction: str, zone: str, who: dict[str, object], hours: list[str]
) -> None:
    for number, span in enumerate(hours):
        day = MONDAY + timedelta(days=number)
        if not span:
            for hour in (0, 7, 12, 19, 23):
                at = datetime.combine(day, time(hour), ZoneInfo(zone))
                assert (
                    ask(jurisdiction, at.isoformat(), timezone=zone, consents=GRANTED, **who).verdict is Verdict.DEFER
                )
            continue
        opens, closes = (datetime.combine(day, time(int(part)), ZoneInfo(zone)) for part in span.split("-"))
        for at, verdict in (
            (opens - SECOND, Verdict.DEFER),
            (opens, Verdict.ALLOW),
            (closes - SECOND, Verdict.ALLOW),
            (closes, Verdict.DEFER),
        ):
            decision = ask(jurisdiction, at.isoformat(), timezone=zone, consents=GRANTED, **who)
            assert decision.verdict is verdict, (at, span)
            assert decision.not_after == (closes if verdict is Verdict.ALLOW else None)
        assert (
            ask(jurisdiction, (opens - SECOND).isoformat(), timezone=zone, consents=GRANTED, **who).not_before == opens
        )


# jurisdiction, zone, and closed weekdays (dates) with an open neighbour of the same kind
CLOSED = [
    ("CO", "America/Bogota", ["2026-01-12", "2026-04-02", "2026-07-13", "2027-07-12", "2028-07-10"]),
    ("CO", "America/Bogota", ["2027-05-01", "2027-08-07", "2027-12-25"]),  # Saturdays
    ("CL", "America/Santiago", ["2026-04-03", "2026-05-21", "2027-06-28", "2027-09-17", "2028-10-27"]),
    ("CL", "America/Santiago", ["2026-04-04", "2027-03-27", "2027-05-01", "2027-09-18", "2027-12-25"]),  # Saturdays
    ("PE", "America/Lima", ["2026-07-23", "2026-08-06", "2026-12-09", "2027-06-07", "2028-06-29"]),
    ("EC", "America/Guayaquil", ["2026-02-16", "2026-05-25", "2027-04-30", "2027-10-08", "2028-05-26", "2028-08-11"]),
    ("DO", "America/Santo_Domingo", ["2026-01-05", "2026-05-04", "2026-11-09", "2027-01-04", "2028-01-24"]),
    ("DO", "America/Santo_Domingo", ["2027-02-27", "2027-05-01", "2027-11-06", "2027-12-25"]),  # Saturdays
    ("BR-SP", "America/Sao_Paulo", ["2026-02-17", "2026-06-04", "2026-07-09", "2026-11-20", "2027-07-09"]),
    ("BR-RJ", "America/Sao_Paulo", ["2026-04-23", "2026-02-17", "2026-11-20"]),
]
OPEN = [
    ("CO", "America/Bogota", ["2026-07-09", "2027-07-09", "2026-01-06", "2026-08-15", "2027-06-29"]),
    ("CL", "America/Santiago", ["2027-06-29", "2028-10-12", "2028-06-29", "2026-06-08"]),
    ("PE", "America/Lima", ["2026-07-22", "2026-07-24", "2027-03-29"]),
    ("EC", "America/Guayaquil", ["2027-08-10", "2028-05-24", "2028-08-10", "2029-05-01", "2029-10-09", "2030-05-01"]),
    ("DO", "America/Santo_Domingo", ["2026-01-06", "2026-05-01", "2026-11-06", "2027-01-26", "2028-01-26"]),
    ("BR-SP", "America/Sao_Paulo", ["2026-04-23"]),
    ("BR-RJ", "America/Sao_Paulo", ["2026-07-09"]),
    ("MX", "America/Mexico_City", ["2026-09-16", "2026-12-25", "2026-05-01"]),
    ("US-FL", "America/New_York", ["2026-07-03", "2026-12-25", "2026-11-26"]),
]


@pytest.mark.parametrize(
    ("jurisdiction", "zone", "days", "verdict"),
    [(*row, Verdict.DEFER) for row in CLOSED] + [(*row, Verdict.ALLOW) for row in OPEN],
)
def test_holidays_close_their_observed_date_and_no_other(
    ask: Asked, jurisdiction: str, zone: str, days: list[str], verdict: Verdict
) -> None:
    for day in days:
        noon = datetime.combine(date.fromisoformat(day), time(12), ZoneInfo(zone))
        decision = ask(jurisdiction, noon.isoformat(), timezone=zone, consents=GRANTED)
        assert decision.verdict is verdict, day
        assert all(reason.rule.endswith("holiday") for reason in decision.reasons), day


# zone, the local date, first and last permitted instants in UTC
CHANGES = [
    ("MX", "America/Tijuana", "2026-03-07", "2026-03-07T15:00:00Z", "2026-03-08T06:00:00Z"),
    ("MX", "America/Tijuana", "2026-03-08", "2026-03-08T14:00:00Z", "2026-03-09T05:00:00Z"),  # 23 hours
    ("MX", "America/Tijuana", "2026-11-01", "2026-11-01T15:00:00Z", "2026-11-02T06:00:00Z"),  # 25 hours
    ("MX", "America/Chihuahua", "2026-03-08", "2026-03-08T13:00:00Z", "2026-03-09T04:00:00Z"),  # changes no clock
    ("US-MA", "America/New_York", "2026-03-08", "2026-03-08T12:00:00Z", "2026-03-09T01:00:00Z"),
    ("US-MA", "America/New_York", "2026-11-01", "2026-11-01T13:00:00Z", "2026-11-02T02:00:00Z"),
    ("CL", "America/Santiago", "2026-04-06", "2026-04-06T12:00:00Z", "2026-04-07T00:00:00Z"),
    ("CL", "America/Santiago", "2026-09-05", "2026-09-05T12:00:00Z", "2026-09-06T00:00:00Z"),
    ("CL", "America/Santiago", "2026-09-07", "2026-09-07T11:00:00Z", "2026-09-07T23:00:00Z"),
    ("CL", "America/Coyhaique", "2026-07-15", "2026-07-15T11:00:00Z", "2026-07-15T23:00:00Z"),
    ("MX", "America/Mexico_City", "2026-12-31", "2026-12-31T13:00:00Z", "2027-01-01T04:00:00Z"),
    ("MX", "America/Mexico_City", "2028-02-29", "2028-02-29T13:00:00Z", "2028-03-01T04:00:00Z"),
    ("CO", "America/Bogota", "2028-02-29", "2028-02-29T12:00:00Z", "2028-03-01T00:00:00Z"),
    ("PE", "America/Lima", "2031-12-31", "2031-12-31T12:00:00Z", "2032-01-01T01:00:00Z"),
]


@pytest.mark.parametrize(("jurisdiction", "zone", "day", "opens", "closes"), CHANGES)
def test_the_days_of_clock_changes_and_the_ends_of_years(
    ask: Asked, jurisdiction: str, zone: str, day: str, opens: str, closes: str
) -> None:
    midnight = datetime.combine(date.fromisoformat(day), time(), ZoneInfo(zone))
    start, end = datetime.fromisoformat(opens), datetime.fromisoformat(closes)
    assert ask(jurisdiction, midnight.isoformat(), timezone=zone, consents=GRANTED).not_before == start
    first = ask(jurisdiction, opens, timezone=zone, consents=GRANTED)
    assert (first.verdict, first.not_after) == (Verdict.ALLOW, end)
    assert ask(jurisdiction, (end - SECOND).isoformat(), timezone=zone, consents=GRANTED).verdict is Verdict.ALLOW
    assert ask(jurisdiction, closes, timezone=zone, consents=GRANTED).verdict is Verdict.DEFER


# The hours of the law without a known place, in the zone of the capital (January and July)
UNKNOWN_PLACE = [
    ("MX", {}, "America/Mexico_City", ("09:00", "21:00"), ("08:00", "21:00")),
    ("CL", {}, "America/Santiago", ("10:00", "20:00"), ("10:00", "19:00")),
    ("EC", {}, "America/Guayaquil", ("08:00", "20:00"), ("08:00", "20:00")),
    ("US", AGENCY, "America/New_York", ("13:00", "21:00"), ("14:00", "21:00")),
]


@pytest.mark.parametrize(("jurisdiction", "who", "capital", "january", "july"), UNKNOWN_PLACE)
def test_without_a_place_every_zone_of_the_country_must_permit(
    ask: Asked,
    jurisdiction: str,
    who: dict[str, object],
    capital: str,
    january: tuple[str, str],
    july: tuple[str, str],
) -> None:
    for day, (opens, closes) in ((date(2026, 1, 14), january), (date(2026, 7, 15), july)):
        start, end = (datetime.combine(day, time.fromisoformat(text), ZoneInfo(capital)) for text in (opens, closes))
        assert ask(jurisdiction, (start - SECOND).isoformat(), **who).not_before == start
        assert ask(jurisdiction, start.isoformat(), **who).not_after == end
        assert ask(jurisdiction, end.isoformat(), **who).verdict is Verdict.DEFER


def test_every_region_of_a_pack_has_zones_of_its_country(packs: Packs) -> None:
    for pack in packs.all():
        for region, zones in pack.regions.items():
            assert region.startswith(pack.id.partition("-")[0])
            assert zones
