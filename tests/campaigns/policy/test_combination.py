"""Properties of the rule of combination: the strictest wins, and nothing that is added ever permits more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.facts import ConsentFact, ContactFact, ContactRequest, Decision, EmergencyClosure, SuppressionFact
from campaigns.packs import Packs
from campaigns.policy import ContactPolicy
from schemas.enums import Channel, ConsentState, Purpose, Verdict
from tests.campaigns.policy.conftest import NOW
from tests.campaigns.policy.test_against_plain_law import JURISDICTIONS, questions

STRICTNESS = {Verdict.ALLOW: 0, Verdict.DEFER: 1, Verdict.DENY: 2}
EVERYTHING = frozenset({"law", "policy"})
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
near = st.integers(-9 * 86_400, 3 * 86_400).map(lambda seconds: timedelta(seconds=seconds))
Question = tuple[ContactRequest, str]


def _not_looser(stricter: Decision, than: Decision) -> None:
    assert STRICTNESS[stricter.verdict] >= STRICTNESS[than.verdict]
    if stricter.not_before is not None and than.not_before is not None:
        assert stricter.not_before >= than.not_before
    if stricter.verdict is Verdict.ALLOW and than.not_after is not None:
        assert stricter.not_after is not None
        assert stricter.not_after <= than.not_after


@QUICK
@given(
    question=questions(), after=near, channel=st.sampled_from(Channel), state=st.sampled_from(["unknown", "rejected"])
)
def test_one_more_contact_never_permits_more(
    policy: ContactPolicy, question: Question, after: timedelta, channel: Channel, state: str
) -> None:
    request, jurisdiction = question
    contact = ContactFact(request.at + after, channel, request.loan, state, conversation=True)
    fewer = policy.decide(request, (jurisdiction,), NOW)
    more = policy.decide(replace(request, history=[*request.history, contact]), (jurisdiction,), NOW)
    _not_looser(more, fewer)
    proven = replace(contact, state="not_sent")
    assert policy.decide(replace(request, history=[*request.history, proven]), (jurisdiction,), NOW) == fewer


@QUICK
@given(
    question=questions(), after=near, length=st.integers(1, 20 * 86_400), scope=st.sampled_from(["person", "channel"])
)
def test_one_more_suppression_never_permits_more(
    policy: ContactPolicy, question: Question, after: timedelta, length: int, scope: str
) -> None:
    request, jurisdiction = question
    since = request.at + after
    stop = SuppressionFact(scope, "dispute", since, since + timedelta(seconds=length))
    free = policy.decide(request, (jurisdiction,), NOW)
    _not_looser(policy.decide(replace(request, suppressions=[*request.suppressions, stop]), (jurisdiction,), NOW), free)


@QUICK
@given(question=questions(), after=near)
def test_one_more_refusal_never_permits_more(policy: ContactPolicy, question: Question, after: timedelta) -> None:
    request, jurisdiction = question
    record = ConsentFact(request.channel, request.purpose, ConsentState.WITHDRAWN, request.at + after)
    free = policy.decide(request, (jurisdiction,), NOW)
    refused = policy.decide(replace(request, consents=[*request.consents, record]), (jurisdiction,), NOW)
    _not_looser(refused, free)


@QUICK
@given(question=questions(), other=st.sampled_from(JURISDICTIONS))
def test_one_more_jurisdiction_never_permits_more(policy: ContactPolicy, question: Question, other: str) -> None:
    request, jurisdiction = question
    zoned = replace(request, timezone=request.timezone or "America/Bogota")
    alone = policy.decide(zoned, (jurisdiction,), NOW)
    together = policy.decide(zoned, (jurisdiction, other), NOW)
    _not_looser(together, replace(alone, not_after=None))
    assert together.verdict is policy.decide(zoned, (other, jurisdiction), NOW).verdict


@QUICK
@given(question=questions(), register=st.sampled_from(["REUS", "RNE", "DNC", "any other"]))
def test_fewer_layers_never_permit_less(policy: ContactPolicy, question: Question, register: str) -> None:
    request, jurisdiction = question
    asked = replace(request, registers=[register] if request.purpose is Purpose.MARKETING else [])
    both = policy.decide(replace(asked, layers=EVERYTHING), (jurisdiction,), NOW)
    for layers in (frozenset({"law"}), frozenset({"policy"}), frozenset[str]()):
        fewer = policy.decide(replace(asked, layers=layers), (jurisdiction,), NOW)
        _not_looser(both, replace(fewer, not_after=None))


@QUICK
@given(question=questions(), zone=st.sampled_from(["America/Tijuana", "America/New_York", "Pacific/Honolulu"]))
def test_a_number_never_permits_more(policy: ContactPolicy, question: Question, zone: str) -> None:
    request, jurisdiction = question
    asked = replace(request, layers=EVERYTHING)
    without = policy.decide(asked, (jurisdiction,), NOW)
    _not_looser(policy.decide(replace(asked, number_zones=(zone,)), (jurisdiction,), NOW), without)


@QUICK
@given(question=questions(), days=st.integers(0, 3))
def test_an_emergency_closure_never_permits_more(packs: Packs, question: Question, days: int) -> None:
    request, jurisdiction = question
    asked = replace(request, layers=EVERYTHING)
    policy = ContactPolicy(packs, whatsapp_approved=True)
    open_days = policy.decide(asked, (jurisdiction,), NOW)
    first = asked.at.date()
    policy.close([EmergencyClosure(jurisdiction, None, first, first + timedelta(days=days), "emergency")])
    _not_looser(policy.decide(asked, (jurisdiction,), NOW), open_days)


@QUICK
@given(question=questions(), layers=st.sampled_from([frozenset({"law"}), EVERYTHING]))
def test_the_instant_a_deferral_names_is_permitted_and_the_one_before_is_not(
    policy: ContactPolicy, question: Question, layers: frozenset[str]
) -> None:
    request, jurisdiction = question
    request = replace(request, layers=layers)
    decision = policy.decide(request, (jurisdiction,), NOW)
    if decision.verdict is not Verdict.DEFER or decision.not_before is None or decision.not_before.year > 2031:
        return
    assert decision.not_before > request.at
    at = policy.decide(replace(request, at=decision.not_before), (jurisdiction,), NOW)
    before = replace(request, at=decision.not_before - timedelta(microseconds=1))
    assert at.verdict is Verdict.ALLOW
    assert policy.decide(before, (jurisdiction,), NOW).verdict is not Verdict.ALLOW


@QUICK
@given(question=questions())
def test_the_same_question_has_the_same_answer_from_a_fresh_policy_and_a_warm_one(
    packs: Packs, policy: ContactPolicy, question: Question
) -> None:
    request, jurisdiction = question
    answer = policy.decide(request, (jurisdiction,), NOW)
    assert policy.decide(request, (jurisdiction,), NOW) == answer
    shuffled = replace(request, history=request.history[::-1], consents=request.consents[::-1])
    assert ContactPolicy(packs, whatsapp_approved=True).decide(shuffled, (jurisdiction,), NOW) == answer


@QUICK
@given(question=questions())
def test_whatever_is_not_allowed_says_why_and_what_is_allowed_gives_no_reason(
    policy: ContactPolicy, question: Question
) -> None:
    request, jurisdiction = question
    decision = policy.decide(request, (jurisdiction,), NOW)
    assert (decision.reasons == ()) is (decision.verdict is Verdict.ALLOW)
    assert all(reason.rule and reason.source for reason in decision.reasons)
    assert (decision.not_before is None) is (decision.verdict is Verdict.DENY)
    assert decision.verdict is Verdict.ALLOW or decision.not_after is None


def test_a_deny_is_named_before_the_hours_that_also_forbid(policy: ContactPolicy, plain: ContactRequest) -> None:
    night = datetime(2026, 7, 15, 9, tzinfo=UTC)
    stop = SuppressionFact("person", "dispute", datetime(2026, 1, 1, tzinfo=UTC))
    decision = policy.decide(replace(plain, at=night, suppressions=[stop]), ("MX",), NOW)
    assert (decision.verdict, [reason.rule for reason in decision.reasons]) == (Verdict.DENY, ["suppression-person"])
