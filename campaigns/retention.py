"""How long records are kept: the longest duty of the packs in force, and personal words no longer than they allow."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from campaigns.pack_model import Kept, Retention
from campaigns.packs import Packs

DEFAULTS: Mapping[Kept, timedelta] = {
    Kept.EVIDENCE: timedelta(days=1096),
    Kept.RAW_CALLBACKS: timedelta(days=90),
    Kept.REPLY_TEXTS: timedelta(days=365),
}
"""Where no pack says anything: evidence as long as the longest duty we know of, words of people briefly."""


def periods(packs: Packs, jurisdictions: Iterable[str]) -> dict[Kept, timedelta]:
    """How long each kind is kept where lenders of these jurisdictions are; a duty to keep beats a limit."""
    roots = set(jurisdictions)
    rules = [rule for pack in packs.all() if {pack.id, *pack.ancestors} & roots for rule in pack.retention]
    return {kept: _period(kept, [rule for rule in rules if kept in rule.keeps]) for kept in Kept}


def _period(kept: Kept, rules: Iterable[Retention]) -> timedelta:
    duties, limits = [], []
    for rule in rules:
        duties += [timedelta(days=rule.at_least)] if rule.at_least else []
        limits += [timedelta(days=rule.at_most)] if rule.at_most else []
    wish = min(limits) if limits else DEFAULTS[kept]
    return max([wish, *duties])
