"""The pieces that pages are made of: plain HTML elements with our classes; texts are never read as HTML."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from nicegui import ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from services.console.visit import Visit
from services.database import UNAVAILABLE

log = structlog.get_logger(__name__)

_GOOD = frozenset({"delivered", "read", "active", "works", "accepted", "sent", "closed", "done"})
_BAD = frozenset({"failed", "rejected", "undelivered", "disabled", "revoked", "stopped"})
_DOUBT = frozenset({"unknown", "paused", "expired", "not_sent", "open", "submitted"})


def tag(name: str, **attributes: str) -> Element:
    """An HTML element; `aria_label="…"` becomes `aria-label`."""
    element = ui.element(name)
    _attribute(element, attributes)
    return element


def text(name: str, content: str, **attributes: str) -> TextElement:
    """An HTML element with a text."""
    element = TextElement(tag=name, text=content)
    _attribute(element, attributes)
    return element


def link(content: str, path: str) -> TextElement:
    """A link to a page of the console, by its path under `/console`."""
    return text("a", content, href=f"/console{path}")


def card(title: str = "", *, wide: bool = False) -> Element:
    """A framed part of a page, with a heading where it has a title; use it as a context."""
    section = tag("section").classes("p-card p-wide" if wide else "p-card")
    if title:
        with section:
            text("h2", title)
    return section


def grid() -> Element:
    """Cards beside each other, as many as fit."""
    return ui.element("div").classes("p-grid")


def stat(label: str, value: str, *, hint: str = "", tone: str = "", path: str = "") -> None:
    """One figure with its name; `tone` is good, bad or doubt."""
    with tag("section").classes(f"p-card p-stat p-{tone}" if tone else "p-card p-stat"):
        text("h2", label)
        if path:
            with text("p", "").classes("p-value"):
                link(value, path)
        else:
            text("p", value).classes("p-value")
        if hint:
            text("p", hint).classes("p-hint")


def badge(state: str, shown: str) -> TextElement:
    """A stored state as a small coloured word."""
    tone = "good" if state in _GOOD else "bad" if state in _BAD else "doubt" if state in _DOUBT else "plain"
    return text("span", shown).classes(f"p-badge p-{tone}")


def notice(content: str, *, tone: str = "plain", path: str = "") -> None:
    """A sentence that wants to be seen, with the page behind it."""
    with text("p", "" if path else content).classes(f"p-notice p-{tone}"):
        if path:
            link(content, path)


def facts(pairs: Sequence[tuple[str, str]]) -> None:
    """Names and values as a list of definitions."""
    with tag("dl").classes("p-facts"):
        for name, value in pairs:
            text("dt", name)
            text("dd", value)


def empty(content: str) -> None:
    """What stands where nothing is to be shown."""
    text("p", content).classes("p-empty")


def button(label: str, act: Callable[[], Any], *, tone: str = "", icon: str = "") -> ui.button:
    """A button that does something; `tone` is good, bad or quiet."""
    color = {"bad": "negative", "good": "positive", "quiet": None}.get(tone, "primary")
    made = ui.button(label, icon=icon or None, on_click=act, color=color).props("no-caps unelevated")
    return made.props("outline") if tone == "quiet" else made


def updated(visit: Visit, at: datetime) -> str:
    """When figures were read."""
    return visit.common("updated", at=visit.formats.second(at))


def every(seconds: float, show: Callable[[], Awaitable[None]]) -> None:
    """Show something anew every so often while the page is open; a database that is away is waited for."""

    async def again() -> None:
        try:
            await show()
        except UNAVAILABLE as error:
            log.warning("console_update_unavailable", error=type(error).__name__)

    ui.timer(seconds, again, immediate=False)


def _attribute(element: Element, attributes: dict[str, str]) -> None:
    for name, value in attributes.items():
        element.props[name.replace("_", "-")] = value
