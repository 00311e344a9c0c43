"""Property tests: the engine and the plainly written law agree on every instant, and on the first permitted one."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.facts import ConsentFact, ContactFact, ContactRequest, PreferredWindow, SuppressionFact
from campaigns.policy import ContactPolicy
from schemas.enums import Channel, Collector, ConsentState, CreditorType, Purpose, Verdict
from tests.campaigns.policy.conftest import LAW, NOW
from tests.campaigns.policy.plain_law import PlainLaw, edges

START = datetime(2026, 1, 1, tzinfo=UTC)
SEARCHED_DAYS = 24
REGIONS = {"MX": [None, "MX-TAM", "MX-NAY"], "CL": [None, "CL-VS"], "US": [None, "US-TN"]}
ZONES = {
    "MX": ["America/Tijuana", "America/Mexico_City", "America/Ciudad_Juarez", "America/Cancun"],
    "CL": ["America/Santiago", "Pacific/Easter", "America/Punta_Arenas"],
    "US": ["America/New_York", "America/Phoenix", "Pacific/Honolulu"],
    "US-FL": ["America/Chicago"],
}
JURISDICTIONS = ["MX", "CO", "CL", "PE", "EC", "DO", "US", "US-FL", "US-MA", "BR-SP", "BR-RJ"]

instants = st.integers(0, 6 * 365 * 86_400 - 1).map(lambda seconds: START + timedelta(seconds=seconds))
quarters = st.integers(0, 6 * 365 * 96 - 1).map(lambda number: START + timedelta(minutes=15) * number)
clocks = st.integers(0, 95).map(lambda number: time(number // 4, number % 4 * 15))
windows = st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: PreferredWindow(*pair))


def _around(at: datetime) -> st.SearchStrategy[datetime]:
    seconds = st.integers(-9 * 86_400, 86_400) | st.sampled_from([-604_800, -604_799, -604_801, -86_400, 0])
    return seconds.map(lambda number: at + timedelta(seconds=number))


@st.composite
def questions(draw: st.DrawFn) -> tuple[ContactRequest, str]:
    jurisdiction = draw(st.sampled_from(JURISDICTIONS))
    at = draw(instants | quarters)
    near = _around(at)
    timezone = draw(st.none() | st.sampled_from(ZONES[jurisdiction])) if jurisdiction in ZONES else None
    channels = st.sampled_from(Channel)
    loans = st.sampled_from([None, "L-1", "L-2"])
    states = st.sampled_from(["delivered", "unknown", "rejected", "not_sent"])
    channel, purpose = draw(channels), draw(st.sampled_from(Purpose))
    granted = ConsentFact(channel, purpose, ConsentState.GRANTED, at - timedelta(days=300))
    records = st.builds(ConsentFact, st.just(channel), st.just(purpose), st.sampled_from(ConsentState), near)
    stops = st.builds(
        lambda scope, since, length, of: SuppressionFact(scope, "dispute", since, since + length, channel=of),
        st.sampled_from(["person", "channel"]),
        near,
        st.timedeltas(timedelta(seconds=1), timedelta(days=12)),
        channels,
    )
    request = ContactRequest(
        at=at,
        channel=channel,
        purpose=purpose,
        creditor_type=draw(st.sampled_from(CreditorType)),
        collector=draw(st.sampled_from(Collector)),
        timezone=timezone,
        region=draw(st.sampled_from(REGIONS.get(jurisdiction, [None]))),
        window=draw(st.none() | windows),
        consents=draw(st.lists(records, max_size=2).map(lambda found: [granted, *found])),
        suppressions=draw(st.lists(stops, max_size=1)),
        history=draw(st.lists(st.builds(ContactFact, near, channels, loans, states), max_size=9)),
        loan=draw(loans),
        layers=LAW,
    )
    return request, jurisdiction


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(question=questions())
def test_the_engine_gives_the_first_instant_that_the_plain_law_permits(
    policy: ContactPolicy, question: tuple[ContactRequest, str]
) -> None:
    request, jurisdiction = question
    law = PlainLaw(request, jurisdiction)
    decision = policy.decide(request, (jurisdiction,), NOW)
    if law.stopped(request.at):
        assert decision.verdict is Verdict.DENY
        return
    first = next((at for at in edges(request, SEARCHED_DAYS) if law.permitted(at)), None)
    if first is None:
        assert decision.verdict is not Verdict.ALLOW
        assert decision.not_before is None or decision.not_before >= request.at + timedelta(days=SEARCHED_DAYS)
        return
    assert decision.verdict is (Verdict.ALLOW if first == request.at else Verdict.DEFER)
    assert decision.not_before == first


@settings(max_examples=80, deadline=None)
@given(question=questions())
def test_an_allowed_span_is_open_until_its_end_and_closed_there(
    policy: ContactPolicy, question: tuple[ContactRequest, str]
) -> None:
    request, jurisdiction = question
    decision = policy.decide(request, (jurisdiction,), NOW)
    if decision.verdict is not Verdict.ALLOW or decision.not_after is None:
        return
    law = PlainLaw(request, jurisdiction)
    assert not law.open(decision.not_after)
    length = decision.not_after - request.at
    assert all(law.open(request.at + length * part / 16) for part in range(16))


@settings(max_examples=80, deadline=None)
@given(question=questions(), window=windows)
def test_narrowing_never_allows_more(
    policy: ContactPolicy, question: tuple[ContactRequest, str], window: PreferredWindow
) -> None:
    request, jurisdiction = question
    wide = policy.decide(replace(request, window=None), (jurisdiction,), NOW)
    everything = frozenset({"law", "policy"})
    narrower = [
        policy.decide(replace(request, window=window), (jurisdiction,), NOW),
        policy.decide(replace(request, window=None, layers=everything), (jurisdiction,), NOW),
        policy.decide(replace(request, window=None), (jurisdiction, "CO"), NOW),
    ]
    for decision in narrower:
        if wide.verdict is not Verdict.ALLOW:
            assert decision.verdict is not Verdict.ALLOW
        if wide.not_before and decision.not_before:
            assert decision.not_before >= wide.not_before


@settings(max_examples=80, deadline=None)
@given(question=questions())
def test_with_both_layers_the_instant_named_by_a_deferral_is_itself_allowed(
    policy: ContactPolicy, question: tuple[ContactRequest, str]
) -> None:
    request, jurisdiction = question
    request = replace(request, layers=frozenset({"law", "policy"}))
    decision = policy.decide(request, (jurisdiction,), NOW)
    if decision.verdict is not Verdict.DEFER or decision.not_before is None or decision.not_before.year > 2031:
        return
    assert policy.decide(replace(request, at=decision.not_before), (jurisdiction,), NOW).verdict is Verdict.ALLOW
    just_before = replace(request, at=max(request.at, decision.not_before - timedelta(microseconds=1)))
    assert policy.decide(just_before, (jurisdiction,), NOW).verdict is not Verdict.ALLOW
