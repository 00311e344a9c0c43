"""A version put forward: its text checked, simulated over a portfolio, and submitted for somebody else to approve."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nicegui import events, ui

from campaigns.definition import Problem
from services import campaign_review as review
from services.campaign_review import Actor, ReviewProblem, Submission
from services.campaign_texts import Checked, Texts, service_templates
from services.console import kit, simulation_view, source, trail
from services.console.actions import Deed, Refusal, act
from services.console.page import Page
from services.console.pages import version_preview
from services.console.pages.draft_templates import DraftTemplates
from services.console.pages.version import by_line, lint, looked_at
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Words
from services.imports.columns import PortfolioProblem
from services.simulation.uploaded import simulate_uploaded
from services.store import campaigns as versions
from services.store.campaigns import AlteredContent, VersionRow

say = Words(
    {
        "lead": (
            "Escriba la definición o elija su archivo; las plantillas van abajo. Los segmentos son los del servicio.",
            "Write the definition, or choose its file; templates follow below. Segments are those of this service.",
        ),
        "definition": ("Definición (YAML)", "Definition (YAML)"),
        "file": ("Archivo de la definición", "The definition's file"),
        "check": ("Revisar", "Check"),
        "clean": ("Sin problemas.", "No problems."),
        "faulty": ("Hay problemas; véalos abajo.", "There are problems; see below."),
        "empty": ("Falta la definición.", "There is no definition yet."),
        "simulate": ("Simulación", "Simulation"),
        "simulate_lead": (
            "Corre la definición sobre una cartera (CSV, XLSX o Parquet) sin enviar nada. El archivo no se guarda.",
            "Runs the definition over a portfolio (CSV, XLSX or Parquet), sending nothing. The file is not kept.",
        ),
        "start": ("Primer día", "First day"),
        "days": ("Días", "Days"),
        "portfolio": ("Cartera: al elegir el archivo se simula", "Portfolio: choosing the file simulates"),
        "running": ("Simulando…", "Simulating…"),
        "too_large": (
            "El archivo es demasiado grande o no es de este tipo.",
            "The file is too large, or of no such type.",
        ),
        "bad_span": (
            "El primer día como 2026-11-24, y de 1 a 366 días.",
            "The first day as 2026-11-24, and 1 to 366 days.",
        ),
        "submit": ("Enviar a revisión", "Submit for approval"),
        "submit_lead": (
            "Otra persona la aprueba. Sin simulación también se puede enviar; quien aprueba lo verá.",
            "Somebody else approves it. It may go without a simulation; the approver will see that.",
        ),
        "changed": ("El texto cambió: revíselo otra vez.", "The text has changed: check it again."),
        "submitted": ("Quedó enviada a revisión.", "It was submitted for approval."),
    }
)
_MOST_TEXT = 65_536
_MOST_FILE = 8 * 1024 * 1024
_LONGEST = 366


@dataclass(frozen=True, slots=True)
class Written:
    """What an author has written: the definition, and the templates that belong to it."""

    text: str = ""
    templates: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """What was checked, and the simulation that was made of exactly that."""

    written: Written = Written()
    found: Checked | None = None
    report: str | None = None

    def submission(self) -> Submission | None:
        """What would be submitted now."""
        if self.found is None:
            return None
        submission = self.found.submission
        return submission if self.report is None else submission.simulated(self.report)


async def build(visit: Visit) -> None:
    """The page."""
    draft = Draft()
    kit.text("p", visit.say(say, "lead"))
    now = await _editors(visit)
    with kit.tag("div").classes("p-controls"):
        kit.button(visit.say(say, "check"), lambda: check(), icon="rule")
    answer = ui.element("div")

    async def check() -> None:
        draft.written, draft.found, draft.report = now(), None, None
        answer.clear()
        if not draft.written.text.strip():
            ui.notify(visit.say(say, "empty"), type="negative")
            return
        draft.found, problems = await looked_at(visit, Texts(draft.written.text, None, draft.written.templates))
        good = draft.found is not None
        ui.notify(visit.say(say, "clean" if good else "faulty"), type="positive" if good else "negative")
        with answer:
            await _answer(visit, draft, problems, now)


async def _editors(visit: Visit) -> Callable[[], Written]:
    """The fields to write in; gives what they say now."""
    given, templates = await _given(visit)
    with kit.card(visit.say(say, "definition"), wide=True):
        label = visit.say(say, "definition")
        area = ui.textarea(label, value=given).props(f"outlined rows=16 maxlength={_MOST_TEXT}")
        area.classes("w-full p-code")

        async def chosen(event: events.UploadEventArguments) -> None:
            area.value = (await event.file.read()).decode("utf-8", "replace")

        with kit.tag("div").classes("p-controls"):
            _file(visit, visit.say(say, "file"), ".yaml,.yml", _MOST_TEXT).on_upload(chosen)
    service = await asyncio.to_thread(service_templates, visit.console.parts.settings)
    editor = DraftTemplates(
        visit, service, {path: text for path, text in templates.items() if service.get(path) != text}
    )
    return lambda: Written(str(area.value or ""), editor.texts)


def _file(visit: Visit, label: str, kinds: str, most: int) -> ui.upload:
    """A button that asks for a file, over a field for files that nobody sees."""
    upload = ui.upload(auto_upload=True, max_file_size=most).props(f"accept={kinds}").classes("p-upload")
    upload.on("rejected", lambda: ui.notify(visit.say(say, "too_large"), type="negative"))
    button = kit.button(label, lambda: None, tone="quiet", icon="upload_file")
    button.on("click", js_handler=f"() => getElement({upload.id}).pickFiles()")
    return upload


async def _given(visit: Visit) -> tuple[str, Mapping[str, str]]:
    """The definition and templates of the version that the address names, to begin from."""
    wanted = visit.query.get("from", "")
    if not wanted.isdecimal():
        return "", {}
    try:
        row: VersionRow = await visit.reading(versions.version, int(wanted))
    except (AlteredContent, TypeError):
        return "", {}
    return row.definition, row.templates


async def _answer(visit: Visit, draft: Draft, problems: Any, now: Callable[[], Written]) -> None:
    faults: tuple[Problem, ...] = tuple(problems)
    lint(visit, faults)
    if draft.found is None:
        source.yaml(draft.written.text, by_line(visit, faults), label=visit.say(say, "definition"))
        return
    await version_preview.draw(visit, draft.found)
    _simulation(visit, draft)
    with kit.card(visit.say(say, "submit"), wide=True):
        kit.text("p", visit.say(say, "submit_lead"))
        kit.button(visit.say(say, "submit"), lambda: _submit(visit, draft, now()), icon="send")


def _simulation(visit: Visit, draft: Draft) -> None:
    with kit.card(visit.say(say, "simulate"), wide=True):
        kit.text("p", visit.say(say, "simulate_lead")).classes("p-hint")
        with kit.tag("div").classes("p-form"):
            start = ui.input(visit.say(say, "start"), value=visit.now().date().isoformat())
            start.props("type=date stack-label")
            days = ui.number(visit.say(say, "days"), value=30, min=1, max=_LONGEST, precision=0)
            upload = _file(visit, visit.say(say, "portfolio"), ".csv,.xlsx,.parquet", _MOST_FILE)
        place = ui.element("div")

    async def run(event: events.UploadEventArguments) -> None:
        upload.reset()
        place.clear()
        with place:
            kit.text("p", visit.say(say, "running")).classes("p-hint")
        shown = await _simulated(visit, draft, event, start=str(start.value), days=int(days.value or 0))
        place.clear()
        with place:
            if isinstance(shown, str):
                kit.notice(shown, tone="bad")
            else:
                simulation_view.draw(visit, shown)

    upload.on_upload(run)


async def _simulated(
    visit: Visit, draft: Draft, event: events.UploadEventArguments, *, start: str, days: int
) -> dict[str, Any] | str:
    """The result, kept in the draft, or why there is none."""
    assert draft.found is not None
    draft.report = None
    try:
        first = date.fromisoformat(start)
    except ValueError:
        return visit.say(say, "bad_span")
    if not 1 <= days <= _LONGEST:
        return visit.say(say, "bad_span")
    with TemporaryDirectory(prefix="puntual-console-") as folder:
        file = Path(folder) / f"portfolio{Path(event.file.name).suffix.lower()}"
        await event.file.save(file)
        settings = visit.console.parts.settings
        run = partial(simulate_uploaded, settings, draft.found, file, start=first, days=days, name=event.file.name)
        try:
            result = await asyncio.to_thread(run)
        except PortfolioProblem as problem:
            return str(problem).replace(str(file), event.file.name)
    draft.report = json.dumps(result, ensure_ascii=False, indent=2, default=str)
    return dict(json.loads(draft.report))


async def _submit(visit: Visit, draft: Draft, written: Written) -> None:
    submission = draft.submission()
    if submission is None or written != draft.written:
        ui.notify(visit.say(say, "changed"), type="negative")
        return

    async def work(connection: Any) -> int:
        by = Actor(trail.actor(visit.visitor.name), visit.now())
        try:
            return (await review.submit(connection, submission, by)).id
        except ReviewProblem as problem:
            raise Refusal(str(problem)) from None

    deed = Deed(Right.AUTHOR, None, f"campaign/{submission.campaign}/{submission.version}")
    version_id = await act(visit, deed, work, done=visit.say(say, "submitted"))
    if version_id is not None:
        ui.navigate.to(f"/campaigns/{submission.campaign}/{version_id}")


PAGE = Page("/draft", ("Enviar una versión", "Submit a version"), Right.AUTHOR, build)
