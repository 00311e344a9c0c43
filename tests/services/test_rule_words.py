"""Every rule of every shipped pack can be told in words of its own, in both languages."""

import pytest

from campaigns.packs import load_packs
from services.explanation_words import Language, rule_phrase
from services.settings import PROJECT_ROOT

SECTIONS = (
    "hours",
    "closures",
    "caps",
    "spacings",
    "exceptions",
    "consents",
    "disabled",
    "guards",
    "content",
    "recipients",
    "registers",
)
PACKS = load_packs(PROJECT_ROOT / "campaigns" / "policies").all()
RULES = sorted({rule.rule for pack in PACKS for section in SECTIONS for rule in getattr(pack, section)})
OTHERS = [
    "stop-confirmed",
    "emergency-closure",
    "register-unknown",
    "recipient-not-obliged",
    "pack-expired",
    "pack-missing",
]


@pytest.mark.parametrize("rule", [*RULES, *OTHERS])
def test_a_rule_has_words_in_both_languages(rule: str) -> None:
    told = {language: rule_phrase(rule, language) for language in Language}
    assert len(set(told.values())) == len(Language), told
    assert rule not in told.values()
