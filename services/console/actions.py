"""Doing something from a page: session and right are looked at again, the deed and its record are one commit."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog
from nicegui import ui

from services.auditing import Action, Detail
from services.console import kit, trail
from services.console.rights import RIGHTS, Right
from services.console.visit import Visit
from services.database import CONFLICTED, UNAVAILABLE

log = structlog.get_logger(__name__)
T = TypeVar("T")
_SHORTEST_REASON = 5
_LONGEST_REASON = 500


class Refusal(Exception):
    """Why something can't be done, in the visitor's language; undoes what was begun."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What is put on record of an action; None where the work itself does that. `details` are never personal."""

    right: Right
    action: Action | None
    subject: str
    details: Mapping[str, Detail] = field(default_factory=dict)


async def act(visit: Visit, deed: Deed, work: Callable[[Any], Awaitable[T]], *, done: str = "") -> T | None:
    """Run `work(connection)` and put it on record; tells the visitor, and gives None where it could not be done."""
    try:
        visitor = await visit.console.sessions.standing(visit.visitor.session, used=True)
        if visitor is None:
            _tell(visit.common("session_over"), good=False)
            return None
        if deed.right not in RIGHTS[visitor.role]:
            _tell(visit.common("forbidden_act"), good=False)
            return None
        async with visit.database.transaction() as connection:
            result = await work(connection)
            if deed.action is not None:
                await trail.record(connection, visitor.name, deed.action, deed.subject, deed.details, visit.now())
    except Refusal as refusal:
        _tell(str(refusal), good=False)
        return None
    except (*UNAVAILABLE, *CONFLICTED) as error:
        log.warning("console_action_unavailable", right=deed.right.value, error=type(error).__name__)
        _tell(visit.common("away"), good=False)
        return None
    _tell(done or visit.common("done"), good=True)
    return result


async def ask_reason(visit: Visit, title: str, explanation: str = "", *, tone: str = "") -> str | None:
    """Ask for a reason before something is done; None where the visitor thinks better of it."""
    with ui.dialog() as dialog, ui.card().classes("p-dialog"):
        kit.text("h2", title)
        if explanation:
            kit.text("p", explanation)
        reason = ui.input(visit.common("reason")).props(f"autofocus maxlength={_LONGEST_REASON}").classes("w-full")

        def confirm() -> None:
            given = str(reason.value or "").strip()
            if len(given) < _SHORTEST_REASON:
                reason.props(f'error error-message="{visit.common("reason_needed")}"')
                return
            dialog.submit(given)

        reason.on("keydown.enter", confirm)
        with kit.tag("div").classes("p-controls"):
            kit.button(visit.common("cancel"), lambda: dialog.submit(None), tone="quiet")
            kit.button(visit.common("confirm"), confirm, tone=tone)
    given = await dialog
    dialog.delete()
    return given if isinstance(given, str) else None


def _tell(text: str, *, good: bool) -> None:
    ui.notify(text, type="positive" if good else "negative", timeout=4000 if good else 8000)
