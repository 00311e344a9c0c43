"""A variant is stopped by a new version that gives its weight to a neighbour: everybody else stays where they are."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from campaigns.definition import Variant
from campaigns.experiment import pick_variant
from campaigns.parser import parse_definition

DEBTORS = [f"D-{number}" for number in range(200)]
BEFORE = """campaign: aviso
version: 1
owner: cobranza@financiera.test
purpose: collections
creditor: demo
language: es
audience: {}
holdout: 10%
steps:
  - id: hoy
    at: due_date
    channels: [sms]
    variants:
      - {template: formal, weight: 30}
      - {template: breve, weight: 30}
      - {template: amable, weight: 40}
"""
WITHOUT_SHORT = BEFORE.replace("version: 1", "version: 2").replace(
    "{template: formal, weight: 30}\n      - {template: breve, weight: 30}", "{template: formal, weight: 60}"
)
ONE_LEFT = WITHOUT_SHORT.replace("version: 2", "version: 3").replace(
    "{template: formal, weight: 60}\n      - {template: amable, weight: 40}", "{template: amable, weight: 100}"
)


def variants_of(text: str) -> Sequence[Variant]:
    """The variants of the one step."""
    definition = parse_definition(text, "aviso.yaml", None)
    assert not isinstance(definition, list)
    return definition.steps[0].variants


def drawn(variants: Sequence[Variant], debtor: str) -> str:
    """The template of one debtor."""
    return pick_variant(variants, campaign="aviso", step="hoy", debtor_ref=debtor).template


def test_only_those_of_the_stopped_variant_move() -> None:
    before, after, last = variants_of(BEFORE), variants_of(WITHOUT_SHORT), variants_of(ONE_LEFT)
    moved = {drawn(after, debtor) for debtor in DEBTORS if drawn(before, debtor) == "breve"}
    assert moved == {"formal"}
    assert all(drawn(before, debtor) in ("breve", drawn(after, debtor)) for debtor in DEBTORS)
    assert {drawn(last, debtor) for debtor in DEBTORS} == {"amable"}


@given(st.lists(st.integers(1, 50), min_size=2, max_size=6), st.data())
def test_whatever_the_weights_a_neighbour_takes_them_over(weights: list[int], data: st.DataObject) -> None:
    before = [Variant(str(number), weight) for number, weight in enumerate(weights)]
    gone = data.draw(st.integers(0, len(before) - 1))
    to_the_left = data.draw(st.integers(0, weights[gone]))
    shares = {gone - 1: to_the_left, gone + 1: weights[gone] - to_the_left}
    if gone == 0:
        shares = {1: weights[gone]}
    elif gone == len(before) - 1:
        shares = {gone - 1: weights[gone]}
    after = [
        Variant(each.template, each.weight + shares.get(number, 0))
        for number, each in enumerate(before)
        if number != gone
    ]
    for debtor in DEBTORS[:40]:
        assert drawn(before, debtor) in (before[gone].template, drawn(after, debtor))
