"""Tricky cases of clocks and calendars that the policy alone decides; the others are in tests/services/engine."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from campaigns.facts import (
    ConsentFact,
    ContactFact,
    ContactRequest,
    EmergencyClosure,
    PreferredWindow,
)
from campaigns.packs import Packs
from campaigns.policy import ContactPolicy
from campaigns.zones import day_number, zone_clock
from schemas.enums import Channel, Collector, ConsentState, Purpose, Verdict
from tests.campaigns.policy.conftest import NOW, Asked

SMS, WHATSAPP, EMAIL, VOICE = Channel.SMS, Channel.WHATSAPP, Channel.EMAIL, Channel.VOICE
BOTH = frozenset({"law", "policy"})
AGENCY = {"collector": Collector.THIRD_PARTY}
GRANTED = [
    ConsentFact(channel, Purpose.COLLECTIONS, ConsentState.GRANTED, datetime(2025, 1, 1, tzinfo=UTC))
    for channel in Channel
]
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
CAPITAL = {"timezone": "America/Mexico_City"}


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _past(at: str, channel: Channel = SMS, loan: str | None = "L-1", *, spoken: bool = False) -> ContactFact:
    return ContactFact(_at(at), channel, loan, "delivered", spoken)


def test_01_a_wall_time_that_does_not_exist_waits_for_the_next_lawful_hour(ask: Asked) -> None:
    clock = zone_clock("America/Santiago")
    assert clock is not None
    gap = day_number(date(2026, 9, 6))
    assert clock.day_start(gap) == _at("2026-09-06T04:00:00Z").timestamp()  # 01:00: there is no earlier instant
    assert clock.spans(gap, 0, 3600) == ()
    decision = ask("CL", "2026-09-06T04:30:00Z", timezone="America/Santiago")
    assert decision.not_before == _at("2026-09-07T11:00:00Z")


@pytest.mark.parametrize("second", ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-11-02T04:59:59Z"])
def test_02_a_day_of_25_hours_is_one_day_for_a_cap(ask: Asked, second: str) -> None:
    history = [_past("2026-11-01T04:00:00Z")]  # midnight in New York
    decision = ask("US", second, timezone="America/New_York", history=history, layers=BOTH)
    assert decision.not_before == _at("2026-11-02T05:00:00Z")


def test_03_a_rolling_week_is_168_hours_over_a_clock_change_and_the_calendars_week_is_local(ask: Asked) -> None:
    calls = [_past("2026-10-27T14:00:00Z", VOICE), _past("2026-10-27T15:00:00Z", VOICE)]
    request = {"timezone": "America/New_York", "channel": VOICE, "loan": "L-1", "history": calls}
    assert ask("US-MA", "2026-11-02T15:00:00Z", **request).not_before == _at("2026-11-03T14:00:00Z")  # 09:00, not 10:00


def test_04_an_unknown_zone_means_every_zone_and_what_never_fits_is_never_sent(ask: Asked) -> None:
    assert ask("MX", "2026-01-15T14:59:59Z").not_before == _at("2026-01-15T15:00:00Z")
    nowhere = PreferredWindow(_at("2026-01-01T21:30:00Z").time(), _at("2026-01-01T22:00:00Z").time())
    assert ask("MX", "2026-01-15T16:00:00Z", window=nowhere).verdict is Verdict.DENY


def test_05_the_lender_heeds_the_numbers_zone_beside_the_addresss_unless_the_zone_is_declared(ask: Asked) -> None:
    tijuana = ("America/Tijuana",)
    yucatan = {"region": "MX-YUC", "number_zones": tijuana}
    early = "2026-07-15T14:30:00Z"  # 08:30 in Mérida, 07:30 in Tijuana
    assert ask("MX", early, layers=BOTH, **yucatan).not_before == _at("2026-07-15T15:00:00Z")
    assert ask("MX", early, **yucatan).verdict is Verdict.ALLOW  # the law asks for the place alone
    declared = {"timezone": "America/Merida", **yucatan}
    assert ask("MX", early, layers=BOTH, **declared).verdict is Verdict.ALLOW
    assert ask("MX", "2026-07-15T16:00:00Z", layers=BOTH, **yucatan).not_after == _at("2026-07-16T04:00:00Z")


@pytest.mark.parametrize(
    ("jurisdiction", "region", "first"),
    [
        ("MX", "MX-CHH", "2026-07-15T13:00:00Z"),
        ("MX", "MX-TAM", "2026-07-15T13:00:00Z"),
        ("US", "US-AL", "2026-07-15T13:00:00Z"),
        ("US", "US-IN", "2026-07-15T13:00:00Z"),
        ("US", "US-FL", "2026-07-15T13:00:00Z"),
        ("US", "US-TX", "2026-07-15T14:00:00Z"),
    ],
)
def test_06_a_border_region_waits_for_the_later_of_its_clocks(
    ask: Asked, jurisdiction: str, region: str, first: str
) -> None:
    assert ask(jurisdiction, "2026-07-15T10:00:00Z", region=region, **AGENCY).not_before == _at(first)


def test_07_a_debtor_abroad_is_under_both_packs_and_a_missing_pack_denies(policy: ContactPolicy, ask: Asked) -> None:
    assert policy.jurisdictions("CO", "US", "US-FL") == ("CO", "US-FL")
    sunday = ask(("CO", "US-FL"), "2026-07-12T15:00:00Z", timezone="America/New_York", consents=GRANTED)
    assert sunday.verdict is Verdict.DEFER
    assert ask(policy.jurisdictions("CO", "AR", None), "2026-07-15T15:00:00Z", consents=GRANTED).verdict is Verdict.DENY


def test_08_a_holiday_on_a_saturday_closes_it(ask: Asked) -> None:
    assert ask("CO", "2027-05-01T14:00:00Z", consents=GRANTED).reasons[0].rule == "co-holiday"


def test_09_of_a_moved_holiday_only_the_observed_date_is_closed(ask: Asked) -> None:
    assert ask("CO", "2026-07-09T15:00:00Z", consents=GRANTED).verdict is Verdict.ALLOW
    assert ask("CO", "2026-07-13T15:00:00Z", consents=GRANTED).verdict is Verdict.DEFER
    assert ask("US", "2026-07-04T15:00:00Z", timezone="America/New_York", **AGENCY).verdict is Verdict.ALLOW


def test_10_a_closure_declared_today_counts_from_the_next_decision_and_ends_with_its_order(
    packs: Packs, plain: ContactRequest
) -> None:
    policy = ContactPolicy(packs)
    request = replace(plain, at=_at("2026-07-15T15:00:00Z"), timezone="America/Bogota", consents=GRANTED, layers=BOTH)
    assert policy.decide(request, ("CO",), NOW).verdict is Verdict.ALLOW
    policy.close([EmergencyClosure("CO", None, date(2026, 7, 15), date(2026, 7, 16), "luto nacional")])
    closed = policy.decide(request, ("CO",), NOW)
    assert (closed.verdict, closed.not_before) == (Verdict.DEFER, _at("2026-07-17T12:00:00Z"))
    assert [(reason.rule, reason.source) for reason in closed.reasons] == [("emergency-closure", "luto nacional")]
    policy.close([])
    assert policy.decide(request, ("CO",), NOW).verdict is Verdict.ALLOW


@pytest.mark.parametrize(
    ("closed", "region", "verdict"),
    [
        ("MX-GRO", "MX-GRO", Verdict.DEFER),
        ("MX-GRO", None, Verdict.DEFER),  # they may live there
        ("MX-GRO", "MX-JAL", Verdict.ALLOW),
        (None, "MX-JAL", Verdict.DEFER),
    ],
)
def test_10_a_closure_of_one_region_leaves_the_others_open(
    packs: Packs, plain: ContactRequest, closed: str | None, region: str | None, verdict: Verdict
) -> None:
    policy = ContactPolicy(packs)
    policy.close([EmergencyClosure("MX", closed, date(2026, 7, 15), date(2026, 7, 15), "huracán")])
    request = replace(plain, at=_at("2026-07-15T18:00:00Z"), region=region, layers=BOTH)
    assert policy.decide(request, ("MX",), NOW).verdict is verdict


def test_11_while_the_region_is_unknown_the_lender_keeps_every_regions_holidays(ask: Asked) -> None:
    arica = "2027-06-07T16:00:00Z"
    assert ask("CL", arica, layers=BOTH).reasons[0].rule == "cl-policy-regional-holiday"
    assert ask("CL", arica, layers=BOTH, region="CL-RM").verdict is Verdict.ALLOW
    assert ask("CL", arica).verdict is Verdict.ALLOW
    assert ask("CL", arica, region="CL-AP").reasons[0].rule == "cl-holiday"


def test_12_the_end_of_the_hours_is_outside_them_and_the_lender_stops_five_minutes_earlier(ask: Asked) -> None:
    zone = {"timezone": "America/Bogota", "consents": GRANTED}
    assert ask("CO", "2026-07-15T23:59:59Z", **zone).verdict is Verdict.ALLOW
    assert ask("CO", "2026-07-16T00:00:00Z", **zone).verdict is Verdict.DEFER
    assert ask("CO", "2026-07-15T23:54:59Z", layers=BOTH, **zone).verdict is Verdict.ALLOW
    assert ask("CO", "2026-07-15T23:55:00Z", layers=BOTH, **zone).verdict is Verdict.DEFER


def test_13_the_last_call_is_dialled_a_quarter_of_an_hour_before_the_end(ask: Asked) -> None:
    call = {"timezone": "America/Bogota", "consents": GRANTED, "channel": VOICE, "layers": BOTH}
    assert ask("CO", "2026-07-15T23:44:59Z", **call).verdict is Verdict.ALLOW
    assert ask("CO", "2026-07-15T23:45:00Z", **call).reasons[0].rule == "co-voice-guard"
