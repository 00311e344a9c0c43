"""The templates that belong to a draft: written or changed here, stored with the version, in the place of namesakes."""

import re
from collections.abc import Mapping
from functools import partial

from nicegui import ui

from services.console import kit
from services.console.visit import Visit
from services.console.words import Words

say = Words(
    {
        "title": ("Plantillas del borrador", "Templates of the draft"),
        "lead": (
            "Las que no estén aquí son las de este servicio. Las de aquí se guardan con la versión, "
            "y la revisión, la vista previa y la simulación las usan.",
            "Those that are not here are this service's. Those here are stored with the version, "
            "and lint, preview and simulation use them.",
        ),
        "known": ("Una de este servicio", "One of this service"),
        "change": ("Cambiar", "Change"),
        "path": ("Nueva, como es/aviso.sms.j2", "New, as es/aviso.sms.j2"),
        "add": ("Agregar", "Add"),
        "remove": ("Quitar {path}", "Remove {path}"),
        "bad_path": (
            "Escriba idioma/nombre.canal.j2 (sms, whatsapp, email o voice) o idioma/_macros.j2.",
            "Write language/name.channel.j2 (sms, whatsapp, email or voice) or language/_macros.j2.",
        ),
        "many": ("Un borrador lleva {most} plantillas a lo sumo.", "A draft has {most} templates at most."),
        "there": ("Esa plantilla ya está en el borrador.", "That template is in the draft already."),
    }
)
MOST, LONGEST = 50, 65_536
_PATH = re.compile(
    r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*/([A-Za-z0-9][\w-]{0,99}\.(sms|whatsapp|email|voice)|_[\w-]{1,99})\.j2"
)


class DraftTemplates:
    """Fields for the templates of a draft; `service` are the deployment's by path, `own` those to begin with."""

    def __init__(self, visit: Visit, service: Mapping[str, str], own: Mapping[str, str]) -> None:
        self._visit = visit
        self._service = service
        self._texts = dict(own)
        self._open: set[str] = set()
        with kit.card(visit.say(say, "title"), wide=True):
            kit.text("p", visit.say(say, "lead")).classes("p-hint")
            self._place = ui.element("div")
            self._adding()
        self._draw()

    @property
    def texts(self) -> dict[str, str]:
        """What they say now, by path."""
        return dict(self._texts)

    def _adding(self) -> None:
        visit = self._visit
        with kit.tag("div").classes("p-form"):
            known = ui.select(sorted(self._service), label=visit.say(say, "known"), with_input=True)
            kit.button(visit.say(say, "change"), lambda: self._add(str(known.value or "")), tone="quiet", icon="edit")
        with kit.tag("div").classes("p-form"):
            path = ui.input(visit.say(say, "path")).props("maxlength=200")
            kit.button(visit.say(say, "add"), lambda: self._add(str(path.value or "")), tone="quiet", icon="add")

    def _add(self, path: str) -> None:
        path = path.strip()
        if problem := self._problem(path):
            ui.notify(problem, type="negative")
            return
        self._texts[path] = self._service.get(path, "")
        self._open.add(path)
        self._draw()

    def _problem(self, path: str) -> str:
        visit = self._visit
        if _PATH.fullmatch(path) is None:
            return visit.say(say, "bad_path")
        if path in self._texts:
            return visit.say(say, "there")
        return visit.say(say, "many", most=MOST) if len(self._texts) >= MOST else ""

    def _remove(self, path: str) -> None:
        self._texts.pop(path, None)
        self._draw()

    def _draw(self) -> None:
        self._place.clear()
        with self._place:
            for path in sorted(self._texts):
                self._field(path)

    def _field(self, path: str) -> None:
        details = kit.tag("details")
        if path in self._open:
            details.props["open"] = ""
        with details:
            kit.text("summary", path)
            area = ui.textarea(path, value=self._texts[path], on_change=lambda event: self._keep(path, event.value))
            area.props(f"outlined autogrow maxlength={LONGEST}").classes("w-full p-code")
            remove = self._visit.say(say, "remove", path=path)
            kit.button(remove, partial(self._remove, path), tone="quiet", icon="delete")

    def _keep(self, path: str, text: object) -> None:
        self._texts[path] = str(text or "")[:LONGEST]
