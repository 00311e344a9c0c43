"""One version of a campaign: what it says, what it would do, and the decision of the second person."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Sequence
from functools import partial
from typing import Any

from nicegui import ui

from campaigns.definition import Problem
from services import campaign_review as review
from services.campaign_diff import differences, texts_of_version
from services.campaign_review import Actor, ReviewProblem
from services.campaign_texts import DEFINITION, Checked, Texts, TextsProblem, checked
from services.console import campaign_words, kit, source, trail
from services.console.actions import Deed, Refusal, act, ask_reason
from services.console.asking import confirm
from services.console.page import Page
from services.console.pages import version_preview, version_simulation
from services.console.pages.campaigns import row_of
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Words
from services.store import campaign_reviews as store
from services.store import campaigns as versions
from services.store.campaign_reviews import VersionEntry
from services.store.campaigns import AlteredContent, VersionRow

say = Words(
    {
        "unknown": ("No hay una versión con esa referencia.", "There is no version of that reference."),
        "altered": (
            "Lo guardado ya no es lo que se envió. No se puede aprobar.",
            "What is stored is not what was submitted. It can't be approved.",
        ),
        "facts": ("Datos", "Facts"),
        "state": ("Estado", "State"),
        "submitted_by": ("Envió", "Submitted by"),
        "approved_by": ("Aprobó", "Approved by"),
        "created": ("Creada", "Made"),
        "fingerprint": ("Huella del contenido", "Fingerprint of the contents"),
        "own": (
            "Usted envió esta versión: la aprueba otra persona.",
            "You submitted this version: somebody else approves it.",
        ),
        "approve": ("Aprobar", "Approve"),
        "approve_title": ("Aprobar {campaign} v{version}", "Approve {campaign} v{version}"),
        "approve_told": (
            "Empieza a correr en menos de un segundo, en lugar de la que corre ahora, tal como se muestra aquí.",
            "It runs within a second, in the place of what runs now, exactly as it is shown here.",
        ),
        "approved": ("La versión corre.", "The version runs."),
        "back": ("Volver a esta versión", "Roll back to this version"),
        "reject": ("Rechazar", "Reject"),
        "reject_title": ("Rechazar {campaign} v{version}", "Reject {campaign} v{version}"),
        "reject_told": (
            "Es definitivo: para intentarlo de nuevo hay que enviar una versión con número mayor.",
            "This is final: another try needs a version with a higher number.",
        ),
        "rejected": ("La versión quedó rechazada.", "The version is rejected."),
        "lint": ("Revisión", "Lint"),
        "clean": ("Sin problemas con los archivos de hoy.", "No problems with today's files."),
        "found": ("Problemas: {count}", "Problems: {count}"),
        "checking": ("Revisando…", "Checking…"),
        "definition": ("Definición", "Definition"),
        "segments": ("Segmentos", "Segments"),
        "templates": ("Plantillas", "Templates"),
        "diff": ("Diferencias con lo que corre (v{version})", "Differences from what runs (v{version})"),
        "same": ("No hay diferencias.", "There are no differences."),
        "copy": ("Hacer una versión nueva a partir de esta", "Make a new version from this one"),
        "first": ("No corre ninguna otra versión con la que comparar.", "No other version runs to compare with."),
    }
)


async def build(visit: Visit) -> None:
    """The page."""
    campaign, wanted = visit.params["name"], visit.params["version_id"]
    entries: Sequence[VersionEntry] = await visit.reading(store.entries, campaign)
    entry = next((each for each in entries if str(each.id) == wanted), None)
    kit.link(campaign, f"/campaigns/{campaign}")
    if entry is None:
        kit.notice(visit.say(say, "unknown"), tone="doubt")
        return
    kit.text("h2", f"{campaign} · v{entry.version}")
    with kit.card(visit.say(say, "facts"), wide=True):
        _facts(visit, entry)
        if visit.may(Right.AUTHOR):
            kit.link(visit.say(say, "copy"), f"/draft?from={entry.id}")
    try:
        row: VersionRow = await visit.reading(versions.version, entry.id)
    except AlteredContent:
        kit.notice(visit.say(say, "altered"), tone="bad")
        return
    _decide(visit, entry)
    await version_simulation.draw(visit, entry)
    await _difference(visit, entry, row, entries)
    _content(visit, row)


def _facts(visit: Visit, entry: VersionEntry) -> None:
    pairs = [
        ("state", campaign_words.state(visit, row_of(entry))),
        ("submitted_by", entry.submitted_by or "—"),
        ("approved_by", entry.approved_by or "—"),
        ("created", visit.formats.instant(entry.created_at)),
        ("fingerprint", entry.fingerprint.hex()),
    ]
    kit.facts([(visit.say(say, name), value) for name, value in pairs])


def _decide(visit: Visit, entry: VersionEntry) -> None:
    """The buttons of the second person; whoever submitted it is told why there are none."""
    may = visit.may(Right.APPROVE) and entry.submitted_by is not None and entry.state != "rejected"
    if not may or (entry.runs and entry.approved_by is not None):
        return
    if review.same_person(entry.submitted_by or "", trail.actor(visit.visitor.name)):
        kit.notice(visit.say(say, "own"), tone="doubt")
        return
    with kit.tag("div").classes("p-controls"):
        label = visit.say(say, "approve" if entry.waits else "back")
        kit.button(label, partial(_approve, visit, entry), tone="good", icon="check")
        if entry.waits:
            kit.button(visit.say(say, "reject"), partial(_reject, visit, entry), tone="bad", icon="close")


async def _approve(visit: Visit, entry: VersionEntry) -> None:
    title = visit.say(say, "approve_title", campaign=entry.campaign, version=entry.version)
    if await confirm(visit, title, visit.say(say, "approve_told"), tone="good"):
        by = Actor(trail.actor(visit.visitor.name), visit.now())
        await _do(visit, entry, lambda c: review.approve(c, entry.campaign, entry.version, by), "approved")


async def _reject(visit: Visit, entry: VersionEntry) -> None:
    title = visit.say(say, "reject_title", campaign=entry.campaign, version=entry.version)
    reason = await ask_reason(visit, title, visit.say(say, "reject_told"), tone="bad")
    if reason is not None:
        by = Actor(trail.actor(visit.visitor.name), visit.now())
        step = partial(review.reject, campaign=entry.campaign, version=entry.version, by=by, reason=reason)
        await _do(visit, entry, step, "rejected")


async def _do(visit: Visit, entry: VersionEntry, step: Any, done: str) -> None:
    """Take the step; the service writes it into the history and the audit log."""

    async def work(connection: Any) -> VersionEntry:
        try:
            taken: Awaitable[VersionEntry] = step(connection)
            return await taken
        except ReviewProblem as problem:
            raise Refusal(str(problem)) from None

    deed = Deed(Right.APPROVE, None, f"campaign/{entry.campaign}/{entry.version}")
    if await act(visit, deed, work, done=visit.say(say, done)):
        ui.navigate.reload()


async def _difference(visit: Visit, entry: VersionEntry, row: VersionRow, entries: Sequence[VersionEntry]) -> None:
    running = next((each for each in entries if each.runs and each.id != entry.id), None)
    if running is None:
        if entry.waits:
            kit.text("p", visit.say(say, "first")).classes("p-hint")
        return
    before: VersionRow = await visit.reading(versions.version, running.id)
    names = {"before_name": f"v{running.version}", "after_name": f"v{entry.version}"}
    lines = list(differences(texts_of_version(before), texts_of_version(row), **names))
    title = visit.say(say, "diff", version=running.version)
    with kit.card(title, wide=True):
        if lines:
            source.diff(lines, label=title)
        else:
            kit.empty(visit.say(say, "same"))


def _content(visit: Visit, row: VersionRow) -> None:
    """Its texts at once; checks and previews take their time and are shown when they are done."""
    place = ui.element("div")
    with place:
        kit.text("p", visit.say(say, "checking")).classes("p-hint")
    with kit.card(visit.say(say, "definition"), wide=True):
        source.yaml(row.definition, {}, label=visit.say(say, "definition"))
    if row.segments is not None:
        with kit.card(visit.say(say, "segments"), wide=True):
            source.yaml(row.segments, {}, label=visit.say(say, "segments"))
    with kit.card(visit.say(say, "templates"), wide=True):
        for path, text in sorted(row.templates.items()):
            with kit.tag("details"):
                kit.text("summary", path)
                source.plain(text, label=path)

    async def look() -> None:
        found, problems = await looked_at(visit, Texts(row.definition, row.segments, row.templates, whole=True))
        place.clear()
        with place:
            with kit.card(visit.say(say, "lint"), wide=True):
                lint(visit, problems)
                if lines := by_line(visit, problems):
                    source.yaml(row.definition, lines, label=visit.say(say, "lint"))
            if found is not None:
                await version_preview.draw(visit, found)

    ui.timer(0.05, look, once=True, immediate=False)


async def looked_at(visit: Visit, texts: Texts) -> tuple[Checked | None, Sequence[Problem]]:
    """The definition where it may run, and what the checks found."""
    parts = visit.console.parts
    try:
        return await asyncio.to_thread(checked, parts.settings, texts, visit.now(), parts.policy.law), ()
    except TextsProblem as problem:
        return None, problem.problems


def lint(visit: Visit, found: Sequence[Problem]) -> None:
    """What the checks found, or that they found nothing."""
    if not found:
        kit.notice(visit.say(say, "clean"), tone="good")
        return
    kit.notice(visit.say(say, "found", count=visit.formats.number(len(found))), tone="bad")
    with kit.tag("ul"):
        for each in found:
            kit.text("li", visit.told(each.told))


def by_line(visit: Visit, found: Sequence[Problem]) -> dict[int, list[str]]:
    """The findings about the definition's own lines."""
    lines: defaultdict[int, list[str]] = defaultdict(list)
    for each in found:
        if each.file == DEFINITION:
            lines[each.line].append(visit.told(each.message))
    return dict(lines)


PAGE = Page("/campaigns/{name}/{version_id}", ("Versión de una campaña", "Campaign version"), Right.READ, build)
