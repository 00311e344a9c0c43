"""Consents, suppressions, platforms, layers and the fitness of packs: what denies."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from campaigns.facts import ConsentFact, ContactRequest, SuppressionFact
from campaigns.packs import Packs
from campaigns.policy import ContactPolicy
from schemas.enums import Basis, Channel, Collector, ConsentState, Purpose, Verdict
from tests.campaigns.policy.conftest import NOW, Asked

SMS, COLLECTIONS = Channel.SMS, Purpose.COLLECTIONS
AT = "2026-07-15T15:00:00Z"
INSTANT = datetime.fromisoformat(AT)
GRANTED, WITHDRAWN = ConsentState.GRANTED, ConsentState.WITHDRAWN
BOTH = frozenset({"law", "policy"})
SECOND = timedelta(seconds=1)


def _said(state: ConsentState, at: datetime, channel: Channel = SMS, purpose: Purpose = COLLECTIONS) -> ConsentFact:
    return ConsentFact(channel, purpose, state, at)


LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("consents", "verdict"),
    [
        ([], Verdict.DENY),
        ([_said(GRANTED, LONG_AGO)], Verdict.ALLOW),
        ([_said(GRANTED, INSTANT)], Verdict.ALLOW),
        ([_said(GRANTED, INSTANT + SECOND)], Verdict.DENY),
        ([_said(GRANTED, LONG_AGO, Channel.EMAIL)], Verdict.DENY),
        ([_said(GRANTED, LONG_AGO, purpose=Purpose.MARKETING)], Verdict.DENY),
        ([_said(WITHDRAWN, INSTANT), _said(GRANTED, LONG_AGO)], Verdict.DENY),
        ([_said(GRANTED, INSTANT), _said(WITHDRAWN, LONG_AGO)], Verdict.ALLOW),
        ([_said(WITHDRAWN, INSTANT + SECOND), _said(GRANTED, LONG_AGO)], Verdict.ALLOW),
        ([_said(WITHDRAWN, LONG_AGO), _said(GRANTED, LONG_AGO)], Verdict.DENY),
        ([_said(GRANTED, LONG_AGO), _said(WITHDRAWN, LONG_AGO)], Verdict.DENY),
    ],
)
def test_the_latest_consent_of_channel_and_purpose_wins(
    ask: Asked, consents: list[ConsentFact], verdict: Verdict
) -> None:
    assert ask("CO", AT, consents=consents).verdict is verdict


def test_a_missing_consent_blocks_only_where_the_law_demands_one(ask: Asked) -> None:
    assert ask("CO", AT).reasons[0].basis is Basis.CONSENT
    assert ask("PE", AT).verdict is Verdict.ALLOW
    assert ask("PE", AT, purpose=Purpose.MARKETING).verdict is Verdict.DENY
    assert ask("MX", AT, purpose=Purpose.MARKETING).verdict is Verdict.ALLOW
    assert ask("MX", AT, purpose=Purpose.MARKETING, layers=BOTH).verdict is Verdict.DENY


@pytest.mark.parametrize("state", [ConsentState.DENIED, WITHDRAWN])
def test_a_refusal_blocks_everywhere_and_whatever_the_layers(ask: Asked, state: ConsentState) -> None:
    for layers in (frozenset({"law"}), frozenset({"policy"}), frozenset[str]()):
        decision = ask("MX", AT, consents=[_said(state, LONG_AGO)], layers=layers)
        assert (decision.verdict, decision.reasons[0].basis) == (Verdict.DENY, Basis.CONSENT)


@pytest.mark.parametrize(
    ("stop", "verdict"),
    [
        (SuppressionFact("person", "dispute", INSTANT), Verdict.DENY),
        (SuppressionFact("person", "dispute", INSTANT + SECOND), Verdict.ALLOW),
        (SuppressionFact("person", "dispute", LONG_AGO, INSTANT), Verdict.ALLOW),
        (SuppressionFact("person", "dispute", LONG_AGO, INSTANT + SECOND), Verdict.DENY),
        (SuppressionFact("channel", "stop", LONG_AGO), Verdict.DENY),
        (SuppressionFact("channel", "stop", LONG_AGO, channel=SMS), Verdict.DENY),
        (SuppressionFact("channel", "stop", LONG_AGO, channel=Channel.EMAIL), Verdict.ALLOW),
        (SuppressionFact("loan", "promise", LONG_AGO), Verdict.DENY),
        (SuppressionFact("loan", "promise", LONG_AGO, loan="L-1"), Verdict.DENY),
        (SuppressionFact("loan", "promise", LONG_AGO, loan="L-2"), Verdict.ALLOW),
        (SuppressionFact("contact_point", "wrong number", LONG_AGO), Verdict.DENY),
        (SuppressionFact("person", "dispute", LONG_AGO, loan="L-2"), Verdict.DENY),
    ],
)
def test_a_suppression_holds_from_its_start_until_before_its_end(
    ask: Asked, stop: SuppressionFact, verdict: Verdict
) -> None:
    assert ask("MX", AT, suppressions=[stop], loan="L-1").verdict is verdict


def test_a_suppression_is_cited_by_its_own_reason(ask: Asked) -> None:
    for reason, cited in (("lawyer", "lawyer"), ("", "suppression")):
        decision = ask("MX", AT, suppressions=[SuppressionFact("person", reason, LONG_AGO)])
        assert [each.source for each in decision.reasons] == [cited]


def test_the_end_named_is_the_laws_and_not_the_lenders_nor_the_guards(ask: Asked) -> None:
    noon = ask("MX", "2026-07-15T18:00:00Z", timezone="America/Mexico_City", layers=BOTH)
    assert (noon.verdict, noon.not_after) == (Verdict.ALLOW, datetime.fromisoformat("2026-07-16T04:00:00Z"))
    brazil = ask("BR", "2026-07-15T18:00:00Z", timezone="America/Sao_Paulo", layers=BOTH)
    assert brazil.not_after == datetime.fromisoformat("2026-07-15T22:00:00Z")


def test_a_deny_beats_a_defer(ask: Asked) -> None:
    stop = SuppressionFact("person", "dispute", LONG_AGO)
    decision = ask("MX", "2026-07-15T09:00:00Z", suppressions=[stop])
    assert (decision.verdict, decision.not_before) == (Verdict.DENY, None)
    assert [reason.basis for reason in decision.reasons] == [Basis.SUPPRESSION]


def test_a_deferral_waits_until_a_stop_that_begins_meanwhile_is_over(ask: Asked) -> None:
    night = "2026-07-15T09:00:00Z"
    begins, ends = datetime.fromisoformat("2026-07-15T10:00:00Z"), datetime.fromisoformat("2026-07-16T18:30:00Z")
    decision = ask("MX", night, suppressions=[SuppressionFact("person", "hold", begins, ends)])
    assert (decision.verdict, decision.not_before) == (Verdict.DEFER, ends)
    forever = ask("MX", night, suppressions=[SuppressionFact("person", "hold", begins)])
    assert (forever.verdict, forever.not_before) == (Verdict.DENY, None)


def test_whatsapp_needs_an_approval_by_the_platforms_rule(packs: Packs, plain: ContactRequest) -> None:
    request = replace(plain, at=INSTANT, channel=Channel.WHATSAPP, timezone="America/Mexico_City", layers=BOTH)
    refused = ContactPolicy(packs).decide(request, ("MX",), NOW)
    assert (refused.verdict, refused.reasons[0].basis) == (Verdict.DENY, Basis.PLATFORM)
    assert ContactPolicy(packs, whatsapp_approved=True).decide(request, ("MX",), NOW).verdict is Verdict.ALLOW
    by_law = replace(request, layers=frozenset({"law"}))
    assert ContactPolicy(packs).decide(by_law, ("MX",), NOW).verdict is Verdict.ALLOW


def test_carriers_refuse_texts_of_american_agencies(ask: Asked) -> None:
    request = {"timezone": "America/New_York", "collector": Collector.THIRD_PARTY}
    assert ask("US-FL", AT, layers=BOTH, **request).reasons[0].rule == "us-sms-third-party"
    assert ask("US-FL", AT, **request).verdict is Verdict.ALLOW


@pytest.mark.parametrize(
    ("at", "channel", "verdict"),
    [
        ("2026-07-16T02:54:59Z", SMS, Verdict.ALLOW),
        ("2026-07-16T02:55:00Z", SMS, Verdict.DEFER),
        ("2026-07-16T02:44:59Z", Channel.VOICE, Verdict.ALLOW),
        ("2026-07-16T02:45:00Z", Channel.VOICE, Verdict.DEFER),
    ],
)
def test_the_lender_hands_nothing_over_shortly_before_the_end(
    ask: Asked, at: str, channel: Channel, verdict: Verdict
) -> None:
    decision = ask("MX", at, timezone="America/Mexico_City", channel=channel, layers=BOTH)
    assert decision.verdict is verdict
    if verdict is Verdict.DEFER:
        assert decision.reasons[0].rule.endswith("guard")


@pytest.mark.parametrize(
    ("at", "rule"),
    [
        ("2026-07-18T18:00:00Z", "mx-policy-hours"),  # Saturday
        ("2026-09-16T18:00:00Z", "mx-policy-holiday"),
        ("2026-11-02T18:00:00Z", "mx-policy-holiday"),  # a day of closed banks
        ("2027-03-25T18:00:00Z", "mx-policy-holiday"),  # Thursday before Easter
        ("2026-07-15T13:59:59Z", "mx-policy-hours"),
    ],
)
def test_the_lenders_hours_in_mexico_are_narrower_than_the_law(ask: Asked, at: str, rule: str) -> None:
    assert ask("MX", at, timezone="America/Mexico_City").verdict is Verdict.ALLOW
    decision = ask("MX", at, timezone="America/Mexico_City", layers=BOTH)
    assert [(reason.rule, reason.basis) for reason in decision.reasons] == [(rule, Basis.POLICY)]


def test_a_pack_past_its_review_denies_by_the_clock_and_not_by_the_instant(
    policy: ContactPolicy, plain: ContactRequest
) -> None:
    request = replace(plain, at=datetime.fromisoformat("2030-07-15T15:00:00Z"), timezone="America/Mexico_City")
    assert policy.decide(request, ("MX",), datetime(2027, 2, 28, 23, 59, 59, tzinfo=UTC)).verdict is Verdict.ALLOW
    expired = policy.decide(replace(request, at=INSTANT), ("MX",), datetime(2027, 3, 1, tzinfo=UTC))
    assert (expired.verdict, expired.reasons[0].rule) == (Verdict.DENY, "pack-expired")


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2026-01-01T13:00:00Z", Verdict.ALLOW),
        ("2032-01-01T02:00:00Z", Verdict.ALLOW),  # still 2031 in Mexico
        ("2025-12-30T15:00:00Z", Verdict.DENY),
        ("2032-01-02T15:00:00Z", Verdict.DENY),
    ],
)
def test_packs_answer_for_the_years_they_name(ask: Asked, at: str, verdict: Verdict) -> None:
    assert ask("MX", at, timezone="America/Mexico_City").verdict is verdict


def test_drafts_do_not_send_where_they_are_not_allowed(packs: Packs, plain: ContactRequest) -> None:
    decision = ContactPolicy(packs, allow_drafts=False).decide(replace(plain, at=INSTANT), ("MX",), NOW)
    assert (decision.verdict, decision.reasons[0].rule) == (Verdict.DENY, "pack-draft")


@pytest.mark.parametrize("jurisdictions", [("AR",), ("MX", "AR"), ("US-TX",), ()])
def test_a_missing_pack_denies(ask: Asked, jurisdictions: tuple[str, ...]) -> None:
    decision = ask(jurisdictions, AT)
    assert (decision.verdict, decision.reasons[0].rule) == (Verdict.DENY, "pack-missing")


def test_of_several_jurisdictions_the_strictest_wins(ask: Asked) -> None:
    granted = [_said(GRANTED, LONG_AGO)]
    early = ask(("CO", "MX"), "2026-07-16T00:30:00Z", timezone="America/Mexico_City", consents=granted)
    assert early.not_after == datetime.fromisoformat("2026-07-16T01:00:00Z")
    assert ask(("MX", "CO"), "2026-07-16T01:00:00Z", timezone="America/Mexico_City").verdict is Verdict.DENY
    late = ask(("MX", "CO"), "2026-07-16T01:00:00Z", timezone="America/Mexico_City", consents=granted)
    assert late.not_before == datetime.fromisoformat("2026-07-16T13:00:00Z")
    assert (late.pack, late.pack_version) == ("MX+CO", "2026.11.0+2026.11.0")


@pytest.mark.parametrize(
    ("creditor", "country", "region", "expected"),
    [
        ("MX", "MX", "MX-JAL", ("MX",)),
        ("MX", "US", "US-FL", ("MX", "US-FL")),
        ("US", "US", "US-FL", ("US-FL",)),
        ("US", "US", "US-TX", ("US",)),
        ("US-FL", "US", "US-TX", ("US-FL",)),
        ("CO", None, None, ("CO",)),
        ("CO", None, "MX-JAL", ("CO", "MX")),
        ("BR", "BR", "BR-SP", ("BR-SP",)),
        ("MX", "AR", None, ("MX", "AR")),
    ],
)
def test_the_packs_of_creditor_and_debtor_are_in_force(
    policy: ContactPolicy, creditor: str, country: str | None, region: str | None, expected: tuple[str, ...]
) -> None:
    assert policy.jurisdictions(creditor, country, region) == expected


@pytest.mark.parametrize(
    ("jurisdictions", "region", "zone"),
    [
        (("MX",), None, "America/Mexico_City"),
        (("MX",), "MX-BCN", "America/Tijuana"),
        (("MX", "US-FL"), None, "America/New_York"),
        (("AR",), None, "UTC"),
    ],
)
def test_days_are_counted_at_home_while_the_zone_is_unknown(
    policy: ContactPolicy, jurisdictions: tuple[str, ...], region: str | None, zone: str
) -> None:
    assert policy.home_zone(jurisdictions, region) == zone


def test_versions_name_packs_zones_and_holidays(policy: ContactPolicy) -> None:
    versions = policy.versions()
    assert set(versions) == {"packs", "tzdata", "holidays"}
