"""Definitions whose conditions, holdout and variants tell what they were asked, so that a course can be followed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial

from campaigns.conditions import Condition, Facts, Segments
from campaigns.definition import Definition, Step, Variant
from campaigns.experiment import held_out, pick_variant
from schemas.enums import Channel
from services.simulation.watch import Watch
from templates.catalog import TemplateCatalog

OWN = frozenset(
    {
        "debtor.segment",
        "debtor.risk_score",
        "debtor.region",
        "debtor.language",
        "debtor.tags",
        "loan.product",
        "loan.total_outstanding",
        "loan.overdue_amount",
        "installment.number",
        "installment.amount",
    }
)
"""What conditions read that may differ between debtors of one kind."""

_STEADY = OWN - {"loan.overdue_amount"}


@dataclass(frozen=True, slots=True)
class Watched(Condition):
    """A condition that tells; `steady` where nothing that it reads changes in a simulation."""

    watch: Watch = field(compare=False, repr=False)
    steady: bool = field(compare=False, repr=False)

    def evaluate(self, facts: Facts) -> bool:
        """As the condition."""
        holds = Condition.evaluate(self, facts)
        self.watch.held(self, facts, holds, steady=self.steady)
        return holds

    def number(self, facts: Facts) -> float | None:
        """As the condition."""
        return self.watch.rank(self, facts, steady=self.steady) if self.watch.on else Condition.number(self, facts)


class _Holdout(Decimal):
    """A share that tells when it is looked at."""

    look: Callable[[], None]

    def __bool__(self) -> bool:
        self.look()
        return super().__bool__()


class _Variants(tuple[Variant, ...]):
    """Variants that tell when they are looked at."""

    look: Callable[[], None]

    def __bool__(self) -> bool:
        self.look()
        return len(self) > 0


def neutral_wishes(definitions: Sequence[Definition]) -> frozenset[str]:
    """Channels that come first wherever they stand, so that preferring them changes nothing."""
    steps = [step for each in definitions for step in each.steps]
    orders = [step.channels for step in steps] + [choice.channels for step in steps for choice in step.choose]
    later = {channel for order in orders for channel in order[1:]}
    return frozenset(channel.value for channel in Channel if channel not in later)


def watched(definition: Definition, segments: Segments, templates: TemplateCatalog, watch: Watch) -> Definition:
    """The definition, with conditions, holdout and variants that tell."""
    audience = replace(definition.audience, when=_watched(definition.audience.when, segments, watch))
    return replace(
        definition,
        audience=audience,
        holdout=_holdout(definition, watch),
        priority=_watched(definition.priority, segments, watch),
        steps=tuple(_step(definition, step, segments, templates, watch) for step in definition.steps),
    )


def _holdout(definition: Definition, watch: Watch) -> Decimal | None:
    if definition.holdout is None:
        return None
    holdout = _Holdout(definition.holdout)
    holdout.look = partial(watch.drawn, partial(held_out, definition))
    return holdout


def _step(definition: Definition, step: Step, segments: Segments, templates: TemplateCatalog, watch: Watch) -> Step:
    alike = _alike(definition, step, templates)
    for variants in alike:
        watch.know(definition.campaign, step.id, variants)
    known = set(map(id, alike))

    def told(variants: tuple[Variant, ...]) -> tuple[Variant, ...]:
        return variants if id(variants) in known else _variants(definition, step, variants, watch)

    choose = tuple(
        replace(choice, when=_watched(choice.when, segments, watch), variants=told(choice.variants))
        for choice in step.choose
    )
    return replace(step, when=_watched(step.when, segments, watch), variants=told(step.variants), choose=choose)


def _alike(definition: Definition, step: Step, templates: TemplateCatalog) -> list[tuple[Variant, ...]]:
    """The variants of a step that exist for the same languages by its channels, if each template stands there once."""
    given = [(step.variants, step.channels), *((each.variants, each.channels or step.channels) for each in step.choose)]
    names = [variant.template for variants, _ in given for variant in variants]
    if len(set(names)) < len(names):
        return []
    languages = {definition.language, *(each.language for each in templates.templates())}

    def there(name: str, channel: Channel, language: str) -> bool:
        return templates.find(name, channel, language, definition.language) is not None

    return [
        variants
        for variants, channels in given
        if all(
            len({there(each.template, channel, language) for each in variants}) == 1
            for channel in channels
            for language in languages
            if variants
        )
    ]


def _variants(definition: Definition, step: Step, variants: tuple[Variant, ...], watch: Watch) -> tuple[Variant, ...]:
    if not variants:
        return variants

    def draw(debtor_ref: str) -> object:
        return pick_variant(variants, campaign=definition.campaign, step=step.id, debtor_ref=debtor_ref)

    told = _Variants(variants)
    told.look = partial(watch.drawn, draw)
    return told


def _watched(condition: Condition | None, segments: Segments, watch: Watch) -> Condition | None:
    if condition is None:
        return None
    reads = frozenset(name for name in condition.reads if not name.startswith("segments."))
    if condition.reads_segments:
        reads |= {name for each in segments.conditions.values() for name in each.reads}
    if not reads & OWN:
        return condition
    return Watched(
        condition.text,
        condition.program,
        condition.reads,
        condition.reads_segments,
        condition.plain,
        watch,
        reads <= _STEADY,
    )
