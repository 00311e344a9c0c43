"""How a page is made: its address, title and right, the frame around it, and what happens when something fails."""

import copy
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import structlog
from fastapi import Request
from nicegui import context, ui
from starlette.responses import Response

from services.console import frame, kit
from services.console.away_page import AGAIN_SECONDS
from services.console.listing import Listing
from services.console.rights import Right
from services.console.visit import SCOPE, Visit
from services.console.words import Pair
from services.database import UNAVAILABLE
from services.explanation_words import Language

log = structlog.get_logger(__name__)
_BUILD_SECONDS = 30.0
_QUASAR = {Language.ES: "es", Language.EN: "en-US"}


class Section(StrEnum):
    """A group of the menu, in the order of the menu."""

    NOW = "now"
    PEOPLE = "people"
    CAMPAIGNS = "campaigns"
    WORK = "work"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Page:
    """One page; without an icon it is not in the menu. `build` fills the frame."""

    path: str
    title: Pair
    right: Right
    build: Callable[[Visit], Awaitable[None]]
    section: Section = Section.SYSTEM
    icon: str = ""
    listings: Sequence[Listing] = field(default=())


def register(pages: Sequence[Page]) -> None:
    """Make NiceGUI serve these pages; once a process."""
    for page in pages:
        _serve(page, pages)
    _serve(_NOWHERE, pages)


def _serve(page: Page, pages: Sequence[Page]) -> None:
    async def build(request: Request) -> Response | None:
        visit: Visit = request.scope[SCOPE].of(request)
        client = context.client
        client.page = copy.copy(client.page)
        client.page.language = _QUASAR[visit.language]  # type: ignore[assignment]
        client.page.dark = {"light": False, "dark": True}.get(visit.visitor.theme or "")
        client.page.title = f"{visit.pick(page.title)} · Puntual"
        allowed = visit.may(page.right)
        client.status_code = _status(page, allowed=allowed)
        await _framed(page, pages, visit, allowed=allowed)
        return None

    ui.page(page.path, response_timeout=_BUILD_SECONDS)(build)


async def _framed(page: Page, pages: Sequence[Page], visit: Visit, *, allowed: bool) -> None:
    """The page in its frame, or in its place why it can't be shown."""
    menu = [
        (each.section.value, each.path, each.icon, each.title) for each in pages if each.icon and visit.may(each.right)
    ]
    try:
        with await frame.around(visit, page.title, menu, here=page.path):
            if not allowed:
                kit.notice(visit.common("forbidden"), tone="bad")
                return
            await page.build(visit)
    except UNAVAILABLE as error:
        log.warning("console_page_unavailable", page=page.path, error=type(error).__name__)
        _instead(visit, "away")
    except Exception:
        log.exception("console_page_failed", page=page.path)
        _instead(visit, "fault")


def _instead(visit: Visit, key: str) -> None:
    context.client.status_code = 503 if key == "away" else 500
    with ui.element("div").classes("p-page"):
        kit.notice(visit.common(key), tone="bad")
        if key == "away":
            ui.timer(AGAIN_SECONDS, ui.navigate.reload, once=True, immediate=False)


def _status(page: Page, *, allowed: bool) -> int:
    if page is _NOWHERE:
        return 404
    return 200 if allowed else 403


async def _nothing(visit: Visit) -> None:
    kit.notice(visit.common("not_found"), tone="bad")


_NOWHERE = Page("/{address:path}", ("No existe", "Not found"), Right.READ, _nothing)
