"""Answers to what a debtor asked: which packs leave them out of their caps, and what binds them all the same."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from campaigns.facts import ConsentFact, ContactFact, Inquiry
from campaigns.packs import PackProblem, load_packs
from schemas.enums import Basis, Channel, ConsentState, Purpose, Verdict
from tests.campaigns.policy.conftest import PACKS, Asked

SMS, WHATSAPP = Channel.SMS, Channel.WHATSAPP
GRANTED = [
    ConsentFact(channel, Purpose.COLLECTIONS, ConsentState.GRANTED, datetime(2025, 1, 1, tzinfo=UTC))
    for channel in Channel
]
NOON, EVENING = "2026-07-15T17:00:00Z", "2026-07-16T01:30:00Z"
"""Of a Wednesday in Bogotá; the evening is 20:30."""
Changed = Callable[[str, str], Path]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """The folder of Colombia's pack alone, with one text of it changed."""

    def change(old: str, new: str) -> Path:
        text = (PACKS / "co.yaml").read_text("utf-8")
        assert old in text
        (tmp_path / "co.yaml").write_text(text.replace(old, new), "utf-8")
        return tmp_path

    return change


def _this_morning(channel: Channel = SMS) -> list[ContactFact]:
    return [ContactFact(datetime.fromisoformat("2026-07-15T14:00:00Z"), channel, "L-1", "delivered")]


@pytest.mark.parametrize("inquiry", [each for each in Inquiry if each is not Inquiry.PROMISE])
@pytest.mark.parametrize("earlier", [SMS, WHATSAPP])
def test_colombia_leaves_out_what_the_person_asked_for(ask: Asked, inquiry: Inquiry, earlier: Channel) -> None:
    history = _this_morning(earlier)
    assert ask("CO", NOON, history=history, consents=GRANTED).verdict is Verdict.DEFER
    decision = ask("CO", NOON, history=history, consents=GRANTED, answers=inquiry)
    assert decision.verdict is Verdict.ALLOW
    (reason,) = decision.reasons
    assert (reason.rule, reason.basis, reason.source) == ("co-asked-information", Basis.LAW, "Ley 2300 de 2023, art. 8")


def test_a_question_of_ours_is_no_information_they_asked_for(ask: Asked) -> None:
    decision = ask("CO", NOON, history=_this_morning(), consents=GRANTED, answers=Inquiry.PROMISE)
    assert (decision.verdict, decision.reasons[0].rule) == (Verdict.DEFER, "co-one-a-day")


def test_hours_and_consents_bind_an_answer(ask: Asked) -> None:
    late = ask("CO", EVENING, consents=GRANTED, answers=Inquiry.BALANCE)
    assert (late.verdict, late.reasons[0].rule) == (Verdict.DEFER, "co-hours")
    assert ask("CO", NOON, answers=Inquiry.BALANCE).verdict is Verdict.DENY


@pytest.mark.parametrize(
    ("place", "rule"), [("CL", "cl-two-days-between"), ("EC", "ec-one-a-day"), ("DO", "do-five-a-day")]
)
def test_where_no_text_leaves_answers_out_they_count(ask: Asked, place: str, rule: str) -> None:
    zone = {"CL": "America/Santiago", "EC": "America/Guayaquil", "DO": "America/Santo_Domingo"}[place]
    for inquiry in Inquiry:
        history = _this_morning() * 5
        decision = ask(place, NOON, history=history, timezone=zone, loan="L-1", answers=inquiry)
        assert (decision.verdict, decision.reasons[-1].rule) == (Verdict.DEFER, rule)


def test_one_places_exception_lifts_no_other_places_cap(ask: Asked) -> None:
    decision = ask(("CO", "EC"), NOON, history=_this_morning(), consents=GRANTED, answers=Inquiry.BALANCE)
    assert (decision.verdict, [each.rule for each in decision.reasons]) == (Verdict.DEFER, ["ec-one-a-day"])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("lifts: [co-one-a-day,", "lifts: [co-hours,", "'co-hours' is no cap or spacing of this pack"),
        ("lifts: [co-one-a-day,", "lifts: [mx-policy-one-a-day,", "is no cap or spacing of this pack"),
        (
            "- rule: co-asked-information\n    basis: law",
            "- rule: co-asked-information\n    basis: policy",
            "is law, which only the law itself may lift",
        ),
        (
            "- rule: co-asked-information\n",
            "- rule: co-asked-information\n    effective_from: 2027-01-01\n",
            "an exception has no dates",
        ),
        ("answers: [help,", "answers: [gossip,", "exceptions.0.answers.0"),
    ],
)
def test_an_exception_that_lifts_what_it_may_not_is_refused(changed: Changed, old: str, new: str, says: str) -> None:
    with pytest.raises(PackProblem) as caught:
        load_packs(changed(old, new))
    assert says in caught.value.message
