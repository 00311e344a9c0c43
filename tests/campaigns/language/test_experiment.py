"""Who is held out and who gets which variant: always the same, and in the right shares."""

import os
import subprocess
import sys
from collections import Counter
from decimal import Decimal

from campaigns.definition import Variant
from campaigns.experiment import held_out, pick_variant
from tests.campaigns.language.samples import changed, sound, with_top

DEBTORS = [f"D-{number}" for number in range(20_000)]
VARIANTS = (Variant("uno", 30), Variant("dos", 70))
HELD = sound(with_top("holdout: 5%"))

PROGRAM = """
from campaigns.experiment import pick_variant
from campaigns.definition import Variant
variants = (Variant("uno", 30), Variant("dos", 70))
print("".join(pick_variant(variants, campaign="c", step="s", debtor_ref=f"D-{n}").template[0] for n in range(300)))
"""


def chosen(debtor: str, *, campaign: str = "c", step: str = "s") -> str:
    """The template of one debtor."""
    return pick_variant(VARIANTS, campaign=campaign, step=step, debtor_ref=debtor).template


def test_variants_are_the_same_in_every_process() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert outputs == {"".join(chosen(f"D-{number}")[0] for number in range(300))}


def test_assignments_never_change_between_releases() -> None:
    assert [chosen(debtor) for debtor in DEBTORS[:8]] == ["uno", "dos", "uno", "uno", "dos", "dos", "uno", "dos"]
    assert [debtor for debtor in DEBTORS[:100] if held_out(HELD, debtor)] == ["D-5", "D-23", "D-41", "D-92"]


def test_a_new_version_keeps_the_control_group() -> None:
    newer = sound(changed("version: 1", "version: 2", with_top("holdout: 5%")))
    assert all(held_out(HELD, debtor) == held_out(newer, debtor) for debtor in DEBTORS[:2000])


def test_a_greater_holdout_keeps_those_already_held_out() -> None:
    greater = sound(with_top("holdout: 10%"))
    assert all(held_out(greater, debtor) for debtor in DEBTORS if held_out(HELD, debtor))


def test_shares_are_those_of_the_weights() -> None:
    counts = Counter(chosen(debtor) for debtor in DEBTORS)
    assert abs(counts["uno"] / len(DEBTORS) - 0.3) < 0.02


def test_the_control_group_has_its_share() -> None:
    assert abs(sum(held_out(HELD, debtor) for debtor in DEBTORS) / len(DEBTORS) - 0.05) < 0.01


def test_without_a_holdout_nobody_is_held_out() -> None:
    none = sound(with_top("holdout: 0%"))
    assert none.holdout == Decimal(0)
    assert not any(held_out(none, debtor) for debtor in DEBTORS)


def test_steps_and_campaigns_are_drawn_apart() -> None:
    here = [chosen(debtor) for debtor in DEBTORS[:500]]
    assert here != [chosen(debtor, step="t") for debtor in DEBTORS[:500]]
    assert here != [chosen(debtor, campaign="d") for debtor in DEBTORS[:500]]
