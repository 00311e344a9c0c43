"""How long things are kept follows from the packs in force: duties beat limits, the longest duty counts."""

from datetime import timedelta

from campaigns.pack_model import Kept
from campaigns.packs import load_packs
from campaigns.retention import DEFAULTS, periods
from services.settings import PROJECT_ROOT

PACKS = load_packs(PROJECT_ROOT / "campaigns" / "policies")


def test_every_country_says_how_long_each_kind_is_kept() -> None:
    countries = [pack for pack in PACKS.all() if not pack.ancestors]
    assert {kept for pack in countries for rule in pack.retention for kept in rule.keeps} == set(Kept)
    for pack in countries:
        assert {kept for rule in pack.retention for kept in rule.keeps} == set(Kept), pack.id


def test_evidence_is_kept_for_the_longest_duty_and_words_no_longer_than_their_limit() -> None:
    found = periods(PACKS, ["CL", "US"])
    assert found[Kept.EVIDENCE] == timedelta(days=1096)
    assert found[Kept.RAW_CALLBACKS] == timedelta(days=90)
    assert found[Kept.REPLY_TEXTS] == timedelta(days=365)


def test_without_packs_the_defaults_hold() -> None:
    assert periods(PACKS, []) == dict(DEFAULTS)
