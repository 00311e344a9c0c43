"""Asks whether somebody is sure before something is done that can't simply be undone."""

from nicegui import ui

from services.console import kit
from services.console.visit import Visit


async def confirm(visit: Visit, title: str, explanation: str, *, tone: str = "") -> bool:
    """Whether the visitor is sure; `tone` colours the button that does it."""
    with ui.dialog() as dialog, ui.card().classes("p-dialog"):
        kit.text("h2", title)
        kit.text("p", explanation)
        with kit.tag("div").classes("p-controls"):
            kit.button(visit.common("cancel"), lambda: dialog.submit(False), tone="quiet")
            kit.button(visit.common("confirm"), lambda: dialog.submit(True), tone=tone)
    answer = await dialog
    dialog.delete()
    return bool(answer)
