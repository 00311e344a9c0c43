"""Every message of a definition as a debtor who does not exist would get it, on the page of a version."""

import asyncio
from collections.abc import Sequence
from typing import Any

from nicegui import ui

from campaigns.definition import Step
from schemas.enums import Channel
from schemas.told import NOTHING
from services.campaign_texts import Checked
from services.console import kit
from services.console.visit import Visit
from services.console.words import Words
from services.preview import Preview, PreviewProblem, Wanted, preview
from services.sample_debtor import sample_debtor
from services.simulation.rig import rig_of

say = Words(
    {
        "title": ("Vista previa", "Preview"),
        "lead": (
            "Para María Ejemplo, que no existe: número, monto y fecha son inventados.",
            "For María Ejemplo, who does not exist: number, amount and date are made up.",
        ),
        "step": ("Paso", "Step"),
        "language": ("Idioma", "Language"),
        "task": ("Este paso es una tarea para personas: {type}.", "This step is a task for people: {type}."),
        "length": (
            "{characters} caracteres, {encoding}, {parts} partes",
            "{characters} characters, {encoding}, {parts} parts",
        ),
        "characters": ("{characters} caracteres", "{characters} characters"),
        "subject": ("Asunto", "Subject"),
        "template": ("Plantilla {name} ({code})", "Template {name} ({code})"),
        "html": ("Así se ve el correo", "What the email looks like"),
        "problem": ("No se puede escribir: {problem}", "It can't be written: {problem}"),
    }
)


async def draw(visit: Visit, found: Checked) -> None:
    """The part of the page."""
    steps = {step.id: step for step in found.definition.steps}
    languages = sorted({path.partition("/")[0] for path in found.submission.content.manifest.templates}) or ["es"]
    with kit.card(visit.say(say, "title"), wide=True):
        kit.text("p", visit.say(say, "lead")).classes("p-hint")
        with kit.tag("div").classes("p-form"):
            step = ui.select(list(steps), value=next(iter(steps)), label=visit.say(say, "step"))
            first = found.definition.language if found.definition.language in languages else languages[0]
            language = ui.select(languages, value=first, label=visit.say(say, "language"))
        place = ui.element("div")

        async def show() -> None:
            await _show(visit, found, steps[str(step.value)], str(language.value), place)

        step.on_value_change(show)
        language.on_value_change(show)
        await show()


async def _show(visit: Visit, found: Checked, step: Step, language: str, place: Any) -> None:
    if step.task is not None:
        place.clear()
        with place:
            kit.text("p", visit.say(say, "task", type=step.task.type.value))
        return
    try:
        shown = await asyncio.to_thread(_messages, visit, found, step.id, language)
    except PreviewProblem as problem:
        place.clear()
        with place:
            kit.notice(visit.say(say, "problem", problem=visit.told(problem.message)), tone="doubt")
        return
    place.clear()
    with place, kit.grid():
        for each in shown:
            _message(visit, each)


def _messages(visit: Visit, found: Checked, step: str, language: str) -> Sequence[Preview]:
    """The messages by every channel of the step; compiling and rendering takes a thread of its own."""
    definition, now = found.definition, visit.now()
    rig = rig_of(visit.console.parts.settings, [definition], found.segments, found.surroundings)
    product = next(iter(definition.audience.products or ()), None)
    debtor = sample_debtor(rig, creditor=definition.creditor, product=product, language=language, now=now)
    return preview(rig, debtor, Wanted(step), now)


def _message(visit: Visit, shown: Preview) -> None:
    with kit.card(visit.channel(shown.channel.value)).classes("p-preview"):
        if shown.content is None:
            kit.notice(visit.say(say, "problem", problem=visit.told(shown.problem or NOTHING)), tone="bad")
            return
        content, document = shown.content, shown.document()
        kit.text("p", visit.say(say, "template", name=shown.template, code=shown.language)).classes("p-hint")
        if content.subject:
            kit.facts([(visit.say(say, "subject"), content.subject)])
        kit.text("pre", content.text, tabindex="0").classes("p-pre p-bubble")
        sms = shown.channel is Channel.SMS
        length = {name: document.get(name) for name in ("characters", "encoding", "parts")}
        kit.text("p", visit.say(say, "length" if sms else "characters", **length)).classes("p-hint")
        if content.html:
            _email(visit, content.html)


def _email(visit: Visit, html: str) -> None:
    """The email in a frame that may run nothing and load nothing."""
    title = visit.say(say, "html")
    with kit.tag("details"):
        kit.text("summary", title)
        frame = kit.tag("iframe", title=title, sandbox="", loading="lazy").classes("p-frame")
        frame.props["srcdoc"] = html
