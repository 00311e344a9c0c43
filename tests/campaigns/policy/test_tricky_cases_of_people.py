"""Tricky cases of caps, stops and people that the policy alone decides; the others are in tests/services/engine."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from campaigns.facts import (
    ConsentFact,
    ContactFact,
    ContactRequest,
    PreferredWindow,
    Recipient,
    SuppressionFact,
)
from campaigns.packs import PackProblem, load_packs
from campaigns.person import Suppression
from campaigns.policy import ContactPolicy
from campaigns.question import standing_suppressions
from campaigns.zones import TZDATA_VERSION
from schemas.enums import Basis, Channel, Collector, ConsentState, Purpose, Verdict
from tests.campaigns.policy.conftest import NOW, PACKS, Asked

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


def test_18_a_week_is_the_calendars_and_168_hours_and_both_must_be_over(ask: Asked) -> None:
    request = {"channel": VOICE, "timezone": "America/Santiago"}
    friday = [_past("2026-07-10T15:00:00Z", VOICE)]
    assert ask("CL", "2026-07-13T15:00:00Z", history=friday, **request).not_before == _at("2026-07-17T15:00:00Z")
    monday = [_past("2026-07-06T12:00:00Z", VOICE)]
    assert ask("CL", "2026-07-12T15:00:00Z", history=monday, **request).not_before == _at("2026-07-13T12:00:00Z")


def test_19_two_full_days_lie_between_two_messages_in_chile(ask: Asked) -> None:
    monday = [_past("2026-07-06T12:00:00Z")]
    wednesday = ask("CL", "2026-07-08T16:00:00Z", timezone="America/Santiago", history=monday)  # 52 hours later
    assert wednesday.not_before == _at("2026-07-09T12:00:00Z")


def test_20_colombia_has_no_fallback_to_another_channel_for_a_week_even_after_a_failure(ask: Asked) -> None:
    undelivered = [ContactFact(_at("2026-07-06T15:00:00Z"), WHATSAPP, "L-1", "rejected")]
    decision = ask("CO", "2026-07-07T15:00:00Z", history=undelivered, consents=GRANTED)
    assert (decision.reasons[0].rule, decision.not_before) == ("co-one-channel-a-week", _at("2026-07-14T12:00:00Z"))


def test_21_in_colombia_two_debts_are_one_contact_a_day(ask: Asked) -> None:
    other = [_past("2026-07-15T13:00:00Z", loan="L-2")]
    assert ask("CO", "2026-07-15T18:00:00Z", loan="L-1", history=other, consents=GRANTED).verdict is Verdict.DEFER


def test_22_in_the_united_states_each_debt_has_its_own_calls_and_the_person_one_message_a_day(ask: Asked) -> None:
    calls = [_past(f"2026-07-14T{hour}:00:00Z", VOICE, "L-2") for hour in range(13, 20)]
    request = {"timezone": "America/New_York", "loan": "L-1", **AGENCY}
    assert ask("US", "2026-07-15T16:00:00Z", channel=VOICE, history=calls, **request).verdict is Verdict.ALLOW
    mails = [_past("2026-07-15T13:00:00Z", EMAIL, "L-2")]
    by_mail = ask("US", "2026-07-15T16:00:00Z", channel=EMAIL, history=mails, layers=BOTH, **request)
    assert by_mail.reasons[0].rule == "us-policy-one-message-a-day"


def test_23_a_conversation_whoever_called_ends_an_agencys_calls_about_that_debt_for_seven_days(ask: Asked) -> None:
    spoken = [_past("2026-07-06T20:00:00Z", VOICE, spoken=True)]
    request = {"timezone": "America/New_York", "channel": VOICE, "history": spoken, "loan": "L-1"}
    sunday = ask("US", "2026-07-12T16:00:00Z", **request, **AGENCY)
    assert (sunday.reasons[0].rule, sunday.not_before) == (
        "us-seven-days-after-conversation",
        _at("2026-07-13T12:00:00Z"),  # the day of the conversation is the first of the seven
    )
    assert ask("US", "2026-07-12T16:00:00Z", **{**request, "loan": "L-2"}, **AGENCY).verdict is Verdict.ALLOW
    assert ask("US", "2026-07-12T16:00:00Z", **{**request, "channel": EMAIL}, **AGENCY).verdict is Verdict.ALLOW
    assert ask("US", "2026-07-12T16:00:00Z", **request).verdict is Verdict.ALLOW  # a creditor is not bound
    attempted = {**request, "history": [_past("2026-07-06T20:00:00Z", VOICE)]}
    assert ask("US", "2026-07-12T16:00:00Z", **attempted, **AGENCY).verdict is Verdict.ALLOW


def test_26_a_stop_of_a_channel_holds_for_the_person_on_every_loan_and_by_no_other_channel(ask: Asked) -> None:
    stop = [SuppressionFact("channel", "opt_out", LONG_AGO, channel=SMS)]
    for loan in ("L-1", "L-2", None):
        assert ask("MX", "2026-07-15T18:00:00Z", suppressions=stop, loan=loan, **CAPITAL).verdict is Verdict.DENY
    assert ask("MX", "2026-07-15T18:00:00Z", suppressions=stop, channel=EMAIL, **CAPITAL).verdict is Verdict.ALLOW


@pytest.mark.parametrize(("lifter", "standing"), [("reply", 0), ("core", 1), ("directory", 1)])
def test_29_only_the_debtor_takes_a_stop_back_and_no_import_does(lifter: str, standing: int) -> None:
    stop = Suppression("suppress", "channel", "opt_out", LONG_AGO, None, "sms", None, None, "reply")
    lift = replace(stop, kind="lift", since=LONG_AGO + timedelta(days=1), source=lifter)
    assert len(standing_suppressions([stop, lift])) == standing


def test_30_a_reply_at_night_allows_no_new_demand_at_night(ask: Asked) -> None:
    assert ask("MX", "2026-07-16T04:30:00Z", layers=BOTH, **CAPITAL).not_before == _at("2026-07-16T14:00:00Z")


@pytest.mark.parametrize("jurisdiction", ["CO", "MX", "PE", "EC", "CL"])
def test_31_a_wish_for_a_later_hour_widens_nothing(ask: Asked, jurisdiction: str) -> None:
    late = PreferredWindow(_at("2026-01-01T22:30:00Z").time(), _at("2026-01-01T23:30:00Z").time())
    decision = ask(jurisdiction, "2026-07-15T03:45:00Z", window=late, consents=GRANTED)
    assert decision.verdict is Verdict.DENY


def test_32_a_narrower_wish_is_honoured_at_once(ask: Asked) -> None:
    evening = PreferredWindow(_at("2026-01-01T18:00:00Z").time(), _at("2026-01-01T20:00:00Z").time())
    decision = ask("MX", "2026-07-15T18:00:00Z", window=evening, **CAPITAL)
    assert (decision.not_before, decision.reasons[0].basis) == (_at("2026-07-16T00:00:00Z"), Basis.PREFERENCE)


@pytest.mark.parametrize("jurisdiction", ["MX", "CO", "CL", "PE", "EC", "DO", "US", "BR"])
def test_33_guarantors_and_joint_debtors_may_be_asked_and_34_nobody_else(ask: Asked, jurisdiction: str) -> None:
    noon = {"consents": GRANTED, "timezone": "America/Bogota", "layers": BOTH}
    for recipient in Recipient:
        obliged = recipient in (Recipient.DEBTOR, Recipient.CO_DEBTOR, Recipient.GUARANTOR)
        verdict = ask(jurisdiction, "2026-07-15T16:00:00Z", recipient=recipient, **noon).verdict
        assert verdict is (Verdict.ALLOW if obliged else Verdict.DENY)


@pytest.mark.parametrize(
    ("jurisdiction", "flag", "collections", "marketing"),
    [
        ("MX", "REUS", Verdict.ALLOW, Verdict.DENY),
        ("MX", "repep", Verdict.ALLOW, Verdict.DENY),
        ("CO", "RNE", Verdict.ALLOW, Verdict.DENY),
        ("CL", "no-molestar", Verdict.ALLOW, Verdict.DENY),
        ("PE", "GRACIAS_NO_INSISTA", Verdict.ALLOW, Verdict.DENY),
        ("BR", "Nao Me Perturbe", Verdict.ALLOW, Verdict.DENY),
        ("BR-SP", "NÃO ME LIGUE", Verdict.DENY, Verdict.DENY),
        ("US", "DNC", Verdict.ALLOW, Verdict.DENY),
        ("MX", "a register of another place", Verdict.DENY, Verdict.DENY),
    ],
)
def test_37_advertising_registers_stop_offers_and_leave_debts_alone(
    ask: Asked, jurisdiction: str, flag: str, collections: Verdict, marketing: Verdict
) -> None:
    for purpose, verdict in ((Purpose.COLLECTIONS, collections), (Purpose.MARKETING, marketing)):
        consents = [ConsentFact(SMS, purpose, ConsentState.GRANTED, LONG_AGO)]
        noon = {"consents": consents, "timezone": "America/Bogota", "purpose": purpose}
        assert ask(jurisdiction, "2026-07-15T16:00:00Z", registers=[flag], **noon).verdict is verdict


def test_41_a_decision_names_the_pack_as_it_is_now(tmp_path: Path, plain: ContactRequest, ask: Asked) -> None:
    text = (PACKS / "co.yaml").read_text("utf-8")
    newer = text.replace("version: 2026.11.0", "version: 2026.12.0").replace("07:00-19:00", "09:00-19:00")
    (tmp_path / "co.yaml").write_text(newer, "utf-8")
    then = ask("CO", "2026-07-15T12:30:00Z", consents=GRANTED)
    request = replace(plain, at=_at("2026-07-15T12:30:00Z"), consents=GRANTED)
    now = ContactPolicy(load_packs(tmp_path)).decide(request, ("CO",), NOW)
    assert (then.verdict, then.pack_version) == (Verdict.ALLOW, "2026.11.0")
    assert (now.verdict, now.pack_version) == (Verdict.DEFER, "2026.12.0")


def test_42_a_calendar_that_is_not_the_expected_one_stops_the_start(tmp_path: Path) -> None:
    text = (PACKS / "co.yaml").read_text("utf-8").replace("07-13, 07-20", "07-14, 07-20", 1)
    (tmp_path / "co.yaml").write_text(text, "utf-8")
    with pytest.raises(PackProblem, match=r"2026-07-13 is not expected|2026-07-14 is expected"):
        load_packs(tmp_path)
    assert TZDATA_VERSION >= "2026"


def test_43_a_consent_counts_from_its_own_date_whatever_its_place_in_the_log(ask: Asked) -> None:
    withdrawn = ConsentFact(SMS, Purpose.COLLECTIONS, ConsentState.WITHDRAWN, _at("2026-07-01T00:00:00Z"))
    backdated = ConsentFact(SMS, Purpose.COLLECTIONS, ConsentState.GRANTED, _at("2026-06-30T23:59:59Z"))
    assert ask("MX", "2026-07-15T18:00:00Z", consents=[withdrawn, backdated], **CAPITAL).verdict is Verdict.DENY
