"""One campaign: what runs, what it came to, its versions and everything done to them; pause, resume, retire."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from nicegui import ui

from schemas.figures import By, KpiAnswer
from services import campaign_review as review
from services import figures
from services.campaign_review import Actor, ReviewProblem
from services.console import campaign_words, columns, kit, listing, trail
from services.console.actions import Deed, Refusal, act, ask_reason
from services.console.listing import Column, Filters, Listing, Place, Row
from services.console.page import Page
from services.console.pages.campaigns import VERSIONS
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Words
from services.store import campaign_reviews as store
from services.store import console_campaigns as lists
from services.store.campaign_reviews import VersionEntry
from services.store.figures import Only

say = Words(
    {
        "unknown": ("No hay una campaña con ese nombre.", "There is no campaign of that name."),
        "all": ("Todas las campañas", "All campaigns"),
        "runs": ("Corre la versión {version}: {state}.", "Version {version} runs: {state}."),
        "idle": ("Ninguna versión corre.", "No version runs."),
        "waits": (
            "La versión {version} espera aprobación de otra persona que {who}.",
            "Version {version} waits for approval by somebody else than {who}.",
        ),
        "pause": ("Poner en pausa", "Pause"),
        "pause_told": (
            "Sus mensajes esperan, también los de versiones anteriores, hasta que se reanude.",
            "Its messages wait, those of earlier versions too, until it is resumed.",
        ),
        "resume": ("Reanudar", "Resume"),
        "resume_told": ("Sus mensajes siguen, donde aún estén a tiempo.", "Its messages go on, where still in time."),
        "retire": ("Retirar", "Retire"),
        "retire_told": (
            "No se planea nada más. Lo planeado sigue con su versión. Para volver habrá que aprobar una versión.",
            "Nothing more is planned. What is planned goes on under its version. A version must be approved to return.",
        ),
        "paused": ("La campaña está en pausa.", "The campaign is paused."),
        "resumed": ("La campaña sigue.", "The campaign goes on."),
        "retired": ("La campaña quedó retirada.", "The campaign is retired."),
        "versions": ("Versiones", "Versions"),
        "history": ("Historial", "History"),
        "last_30": ("Últimos 30 días", "Last 30 days"),
        "planned": ("Planeados", "Planned"),
        "sent": ("Enviados", "Sent"),
        "delivered": ("Entregados", "Delivered"),
        "replied": ("Respondieron", "Replied"),
        "promised": ("Prometieron pagar", "Promised to pay"),
        "of": ("{share} del paso anterior", "{share} of the step before"),
        "report": ("Informe de resultados", "Report of results"),
    }
)
_DAYS = timedelta(days=30)
_FUNNEL = ("planned", "sent", "delivered", "replied", "promised")
_ICONS = {"pause": "pause", "resume": "play_arrow", "retire": "archive"}
_DONE = {"pause": "paused", "resume": "resumed", "retire": "retired"}

Step = Callable[..., Awaitable[VersionEntry]]
_STEPS: dict[str, Step] = {"pause": review.pause, "resume": review.resume, "retire": review.retire}


async def _read_history(visit: Visit, filters: Filters, after: Place | None, limit: int) -> Sequence[Row]:
    before = after[0] if after else lists.LAST
    rows = await visit.reading(lists.history, filters.get("campaign", ""), before=before, limit=limit)
    return [
        {
            "id": row.id,
            "at": row.at,
            "version": row.version,
            "action": row.action,
            "actor": row.actor,
            "reason": row.reason,
        }
        for row in rows
    ]


HISTORY = Listing(
    name="campaign_history",
    right=Right.READ,
    columns=(
        columns.instant("at", "Cuándo", "When"),
        Column("version", ("Versión", "Version"), lambda v, r: f"v{r['version']}"),
        Column("action", ("Qué", "What"), lambda v, r: campaign_words.step(v, r["action"])),
        columns.plain("actor", "Quién", "Who"),
        columns.plain("reason", "Motivo", "Reason"),
    ),
    read=_read_history,
    place=lambda row: (row["id"],),
    empty=("No se ha hecho nada.", "Nothing was done."),
)


async def build(visit: Visit) -> None:
    """The page."""
    name = visit.params["name"]
    entries: Sequence[VersionEntry] = await visit.reading(store.entries, name)
    kit.link(visit.say(say, "all"), "/campaigns")
    if not entries:
        kit.notice(visit.say(say, "unknown"), tone="doubt")
        return
    kit.text("h2", name)
    _standing(visit, entries)
    await _funnel(visit, name)
    kit.text("h2", visit.say(say, "versions"))
    await listing.table(visit, VERSIONS, {"campaign": name})
    kit.text("h2", visit.say(say, "history"))
    await listing.table(visit, HISTORY, {"campaign": name})


def _standing(visit: Visit, entries: Sequence[VersionEntry]) -> None:
    running = next((entry for entry in entries if entry.runs), None)
    waiting = next((entry for entry in entries if entry.state == "submitted" and entry.waits), None)
    if running is None:
        kit.notice(visit.say(say, "idle"), tone="doubt")
    else:
        told = visit.say(say, "runs", version=running.version, state=visit.state(running.state))
        path = f"/campaigns/{running.campaign}/{running.id}"
        kit.notice(told, tone="good" if running.state == "active" else "doubt", path=path)
    if waiting is not None:
        told = visit.say(say, "waits", version=waiting.version, who=waiting.submitted_by)
        kit.notice(told, tone="doubt", path=f"/campaigns/{waiting.campaign}/{waiting.id}")
    if running is not None and visit.may(Right.STEER):
        steps = ("pause" if running.state == "active" else "resume", "retire")
        with kit.tag("div").classes("p-controls"):
            for step in steps:
                tone = "bad" if step == "retire" else ""
                handler = partial(_take, visit, running.campaign, step)
                kit.button(visit.say(say, step), handler, tone=tone, icon=_ICONS[step])


async def _take(visit: Visit, campaign: str, step: str) -> None:
    """Ask why, and do it; the service writes it into the history and the audit log."""
    title = f"{visit.say(say, step)}: {campaign}"
    reason = await ask_reason(visit, title, visit.say(say, f"{step}_told"), tone="bad" if step == "retire" else "")
    if reason is None:
        return

    async def work(connection: Any) -> VersionEntry:
        by = Actor(trail.actor(visit.visitor.name), visit.now())
        try:
            return await _STEPS[step](connection, campaign, by, reason=reason)
        except ReviewProblem as problem:
            raise Refusal(str(problem)) from None

    deed = Deed(Right.STEER, None, f"campaign/{campaign}")
    if await act(visit, deed, work, done=visit.say(say, _DONE[step])):
        ui.navigate.reload()


async def _funnel(visit: Visit, campaign: str) -> None:
    today = visit.now().date()
    until = today + timedelta(days=1)
    found: KpiAnswer = await visit.reading(
        figures.kpis, since=until - _DAYS, until=until, by=By.CAMPAIGN, today=today, only=Only(campaign=campaign)
    )
    row = next(iter(found.rows), None)
    kit.text("h2", visit.say(say, "last_30"))
    before: int | None = None
    with kit.grid():
        for name in _FUNNEL:
            count = int(getattr(row, name)) if row is not None else 0
            share = visit.say(say, "of", share=visit.formats.share(count / before)) if before else ""
            kit.stat(visit.say(say, name), visit.formats.number(count), hint=share)
            before = count
    kit.link(visit.say(say, "report"), f"/reports/{campaign}")


PAGE = Page(
    "/campaigns/{name}",
    ("Campaña", "Campaign"),
    Right.READ,
    build,
    listings=(HISTORY,),
)
