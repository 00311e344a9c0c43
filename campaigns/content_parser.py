"""Reads what a step sends: channels, templates, variants, the branches of `choose`, and tasks."""

from collections.abc import Sequence

from campaigns import values
from campaigns.branches import never_first
from campaigns.conditions import Condition, compile_condition, facts
from campaigns.definition import Choice, TaskSpec, TaskType, Variant
from campaigns.fields import Fields, Reader
from campaigns.yaml_source import Node
from schemas.enums import Channel
from schemas.told import Told, told

CHOICE_KEYS = ("when", "channels", "template", "variants")
VARIANT_KEYS = ("template", "weight")
TASK_KEYS = ("type", "queue")
_NOTHING_KNOWN = facts()
_BRANCH_UNUSED = told("this branch is never used", "esta rama nunca se usa")
_LEFT_NOBODY = told(
    "this branch is never used: the ones before it, or its condition, leave nobody",
    "esta rama nunca se usa: las anteriores, o su condición, no dejan a nadie",
)


def read_channels(reader: Reader, node: Node, key: str) -> tuple[Channel, ...]:
    """Channels in order of preference."""
    return reader.unique(node, key, lambda item: reader.word(item, key, Channel))


def read_condition(reader: Reader, node: Node, if_never: Told) -> Condition | None:
    """A condition; one that no fact can make true is a problem that ends with `if_never`."""
    found = reader.condition(node, "when", compile_condition)
    if found is not None and (found.decided(_NOTHING_KNOWN) is False or never_first([found])):
        english, spanish = "this condition is never true, so {then}", "esta condición nunca se cumple: {then}"
        reader.fault(node, told(english, spanish, then=if_never))
    return found


def read_template(reader: Reader, node: Node, key: str) -> str | None:
    """The name of a template."""
    if reader.string(node, key) is None:
        return None
    return reader.parsed(node, key, values.template, values.TEMPLATE)


def read_variants(reader: Reader, node: Node, key: str) -> tuple[Variant, ...]:
    """Templates with weights."""
    read = [_variant(reader, item) for item in reader.items(node, key)]
    return tuple(variant for variant in read if variant is not None)


def _variant(reader: Reader, node: Node) -> Variant | None:
    fields = Fields(reader, node, told("a variant", "una variante"), VARIANT_KEYS, VARIANT_KEYS)
    template = fields.read("template", lambda value, key: read_template(reader, value, key))
    weight = fields.read("weight", reader.positive)
    return Variant(template, weight) if template is not None and weight is not None else None


def read_choices(reader: Reader, node: Node, step_channels: bool) -> tuple[Choice, ...]:
    """The branches of `choose`, of which each must be able to win."""
    before = len(reader.problems)
    items = reader.items(node, "choose")
    read = [_choice(reader, item, step_channels=step_channels) for item in items]
    _check_reachable(reader, items, read)
    if len(reader.problems) == before:
        for index in never_first([choice.when for choice, _ in read]):
            reader.fault(items[index], _LEFT_NOBODY)
    return tuple(choice for choice, _ in read)


def _check_reachable(reader: Reader, items: Sequence[Node], read: Sequence[tuple[Choice, bool]]) -> None:
    """Branches after one that always matches, and those that repeat a condition."""
    first_lines: dict[str, int] = {}
    always: int | None = None
    for item, (choice, conditional) in zip(items, read, strict=True):
        line = reader.lines.at(item.start)[0]
        if always is not None:
            english = "this branch is never used: the one on line {line} always matches"
            spanish = "esta rama nunca se usa: la de la línea {line} siempre se cumple"
            reader.fault(item, told(english, spanish, line=always))
        elif not conditional or (choice.when and choice.when.decided(_NOTHING_KNOWN)):
            always = line
        elif choice.when and (first := first_lines.setdefault(choice.when.text.strip(), line)) != line:
            english = "this branch is never used: the one on line {line} has the same condition"
            spanish = "esta rama nunca se usa: la de la línea {line} tiene la misma condición"
            reader.fault(item, told(english, spanish, line=first))


def _choice(reader: Reader, node: Node, *, step_channels: bool) -> tuple[Choice, bool]:
    """A branch, and whether it has a condition at all (one with faults counts)."""
    fields = Fields(reader, node, told("a branch of 'choose'", "una rama de 'choose'"), CHOICE_KEYS)
    given = [key for key in ("template", "variants") if fields.has(key)]
    if len(given) == 2:
        english = "a branch has 'template' or 'variants', not both"
        reader.fault(fields.place("variants"), told(english, "una rama tiene 'template' o 'variants', no las dos"))
    elif not given and fields.entries:
        english = "a branch of 'choose' needs 'template' or 'variants'"
        reader.fault(node, told(english, "una rama de 'choose' necesita 'template' o 'variants'"))
    if not fields.has("channels") and not step_channels and fields.entries:
        english = "'channels' is missing in a branch of 'choose': add it"
        reader.fault(node, told(english, "falta 'channels' en una rama de 'choose': agréguelo"))
    choice = Choice(
        when=fields.read("when", lambda value, _: read_condition(reader, value, _BRANCH_UNUSED)),
        channels=fields.read("channels", lambda value, key: read_channels(reader, value, key)) or (),
        template=fields.read("template", lambda value, key: read_template(reader, value, key)),
        variants=fields.read("variants", lambda value, key: read_variants(reader, value, key)) or (),
    )
    return choice, fields.has("when") or not fields.entries


def read_task(reader: Reader, node: Node) -> TaskSpec | None:
    """Work for people."""
    fields = Fields(reader, node, told("a task", "una tarea"), TASK_KEYS, ("type",))
    task_type = fields.read("type", lambda value, key: reader.word(value, key, TaskType))
    queue = fields.read("queue", reader.string)
    return TaskSpec(task_type, queue) if task_type is not None else None
