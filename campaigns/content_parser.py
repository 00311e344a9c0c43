"""Reads what a step sends: channels, templates, variants, the branches of `choose`, and tasks."""

from collections.abc import Sequence

from campaigns import values
from campaigns.branches import never_first
from campaigns.conditions import Condition, compile_condition, facts
from campaigns.definition import Choice, TaskSpec, TaskType, Variant
from campaigns.fields import Fields, Reader
from campaigns.yaml_source import Node
from schemas.enums import Channel

CHOICE_KEYS = ("when", "channels", "template", "variants")
VARIANT_KEYS = ("template", "weight")
TASK_KEYS = ("type", "queue")
_NOTHING_KNOWN = facts()


def read_channels(reader: Reader, node: Node, key: str) -> tuple[Channel, ...]:
    """Channels in order of preference."""
    return reader.unique(node, key, lambda item: reader.word(item, key, Channel))


def read_condition(reader: Reader, node: Node, if_never: str) -> Condition | None:
    """A condition; one that no fact can make true is a problem that ends with `if_never`."""
    found = reader.condition(node, "when", compile_condition)
    if found is not None and (found.decided(_NOTHING_KNOWN) is False or never_first([found])):
        reader.fault(node, f"this condition is never true, so {if_never}")
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
    fields = Fields(reader, node, "a variant", VARIANT_KEYS, VARIANT_KEYS)
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
            reader.fault(items[index], "this branch is never used: the ones before it, or its condition, leave nobody")
    return tuple(choice for choice, _ in read)


def _check_reachable(reader: Reader, items: Sequence[Node], read: Sequence[tuple[Choice, bool]]) -> None:
    """Branches after one that always matches, and those that repeat a condition."""
    first_lines: dict[str, int] = {}
    always: int | None = None
    for item, (choice, conditional) in zip(items, read, strict=True):
        line = reader.lines.at(item.start)[0]
        if always is not None:
            reader.fault(item, f"this branch is never used: the one on line {always} always matches")
        elif not conditional or (choice.when and choice.when.decided(_NOTHING_KNOWN)):
            always = line
        elif choice.when and (first := first_lines.setdefault(choice.when.text.strip(), line)) != line:
            reader.fault(item, f"this branch is never used: the one on line {first} has the same condition")


def _choice(reader: Reader, node: Node, *, step_channels: bool) -> tuple[Choice, bool]:
    """A branch, and whether it has a condition at all (one with faults counts)."""
    fields = Fields(reader, node, "a branch of 'choose'", CHOICE_KEYS)
    given = [key for key in ("template", "variants") if fields.has(key)]
    if len(given) == 2:
        reader.fault(fields.place("variants"), "a branch has 'template' or 'variants', not both")
    elif not given and fields.entries:
        reader.fault(node, "a branch of 'choose' needs 'template' or 'variants'")
    if not fields.has("channels") and not step_channels and fields.entries:
        reader.fault(node, "'channels' is missing in a branch of 'choose': add it")
    choice = Choice(
        when=fields.read("when", lambda value, _: read_condition(reader, value, "this branch is never used")),
        channels=fields.read("channels", lambda value, key: read_channels(reader, value, key)) or (),
        template=fields.read("template", lambda value, key: read_template(reader, value, key)),
        variants=fields.read("variants", lambda value, key: read_variants(reader, value, key)) or (),
    )
    return choice, fields.has("when") or not fields.entries


def read_task(reader: Reader, node: Node) -> TaskSpec | None:
    """Work for people."""
    fields = Fields(reader, node, "a task", TASK_KEYS, ("type",))
    task_type = fields.read("type", lambda value, key: reader.word(value, key, TaskType))
    queue = fields.read("queue", reader.string)
    return TaskSpec(task_type, queue) if task_type is not None else None
