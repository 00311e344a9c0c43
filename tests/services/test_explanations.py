"""Why a message was, or was not, sent, in Spanish and English."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from schemas.outcome_words import CancelledReason, ExpiredReason, SuppressedReason
from services import explanation_words as words
from services.explanation_words import Language, rule_phrase
from services.explanations import Explainer, zone_of
from services.ids import uuid7
from services.store.decisions import KeptDecision
from services.store.messages import MessageRow

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
MEXICO = ZoneInfo("America/Mexico_City")


def message(**changes: Any) -> MessageRow:
    """A planned message, but for these changes."""
    given = {
        "id": uuid7(),
        "debtor_ref": "D-1",
        "loan_ref": "L-1",
        "installment_number": 7,
        "occurrence": date(2026, 11, 24),
        "campaign": "vence",
        "step": "hoy",
        "version_id": 1,
        "purpose": "collections",
        "channel": "sms",
        "state": "planned",
        "outcome": None,
        "reason": None,
        "rule": None,
        "earliest": NOW,
        "due_at": NOW,
        "expires_at": NOW + timedelta(hours=5),
    }
    return MessageRow(**{**given, **changes})


def decision(verdict: str, **changes: Any) -> KeptDecision:
    """A verdict of the policy."""
    given: dict[str, Any] = {
        "at": NOW,
        "channel": "sms",
        "verdict": verdict,
        "not_before": NOW + timedelta(hours=16),
        "not_after": None,
        "reasons": [{"rule": "co-holiday", "basis": "law", "source": "Ley 2300 de 2023, art. 3"}],
        "packs": {"pack": "CO", "version": "2026.11.0"},
        "inputs": {"timezone": "America/Bogota"},
    }
    return KeptDecision(**{**given, **changes})


def test_a_deferral_names_rule_basis_source_and_the_next_instant_in_the_debtors_zone() -> None:
    told = Explainer(Language.ES, zone_of([decision("defer")])).explain(message(), [], [decision("defer")])
    assert told.decisions == [
        "Por SMS, el 24 de noviembre de 2026, 10:30 (America/Bogota): aplazado hasta el 25 de noviembre de 2026, "
        "02:30 (America/Bogota) porque es día inhábil (regla co-holiday; la ley; fuente: Ley 2300 de 2023, art. 3)."
    ]
    assert "paquete de reglas CO, versión 2026.11.0" in " ".join(told.sentences)


def test_the_same_is_told_in_english() -> None:
    told = Explainer(Language.EN, MEXICO).explain(message(rule="mx-hours"), [], [decision("deny")])
    assert told.summary.endswith("because it is outside the permitted hours.")
    assert "denied because the day is a holiday or a closed day (rule co-holiday; the law;" in told.decisions[0]


def test_an_allowed_contact_tells_its_window() -> None:
    allowed = decision("allow", not_before=NOW, not_after=NOW + timedelta(hours=12), reasons=[])
    (text,) = Explainer(Language.EN, MEXICO).explain(message(), [], [allowed]).decisions
    assert text.endswith("allowed until before 24 November 2026, 21:30 (America/Mexico_City).")


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("state", ["planned", "claimed", "done", "cancelled", "denied", "expired"])
def test_every_state_has_a_sentence(state: str, language: Language) -> None:
    summary = Explainer(language, MEXICO).summary(message(state=state, outcome="delivered", reason="paid"))
    assert summary[0].isupper()
    assert summary.endswith(".")
    assert "None" not in summary


def test_every_published_word_has_words() -> None:
    assert set(words.CANCELLED) == {reason.value for reason in CancelledReason}
    assert set(words.EXPIRED) == {reason.value for reason in ExpiredReason}
    assert {reason.value for reason in SuppressedReason} <= set(words.SUPPRESSED)


def test_a_rule_without_words_is_named() -> None:
    assert rule_phrase("xx-new", Language.EN) == "the rule xx-new"
    assert rule_phrase("cl-two-days-between", Language.EN) == "too few days have passed since the last contact"
