"""Stable chance: the same debtor, campaign and step fall the same way in every version and every process."""

from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256

from campaigns.definition import Definition, Variant

_RANGE = 2**64


def held_out(definition: Definition, debtor_ref: str) -> bool:
    """Whether this debtor is in the campaign's control group, who are reported and never contacted."""
    if not definition.holdout:
        return False
    return _draw("holdout", definition.campaign, debtor_ref) < int(definition.holdout / Decimal(100) * _RANGE)


def pick_variant(variants: Sequence[Variant], *, campaign: str, step: str, debtor_ref: str) -> Variant:
    """The debtor's variant of a step; each has a chance of its weight over the sum of weights."""
    total = sum(variant.weight for variant in variants)
    place = _draw("variant", campaign, step, debtor_ref) * total // _RANGE
    for variant in variants:
        place -= variant.weight
        if place < 0:
            return variant
    raise ValueError("weights must be positive")


def _draw(*words: str) -> int:
    """A number below 2**64 that looks random and depends on the words alone."""
    text = "".join(f"{len(word)}:{word}" for word in words)
    return int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:8])
