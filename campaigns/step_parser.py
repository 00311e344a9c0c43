"""Reads one step of a definition."""

from campaigns import content_parser, values
from campaigns.definition import Fallback, Step, StepEvent, Unless
from campaigns.fields import Fields, Reader
from campaigns.yaml_source import Node
from schemas.enums import Channel
from schemas.told import Told, told

STEP_KEYS = (
    "id",
    "at",
    "on",
    "between",
    "expires",
    "when",
    "channels",
    "fallback",
    "template",
    "variants",
    "choose",
    "task",
)
FALLBACK_KEYS = ("after", "unless")
_CONTENT = ("template", "choose", "variants", "task")
_OF_MESSAGES = ("channels", "fallback")
_ANSWERING = frozenset({Channel.SMS, Channel.WHATSAPP})
_UNUSED = told("this step is never used", "este paso nunca se usa")
_UNTIMED = told(
    "a step needs 'at' (such as due_date - 3d) or 'on' (such as payment.received)",
    "un paso necesita 'at' (como due_date - 3d) u 'on' (como payment.received)",
)


def read_step(reader: Reader, node: Node, *, calendar: bool) -> Step:
    """A step, its faults noted and left empty; `calendar` says that the campaign has a schedule."""
    before = len(reader.problems)
    fields = Fields(reader, node, told("a step", "un paso"), STEP_KEYS, ("id",))
    if fields.entries:
        _check_trigger(fields, calendar=calendar)
        _check_content(fields)
    read, with_channels = fields.read, fields.has("channels")
    step = Step(
        id=read("id", lambda value, key: reader.parsed(value, key, values.name, values.NAME)) or "",
        at=read("at", lambda value, key: reader.parsed(value, key, values.days_from_due, values.AT)),
        on=read("on", lambda value, _: _event(reader, value)),
        between=read("between", lambda value, key: reader.parsed(value, key, values.hours, values.BETWEEN)),
        expires=read("expires", reader.duration),
        channels=read("channels", lambda value, key: content_parser.read_channels(reader, value, key)) or (),
        template=read("template", lambda value, key: content_parser.read_template(reader, value, key)),
        variants=read("variants", lambda value, key: content_parser.read_variants(reader, value, key)) or (),
        choose=read("choose", lambda value, _: content_parser.read_choices(reader, value, with_channels)) or (),
        fallback=read("fallback", lambda value, _: _fallback(reader, value)),
        when=read("when", lambda value, _: content_parser.read_condition(reader, value, _UNUSED)),
        task=read("task", lambda value, _: content_parser.read_task(reader, value)),
    )
    if len(reader.problems) == before:
        _check_fallback(fields, step)
        _check_answer(fields, step)
    return step


def _check_trigger(fields: Fields, *, calendar: bool) -> None:
    reader, given = fields.reader, [key for key in ("at", "on") if fields.has(key)]
    if calendar:
        for key in given:
            english = "remove '{key}': the steps of a schedule come when its cron does"
            spanish = "quite '{key}': los pasos de un calendario llegan cuando su cron"
            reader.fault(fields.place(key), told(english, spanish, key=key))
    elif len(given) == 2:
        reader.fault(
            fields.place("on"), told("a step has 'at' or 'on', not both", "un paso tiene 'at' u 'on', no los dos")
        )
    elif not given:
        reader.fault(fields.node, _UNTIMED)


def _check_content(fields: Fields) -> None:
    reader, given = fields.reader, [key for key in _CONTENT if fields.has(key)]
    if not given:
        english, spanish = "a step needs one of {known}", "un paso necesita uno de {known}"
        reader.fault(fields.node, told(english, spanish, known=", ".join(_CONTENT)))
    for extra in given[1:]:
        english = "a step has one of {known}, and '{given}' is there already"
        spanish = "un paso tiene uno de {known}, y ya está '{given}'"
        reader.fault(fields.place(extra), told(english, spanish, known=", ".join(_CONTENT), given=given[0]))
    if given == ["task"]:
        for key in _OF_MESSAGES:
            if fields.has(key):
                english, spanish = (
                    "remove '{key}': a task sends no message",
                    "quite '{key}': una tarea no envía mensajes",
                )
                reader.fault(fields.place(key), told(english, spanish, key=key))
    if given in (["template"], ["variants"]) and not fields.has("channels"):
        english = "'channels' is missing in a step with '{given}': add it"
        reader.fault(fields.node, told(english, "falta 'channels' en un paso con '{given}': agréguelo", given=given[0]))


def _check_fallback(fields: Fields, step: Step) -> None:
    ways = [choice.channels or step.channels for choice in step.choose] or [step.channels]
    if step.fallback is not None and all(len(channels) < 2 for channels in ways):
        english = "'fallback' needs two channels or more: add one or remove it"
        spanish = "'fallback' necesita dos canales o más: agregue uno o quítelo"
        fields.reader.fault(fields.place("fallback"), told(english, spanish))


def _check_answer(fields: Fields, step: Step) -> None:
    """An answer goes back by the channel of the reply, at once or as soon as the law permits, and only once."""
    if step.on is None or not step.on.is_reply:
        return
    for key in ("task", "fallback", "between", "choose", "variants", "when"):
        if fields.has(key):
            english = "remove '{key}': an answer to a reply has a template alone"
            spanish = "quite '{key}': una contestación lleva solo una plantilla"
            fields.reader.fault(fields.place(key), told(english, spanish, key=key))
    if not set(step.channels) <= _ANSWERING:
        english = "replies are answered by sms and whatsapp alone"
        fields.reader.fault(
            fields.place("channels"), told(english, "las respuestas se contestan solo por sms y whatsapp")
        )


def _event(reader: Reader, node: Node) -> StepEvent | None:
    return reader.word(node, "on", StepEvent)


def _fallback(reader: Reader, node: Node) -> Fallback | None:
    fields = Fields(reader, node, Told("'fallback'"), FALLBACK_KEYS, ("after",))
    after = fields.read("after", reader.duration)
    unless = fields.read("unless", lambda value, key: reader.word(value, key, Unless))
    return Fallback(after, unless or Unless.DELIVERED) if after is not None else None
