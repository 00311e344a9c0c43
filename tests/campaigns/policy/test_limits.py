"""Caps, spacings and one-channel rules: what earlier contacts forbid, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from campaigns.facts import ConsentFact, ContactFact
from schemas.enums import Channel, Collector, ConsentState, CreditorType, Purpose, Verdict
from tests.campaigns.policy.conftest import Asked

SMS, WHATSAPP, EMAIL, VOICE = Channel.SMS, Channel.WHATSAPP, Channel.EMAIL, Channel.VOICE
GRANTED = [
    ConsentFact(channel, Purpose.COLLECTIONS, ConsentState.GRANTED, datetime(2025, 1, 1, tzinfo=UTC))
    for channel in Channel
]
BOTH = frozenset({"law", "policy"})
AGENCY = {"collector": Collector.THIRD_PARTY, "creditor_type": CreditorType.COMMERCIAL_ENTITY}


def _past(at: str, channel: Channel = SMS, loan: str | None = "L-1", state: str = "delivered") -> ContactFact:
    return ContactFact(datetime.fromisoformat(at), channel, loan, state)


@pytest.mark.parametrize("state", ["accepted", "delivered", "rejected", "unknown"])
def test_every_attempt_counts_whatever_became_of_it(ask: Asked, state: str) -> None:
    history = [_past("2026-07-15T14:00:00Z", state=state)]
    decision = ask("CO", "2026-07-15T18:00:00Z", history=history, consents=GRANTED)
    assert decision.not_before == datetime.fromisoformat("2026-07-16T12:00:00Z")
    assert [reason.rule for reason in decision.reasons] == ["co-one-a-day"]


def test_what_was_proven_not_sent_does_not_count(ask: Asked) -> None:
    history = [_past("2026-07-15T14:00:00Z", state="not_sent")]
    assert ask("CO", "2026-07-15T18:00:00Z", history=history, consents=GRANTED).verdict is Verdict.ALLOW


def test_a_local_day_ends_at_local_midnight(ask: Asked) -> None:
    late_yesterday = [_past("2026-07-15T04:59:59Z")]
    early_today = [_past("2026-07-15T05:00:00Z")]
    assert ask("CO", "2026-07-15T18:00:00Z", history=late_yesterday, consents=GRANTED).verdict is Verdict.ALLOW
    assert ask("CO", "2026-07-15T18:00:00Z", history=early_today, consents=GRANTED).verdict is Verdict.DEFER


def test_colombia_keeps_to_one_channel_until_week_and_168_hours_are_over(ask: Asked) -> None:
    wednesday = [_past("2026-07-08T15:30:30Z", WHATSAPP, state="rejected")]
    other = ask("CO", "2026-07-09T15:00:00Z", history=wednesday, consents=GRANTED)
    assert other.not_before == datetime.fromisoformat("2026-07-15T15:30:30Z")
    assert other.reasons[0].rule == "co-one-channel-a-week"
    same = ask("CO", "2026-07-09T15:00:00Z", channel=WHATSAPP, history=wednesday, consents=GRANTED)
    assert same.verdict is Verdict.ALLOW


def test_colombia_counts_over_all_loans(ask: Asked) -> None:
    history = [_past("2026-07-15T14:00:00Z", loan="L-2")]
    decision = ask("CO", "2026-07-15T18:00:00Z", history=history, loan="L-1", consents=GRANTED)
    assert decision.verdict is Verdict.DEFER


def test_an_attempt_168_hours_old_no_longer_counts(ask: Asked) -> None:
    call = datetime.fromisoformat("2026-07-08T15:00:00.000001Z")
    history = [ContactFact(call, VOICE, None, "delivered")]
    week_later = call + timedelta(hours=168)
    request = {"channel": VOICE, "timezone": "America/Santiago", "history": history}
    assert ask("CL", week_later.isoformat(), **request).verdict is Verdict.ALLOW
    just_before = ask("CL", (week_later - timedelta(microseconds=1)).isoformat(), **request)
    assert (just_before.verdict, just_before.not_before) == (Verdict.DEFER, week_later)


def test_a_new_iso_week_alone_does_not_free_a_rolling_week(ask: Asked) -> None:
    saturday = [_past("2026-07-11T15:00:00Z", VOICE)]
    decision = ask("CL", "2026-07-13T15:00:00Z", channel=VOICE, timezone="America/Santiago", history=saturday)
    assert decision.not_before == datetime.fromisoformat("2026-07-18T15:00:00Z")


def test_the_iso_week_runs_over_the_years_end(ask: Asked) -> None:
    monday = [_past("2026-12-28T15:00:00Z", VOICE)]
    decision = ask("CL", "2027-01-02T15:00:00Z", channel=VOICE, timezone="America/Santiago", history=monday)
    assert decision.not_before == datetime.fromisoformat("2027-01-04T15:00:00Z")


def test_chile_wants_two_full_days_between_messages_sundays_and_holidays_counted(ask: Asked) -> None:
    monday = [_past("2026-07-06T22:00:00Z")]
    request = {"channel": EMAIL, "timezone": "America/Santiago", "history": monday}
    assert ask("CL", "2026-07-07T15:00:00Z", **request).not_before == datetime.fromisoformat("2026-07-09T12:00:00Z")
    assert ask("CL", "2026-07-09T12:00:00Z", **request).verdict is Verdict.ALLOW
    friday = [_past("2026-07-10T15:00:00Z")]
    decision = ask("CL", "2026-07-13T12:00:00Z", timezone="America/Santiago", history=friday)
    assert decision.verdict is Verdict.ALLOW  # Saturday and Sunday lie between


def test_chile_counts_calls_and_messages_apart(ask: Asked) -> None:
    history = [_past("2026-07-06T15:00:00Z", VOICE), _past("2026-07-07T15:00:00Z", SMS)]
    assert ask("CL", "2026-07-10T15:00:00Z", timezone="America/Santiago", history=history).verdict is Verdict.ALLOW


def test_chile_allows_two_messages_a_week(ask: Asked) -> None:
    history = [_past("2026-07-06T15:00:00Z", EMAIL), _past("2026-07-09T15:00:00Z", WHATSAPP)]
    decision = ask("CL", "2026-07-12T15:00:00Z", timezone="America/Santiago", history=history)
    assert decision.not_before == datetime.fromisoformat("2026-07-13T15:00:00Z")
    assert {reason.rule for reason in decision.reasons} >= {"cl-two-messages-a-week", "cl-hours"}


def test_ecuador_counts_a_day_over_all_media_and_loans(ask: Asked) -> None:
    history = [_past("2026-07-15T14:00:00Z", EMAIL, "L-9")]
    decision = ask("EC", "2026-07-15T18:00:00Z", timezone="America/Guayaquil", loan="L-1", history=history)
    assert decision.not_before == datetime.fromisoformat("2026-07-16T12:00:00Z")


def test_without_a_zone_a_day_counts_in_every_zone(ask: Asked) -> None:
    # 23:30 of the 14th in the Galápagos, already the 15th on the mainland
    history = [_past("2026-07-15T05:30:00Z")]
    assert ask("EC", "2026-07-15T18:00:00Z", history=history).verdict is Verdict.DEFER
    assert ask("EC", "2026-07-15T18:00:00Z", history=history, region="EC-W").verdict is Verdict.ALLOW


def test_dominican_law_allows_five_a_day_for_each_debt(ask: Asked) -> None:
    history = [_past(f"2026-07-15T1{hour}:00:00Z", EMAIL) for hour in range(1, 6)]
    assert ask("DO", "2026-07-15T18:00:00Z", history=history, loan="L-1").verdict is Verdict.DEFER
    assert ask("DO", "2026-07-15T18:00:00Z", history=history, loan="L-2").verdict is Verdict.ALLOW
    assert ask("DO", "2026-07-15T18:00:00Z", history=history[1:], loan="L-1").verdict is Verdict.ALLOW
    assert ask("DO", "2026-07-15T18:00:00Z", history=history[1:], loan="L-2", layers=BOTH).verdict is Verdict.DEFER


def test_a_contact_about_an_unnamed_loan_counts_for_every_loan(ask: Asked) -> None:
    history = [_past(f"2026-07-15T1{hour}:00:00Z", EMAIL, None) for hour in range(1, 6)]
    assert ask("DO", "2026-07-15T18:00:00Z", history=history, loan="L-2").verdict is Verdict.DEFER


def test_reg_f_counts_an_agencys_calls_for_each_debt(ask: Asked) -> None:
    calls = [_past(f"2026-07-13T1{hour}:00:00Z", VOICE) for hour in range(3, 10)]
    request = {"channel": VOICE, "timezone": "America/New_York", "loan": "L-1", **AGENCY}
    eighth = ask("US", "2026-07-15T16:00:00Z", history=calls, **request)
    assert eighth.not_before == datetime.fromisoformat("2026-07-20T13:00:00Z")
    assert ask("US", "2026-07-15T16:00:00Z", history=calls[1:], **request).verdict is Verdict.ALLOW
    assert ask("US", "2026-07-15T16:00:00Z", history=calls, **{**request, "loan": "L-2"}).verdict is Verdict.ALLOW
    texts = [_past(f"2026-07-13T1{hour}:00:00Z", SMS) for hour in range(3, 10)]
    assert ask("US", "2026-07-15T16:00:00Z", history=texts, **request).verdict is Verdict.ALLOW
    own = {**request, "collector": Collector.FIRST_PARTY}
    assert ask("US", "2026-07-15T16:00:00Z", history=calls, **own).verdict is Verdict.ALLOW


@pytest.mark.parametrize("collector", list(Collector))
def test_massachusetts_counts_calls_and_texts_together_for_both_kinds(ask: Asked, collector: Collector) -> None:
    history = [_past("2026-07-13T14:00:00Z", VOICE), _past("2026-07-14T14:00:00Z", SMS)]
    request = {"timezone": "America/New_York", "collector": collector, "loan": "L-1", "history": history}
    assert ask("US-MA", "2026-07-15T16:00:00Z", **request).not_before == datetime.fromisoformat("2026-07-20T14:00:00Z")
    assert ask("US-MA", "2026-07-15T16:00:00Z", channel=EMAIL, **request).verdict is Verdict.ALLOW
    assert ask("US-MA", "2026-07-15T16:00:00Z", **{**request, "loan": "L-2"}).verdict is Verdict.ALLOW


def test_mexicos_law_sets_no_caps_and_the_lender_does(ask: Asked) -> None:
    history = [_past(f"2026-07-{day}T16:00:00Z") for day in (13, 14, 15)]
    request = {"timezone": "America/Mexico_City", "history": history}
    assert ask("MX", "2026-07-15T18:00:00Z", **request).verdict is Verdict.ALLOW
    decision = ask("MX", "2026-07-15T18:00:00Z", layers=BOTH, **request)
    assert {reason.rule for reason in decision.reasons} == {"mx-policy-one-a-day", "mx-policy-three-a-week"}
    assert decision.not_before == datetime.fromisoformat("2026-07-20T16:00:00Z")


def test_a_cap_and_a_holiday_together_defer_past_both(ask: Asked) -> None:
    friday_evening = [_past("2026-07-10T16:00:00Z")]
    decision = ask("CO", "2026-07-10T18:00:00Z", history=friday_evening, consents=GRANTED)
    assert decision.not_before == datetime.fromisoformat("2026-07-11T13:00:00Z")
    saturday = [_past("2026-07-11T14:00:00Z")]
    decision = ask("CO", "2026-07-11T18:00:00Z", history=saturday, consents=GRANTED)
    assert decision.not_before == datetime.fromisoformat("2026-07-14T12:00:00Z")


def test_the_order_of_the_history_does_not_matter(ask: Asked) -> None:
    history = [_past("2026-07-09T15:00:00Z", WHATSAPP), _past("2026-07-06T15:00:00Z", EMAIL)]
    request = {"timezone": "America/Santiago"}
    one = ask("CL", "2026-07-11T15:00:00Z", history=history, **request)
    assert one == ask("CL", "2026-07-11T15:00:00Z", history=history[::-1], **request)
