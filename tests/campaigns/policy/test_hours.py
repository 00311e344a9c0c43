"""Hours and closed days of every pack, to the second, as law alone sees them."""

from datetime import UTC, datetime, time

import pytest

from campaigns.facts import ConsentFact, PreferredWindow
from schemas.enums import Channel, Collector, ConsentState, CreditorType, Purpose, Verdict
from tests.campaigns.policy.conftest import Asked

GRANTED = [
    ConsentFact(channel, Purpose.COLLECTIONS, ConsentState.GRANTED, datetime(2025, 1, 1, tzinfo=UTC))
    for channel in Channel
]
COMMERCIAL_AGENCY = {"creditor_type": CreditorType.COMMERCIAL_ENTITY, "collector": Collector.THIRD_PARTY}
AGENCY = {"collector": Collector.THIRD_PARTY}

# jurisdiction, at, zone, first permitted instant (the same: allowed), end of the span
EDGES = [
    ("MX", "2026-07-15T12:59:59Z", "America/Mexico_City", "2026-07-15T13:00:00Z", None),
    ("MX", "2026-07-15T13:00:00Z", "America/Mexico_City", "2026-07-15T13:00:00Z", "2026-07-16T04:00:00Z"),
    ("MX", "2026-07-16T03:59:59.999999Z", "America/Mexico_City", "2026-07-16T03:59:59.999999Z", "2026-07-16T04:00:00Z"),
    ("MX", "2026-07-16T04:00:00Z", "America/Mexico_City", "2026-07-16T13:00:00Z", None),
    ("MX", "2026-07-18T18:00:00Z", "America/Mexico_City", "2026-07-18T18:00:00Z", "2026-07-19T04:00:00Z"),  # Saturday
    ("MX", "2026-12-25T18:00:00Z", "America/Mexico_City", "2026-12-25T18:00:00Z", "2026-12-26T04:00:00Z"),  # Christmas
    ("MX", "2026-01-15T14:59:59Z", None, "2026-01-15T15:00:00Z", None),  # 09:00 in the capital, 07:00 in Tijuana
    ("MX", "2026-01-15T15:00:00Z", None, "2026-01-15T15:00:00Z", "2026-01-16T03:00:00Z"),
    ("MX", "2026-07-15T14:00:00Z", None, "2026-07-15T14:00:00Z", "2026-07-16T03:00:00Z"),
    ("MX", "2027-01-01T04:00:00Z", "America/Mexico_City", "2027-01-01T13:00:00Z", None),  # over the year's end
    ("CO", "2026-07-13T15:00:00Z", None, "2026-07-14T12:00:00Z", None),  # the new Monday of Chiquinquirá
    ("CO", "2026-07-09T15:00:00Z", None, "2026-07-09T15:00:00Z", "2026-07-10T00:00:00Z"),  # its original date
    ("CO", "2026-07-11T13:00:00Z", None, "2026-07-11T13:00:00Z", "2026-07-11T20:00:00Z"),  # Saturday
    ("CO", "2026-07-11T20:00:00Z", None, "2026-07-14T12:00:00Z", None),  # Saturday 15:00, then Sunday and holiday
    ("CO", "2027-05-01T15:00:00Z", None, "2027-05-03T12:00:00Z", None),  # a holiday on a Saturday
    ("CO", "2026-12-31T23:59:59Z", None, "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z"),
    ("CO", "2027-01-01T00:00:00Z", None, "2027-01-02T13:00:00Z", None),
    ("CO", "2028-02-29T12:00:00Z", None, "2028-02-29T12:00:00Z", "2028-03-01T00:00:00Z"),  # a leap day
    ("CL", "2026-07-18T12:00:00Z", "America/Santiago", "2026-07-18T12:00:00Z", "2026-07-19T00:00:00Z"),  # Saturday
    ("CL", "2027-05-01T15:00:00Z", "America/Santiago", "2027-05-03T12:00:00Z", None),  # Saturday, but a holiday
    ("CL", "2026-09-05T23:59:59Z", "America/Santiago", "2026-09-05T23:59:59Z", "2026-09-06T00:00:00Z"),
    ("CL", "2026-09-06T04:30:00Z", "America/Santiago", "2026-09-07T11:00:00Z", None),  # the clock went forward
    ("CL", "2026-04-05T03:30:00Z", "America/Santiago", "2026-04-06T12:00:00Z", None),  # 23:30 for the second time
    ("CL", "2026-01-15T12:59:59Z", None, "2026-01-15T13:00:00Z", None),  # Easter Island
    ("CL", "2026-07-15T14:00:00Z", None, "2026-07-15T14:00:00Z", "2026-07-15T23:00:00Z"),
    ("PE", "2026-07-23T15:00:00Z", None, "2026-07-24T12:00:00Z", None),  # a Thursday holiday
    ("PE", "2026-07-25T15:00:00Z", None, "2026-07-27T12:00:00Z", None),  # Saturday
    ("PE", "2026-07-28T00:59:59Z", None, "2026-07-28T00:59:59Z", "2026-07-28T01:00:00Z"),
    ("PE", "2026-07-28T01:00:00Z", None, "2026-07-30T12:00:00Z", None),  # then two holidays
    ("EC", "2026-05-25T15:00:00Z", "America/Guayaquil", "2026-05-26T12:00:00Z", None),  # moved from Sunday to Monday
    ("EC", "2027-08-09T15:00:00Z", "America/Guayaquil", "2027-08-10T12:00:00Z", None),  # moved: the 10th is open
    ("EC", "2027-12-24T15:00:00Z", "America/Guayaquil", "2027-12-27T12:00:00Z", None),
    ("EC", "2027-12-31T15:00:00Z", "America/Guayaquil", "2028-01-03T12:00:00Z", None),  # New Year's, moved back a year
    ("EC", "2026-07-15T12:59:59Z", None, "2026-07-15T13:00:00Z", None),  # Galápagos
    ("DO", "2026-07-18T13:00:00Z", None, "2026-07-18T13:00:00Z", "2026-07-18T17:00:00Z"),  # Saturday
    ("DO", "2026-01-06T15:00:00Z", None, "2026-01-06T15:00:00Z", "2026-01-07T00:00:00Z"),  # Epiphany was moved ...
    ("DO", "2026-01-05T15:00:00Z", None, "2026-01-06T11:00:00Z", None),  # ... to the day before
    ("US-FL", "2026-03-08T11:59:59Z", "America/New_York", "2026-03-08T12:00:00Z", None),  # the clock went forward
    ("US-FL", "2026-11-01T13:00:00Z", "America/New_York", "2026-11-01T13:00:00Z", "2026-11-02T02:00:00Z"),
    ("US-FL", "2026-07-15T12:59:59Z", None, "2026-07-15T13:00:00Z", None),  # Eastern and Central
    ("US-FL", "2026-07-15T13:00:00Z", None, "2026-07-15T13:00:00Z", "2026-07-16T01:00:00Z"),
    ("US-MA", "2026-07-15T11:59:59Z", None, "2026-07-15T12:00:00Z", None),
    ("BR-SP", "2026-07-18T11:00:00Z", None, "2026-07-18T11:00:00Z", "2026-07-18T17:00:00Z"),  # Saturday
    ("BR-SP", "2026-07-09T15:00:00Z", None, "2026-07-10T11:00:00Z", None),  # the state's own holiday
    ("BR-SP", "2026-02-17T15:00:00Z", None, "2026-02-19T11:00:00Z", None),  # Carnival, Ash Wednesday
    ("BR-RJ", "2026-07-18T15:00:00Z", None, "2026-07-20T12:00:00Z", None),
    ("BR-ES", "2026-07-15T10:59:59Z", None, "2026-07-15T11:00:00Z", None),
    ("BR-AM", "2026-07-15T12:59:59Z", None, "2026-07-15T13:00:00Z", None),  # the west of the state is an hour behind
    ("BR-AL", "2026-07-18T16:59:59Z", None, "2026-07-18T16:59:59Z", "2026-07-18T17:00:00Z"),
]


@pytest.mark.parametrize(("jurisdiction", "at", "zone", "first", "end"), EDGES)
def test_law_opens_and_closes_to_the_second(
    ask: Asked, jurisdiction: str, at: str, zone: str | None, first: str, end: str | None
) -> None:
    decision = ask(jurisdiction, at, timezone=zone, consents=GRANTED)
    assert decision.not_before == datetime.fromisoformat(first)
    assert decision.not_after == (None if end is None else datetime.fromisoformat(end))
    assert decision.verdict is (Verdict.ALLOW if at == first else Verdict.DEFER)


@pytest.mark.parametrize(
    ("region", "at", "first"),
    [
        ("MX-CHH", "2026-07-15T12:59:59Z", "2026-07-15T13:00:00Z"),
        ("MX-CHH", "2026-07-16T02:59:59Z", "2026-07-16T02:59:59Z"),
        ("MX-CHH", "2026-07-16T03:00:00Z", "2026-07-16T13:00:00Z"),  # 22:00 in Ojinaga, 21:00 in Chihuahua
        ("MX-NAY", "2026-07-15T13:00:00Z", "2026-07-15T14:00:00Z"),
        ("MX-JAL", "2026-07-15T13:00:00Z", "2026-07-15T13:00:00Z"),
        ("MX-XXX", "2026-07-15T13:00:00Z", "2026-07-15T14:00:00Z"),  # not a region: the whole country
    ],
)
def test_without_a_zone_every_zone_of_the_region_must_permit(ask: Asked, region: str, at: str, first: str) -> None:
    assert ask("MX", at, region=region).not_before == datetime.fromisoformat(first)


@pytest.mark.parametrize("zone", ["Not/AZone", "", "../../etc/passwd", "mexico"])
def test_a_zone_that_does_not_exist_is_an_unknown_zone(ask: Asked, zone: str) -> None:
    assert ask("MX", "2026-01-15T14:00:00Z", timezone=zone) == ask("MX", "2026-01-15T14:00:00Z")


@pytest.mark.parametrize("phone", ["+525512345678", "+19175550123", None])
def test_a_phone_number_never_loosens_an_answer(ask: Asked, phone: str | None) -> None:
    assert ask("MX", "2026-01-15T14:00:00Z", phone=phone).verdict is Verdict.DEFER


def test_a_known_zone_decides_alone(ask: Asked) -> None:
    decision = ask("MX", "2026-01-15T12:00:00Z", timezone="America/Cancun", region="MX-BCN", phone="+526641234567")
    assert decision.verdict is Verdict.ALLOW


@pytest.mark.parametrize(
    ("creditor", "verdict"),
    [
        ({}, Verdict.ALLOW),
        (AGENCY, Verdict.ALLOW),
        ({"creditor_type": CreditorType.COMMERCIAL_ENTITY}, Verdict.ALLOW),
        (COMMERCIAL_AGENCY, Verdict.DEFER),
    ],
)
def test_mexico_keeps_agencies_of_commercial_entities_to_working_days(
    ask: Asked, creditor: dict[str, object], verdict: Verdict
) -> None:
    assert ask("MX", "2026-07-18T18:00:00Z", timezone="America/Mexico_City", **creditor).verdict is verdict


def test_reg_f_hours_bind_agencies_and_leave_creditors_alone(ask: Asked) -> None:
    night = "2026-07-15T03:00:00Z"
    own = ask("US", night, timezone="America/New_York", channel=Channel.VOICE)
    assert (own.verdict, own.not_after) == (Verdict.ALLOW, None)
    agency = ask("US", night, timezone="America/New_York", channel=Channel.EMAIL, **AGENCY)
    assert agency.not_before == datetime.fromisoformat("2026-07-15T12:00:00Z")


def test_florida_leaves_a_creditors_email_alone_and_not_its_messages(ask: Asked) -> None:
    night, zone = "2026-07-15T03:00:00Z", "America/New_York"
    assert ask("US-FL", night, timezone=zone, channel=Channel.EMAIL).verdict is Verdict.ALLOW
    assert ask("US-FL", night, timezone=zone, channel=Channel.SMS).verdict is Verdict.DEFER
    assert ask("US-FL", night, timezone=zone, channel=Channel.EMAIL, **AGENCY).verdict is Verdict.DEFER


def test_the_united_states_without_a_place_include_alaska_and_hawaii(ask: Asked) -> None:
    call = {"channel": Channel.VOICE, **AGENCY}
    assert ask("US", "2026-01-15T17:59:59Z", **call).not_before == datetime.fromisoformat("2026-01-15T18:00:00Z")
    assert ask("US", "2026-07-15T18:00:00Z", **call).not_after == datetime.fromisoformat("2026-07-16T01:00:00Z")


def test_brazil_sets_no_federal_hours_but_the_lender_does(ask: Asked) -> None:
    night, both = "2026-07-15T03:00:00Z", frozenset({"law", "policy"})
    assert ask("BR", night, timezone="America/Sao_Paulo").verdict is Verdict.ALLOW
    day = ask("BR", "2026-07-15T15:00:00Z", timezone="America/Sao_Paulo", layers=both)
    assert day.not_after == datetime.fromisoformat("2026-07-15T22:00:00Z")
    assert ask("BR", night, timezone="America/Sao_Paulo", layers=both).verdict is Verdict.DEFER


def test_a_regions_own_holiday_closes_there_and_only_there(ask: Asked) -> None:
    noon = "2027-06-07T16:00:00Z"
    assert ask("CL", noon, region="CL-AP").reasons[0].rule == "cl-holiday"
    assert ask("CL", noon, region="CL-RM").verdict is Verdict.ALLOW


@pytest.mark.parametrize(
    ("start", "end", "at", "first", "not_after"),
    [
        ("18:00", "20:00", "2026-07-15T15:00:00Z", "2026-07-15T23:00:00Z", None),
        ("18:00", "20:00", "2026-07-15T23:00:00Z", "2026-07-15T23:00:00Z", "2026-07-16T00:00:00Z"),  # law ends at 19:00
        ("09:00", "10:30", "2026-07-15T14:00:00Z", "2026-07-15T14:00:00Z", "2026-07-15T15:30:00Z"),
        ("18:00", "08:00", "2026-07-15T15:00:00Z", "2026-07-15T23:00:00Z", None),  # crosses midnight
        ("00:00", "00:00", "2026-07-15T15:00:00Z", "2026-07-15T15:00:00Z", "2026-07-16T00:00:00Z"),  # all day
    ],
)
def test_the_preferred_window_narrows_the_legal_one(
    ask: Asked, start: str, end: str, at: str, first: str, not_after: str | None
) -> None:
    window = PreferredWindow(_time(start), _time(end))
    decision = ask("CO", at, window=window, consents=GRANTED)
    assert decision.not_before == datetime.fromisoformat(first)
    assert decision.not_after == (None if not_after is None else datetime.fromisoformat(not_after))


def test_a_wish_for_the_whole_day_where_no_law_sets_hours_has_no_end(ask: Asked) -> None:
    whole = PreferredWindow(_time("00:00"), _time("00:00"))
    decision = ask("US", "2026-07-15T15:00:00Z", timezone="America/New_York", window=whole)
    assert (decision.verdict, decision.not_after) == (Verdict.ALLOW, None)


@pytest.mark.parametrize(("start", "end"), [("20:00", "23:00"), ("02:00", "03:00"), ("12:00", "12:00")])
def test_a_preference_that_never_meets_the_law_never_permits(ask: Asked, start: str, end: str) -> None:
    decision = ask("CO", "2026-07-15T15:00:00Z", window=PreferredWindow(_time(start), _time(end)), consents=GRANTED)
    assert (decision.verdict, decision.not_before) == (Verdict.DENY, None)
    assert decision.reasons[-1].rule == "preferred-window"


@pytest.mark.parametrize(
    ("at", "first"),
    [
        ("2026-11-01T05:30:00Z", "2026-11-01T05:30:00Z"),  # 01:30, the first time
        ("2026-11-01T06:30:00Z", "2026-11-01T06:30:00Z"),  # 01:30 again
        ("2026-11-01T07:30:00Z", "2026-11-02T06:00:00Z"),  # 02:30
        ("2026-03-08T06:59:59Z", "2026-03-08T06:59:59Z"),  # 01:59:59, then the clock shows 03:00
        ("2026-03-08T07:00:00Z", "2026-03-09T05:00:00Z"),
    ],
)
def test_a_window_across_a_clock_change_is_judged_by_what_the_clock_shows(ask: Asked, at: str, first: str) -> None:
    decision = ask("US", at, timezone="America/New_York", window=PreferredWindow(_time("01:00"), _time("02:00")))
    assert decision.not_before == datetime.fromisoformat(first)


def _time(text: str) -> time:
    return time.fromisoformat(text)


def test_each_wish_at_one_instant_has_its_own_answer(ask: Asked) -> None:
    windows = [None, PreferredWindow(_time("09:00"), _time("12:00")), PreferredWindow(_time("15:00"), _time("16:00"))]
    asked = [ask("CO", "2026-07-15T15:00:00Z", window=window, consents=GRANTED) for window in (*windows, *windows)]
    verdicts = [Verdict.ALLOW, Verdict.ALLOW, Verdict.DEFER]
    assert [decision.verdict for decision in asked] == verdicts * 2
    assert asked[:3] == asked[3:]
    assert asked[0].not_after != asked[1].not_after
