"""One dead letter: why it was put aside, its headers, and, for who may and says why, what it holds."""

import asyncio
from collections.abc import Sequence
from typing import Any

from services.auditing import Action
from services.console import kit
from services.console.actions import Deed, act, ask_reason
from services.console.page import Page
from services.console.pages.letters import PROBLEMS, REASONS, kafka, replayed
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Words, word
from services.dead_letter_reading import Place, Record
from services.dead_letters import Letter, letter_at
from services.redaction import redacted

say = Words(
    {
        "all": ("Todas las cartas muertas", "All dead letters"),
        "unknown": ("No hay una carta en ese lugar (o ya venció).", "There is no letter at that place (any more)."),
        "away": ("Kafka no se deja leer: {problem}", "Kafka can't be read: {problem}"),
        "why": ("Por qué se apartó", "Why it was put aside"),
        "reason": ("Motivo", "Reason"),
        "message": ("Qué está mal", "What is wrong"),
        "failed_at": ("Apartada", "Put aside"),
        "original_topic": ("Vino del tema", "Came from topic"),
        "original_partition": ("Partición", "Partition"),
        "original_offset": ("Posición", "Offset"),
        "attempts": ("Intentos", "Attempts"),
        "app_version": ("Versión del servicio", "Service version"),
        "size": ("Tamaño", "Size"),
        "bytes": ("{count} bytes", "{count} bytes"),
        "headers": ("Encabezados propios del registro", "The record's own headers"),
        "no_headers": ("No trae encabezados.", "It has no headers."),
        "body": ("Contenido", "Contents"),
        "hidden": (
            "El contenido puede tener datos personales. Verlo queda registrado, con su motivo.",
            "The contents may hold personal data. Looking at them is put on record, with your reason.",
        ),
        "may_not": ("Su rol no permite ver el contenido.", "Your role may not see the contents."),
        "show": ("Ver el contenido…", "See the contents…"),
        "shown": ("Queda registrado.", "It is on record."),
        "key": ("Llave", "Key"),
        "value": ("Valor", "Value"),
        "before": ("Ya se reenvió una vez.", "It was replayed once."),
        "replay": ("Reenviar", "Replay"),
        "again": ("Reenviar otra vez", "Replay once more"),
    }
)
_TOLD = ("message", "original_topic", "original_partition", "original_offset", "attempts", "app_version")
_MOST_SHOWN = 20_000


async def build(visit: Visit) -> None:
    """The page."""
    kit.link(visit.say(say, "all"), "/letters")
    params = visit.params
    try:
        place = Place.parse(f"{params['topic']}/{params['partition']}/{params['offset']}")
        found = await asyncio.to_thread(letter_at, kafka(visit), place)
    except ValueError:
        found = None
    except PROBLEMS as problem:
        kit.notice(visit.say(say, "away", problem=str(problem)), tone="bad")
        return
    if found is None:
        kit.notice(visit.say(say, "unknown"), tone="doubt")
        return
    _draw(visit, *found)


def _draw(visit: Visit, letter: Letter, record: Record) -> None:
    kit.text("h2", str(record.place))
    if letter.replayed:
        kit.notice(visit.say(say, "before"))
    with kit.card(visit.say(say, "why"), wide=True):
        _why(visit, letter)
    with kit.card(visit.say(say, "headers"), wide=True):
        own = [(name, value) for name, value in record.headers if not name.startswith("puntual_dlt_")]
        kit.facts([(name, redacted(_text(value))) for name, value in own])
        if not own:
            kit.empty(visit.say(say, "no_headers"))
    with kit.card(visit.say(say, "body"), wide=True):
        _body(visit, record)
    if visit.may(Right.REPLAY):
        with kit.tag("div").classes("p-controls"):
            label = visit.say(say, "again" if letter.replayed else "replay")
            kit.button(label, lambda: replayed(visit, [letter], again=letter.replayed), icon="replay")


def _why(visit: Visit, letter: Letter) -> None:
    pairs: list[tuple[str, str]] = [(visit.say(say, "reason"), word(REASONS, letter.told("reason"), visit.language))]
    pairs += [(visit.say(say, name), redacted(letter.told(name)) or "—") for name in _TOLD]
    pairs.append((visit.say(say, "failed_at"), visit.formats.instant(letter.failed_at)))
    pairs.append((visit.say(say, "size"), visit.say(say, "bytes", count=visit.formats.number(letter.size))))
    kit.facts(pairs)


def _body(visit: Visit, record: Record) -> None:
    if not visit.may(Right.UNMASK):
        kit.text("p", visit.say(say, "may_not"))
        return
    kit.text("p", visit.say(say, "hidden"))
    place = kit.tag("div")

    async def show() -> None:
        title = visit.say(say, "show").rstrip("…")
        reason = await ask_reason(visit, title, visit.say(say, "hidden"))
        if reason is None or not await _logged(visit, record, reason):
            return
        place.clear()
        with place:
            _contents(visit, [("key", record.key), ("value", record.value)])

    kit.button(visit.say(say, "show"), show, tone="quiet", icon="visibility")


async def _logged(visit: Visit, record: Record, reason: str) -> bool:
    async def work(_connection: Any) -> bool:
        return True

    deed = Deed(Right.UNMASK, Action.UNMASKED, f"letter/{record.place}", {"reason": reason})
    return bool(await act(visit, deed, work, done=visit.say(say, "shown")))


def _contents(visit: Visit, parts: Sequence[tuple[str, bytes | None]]) -> None:
    for name, raw in parts:
        kit.text("h3", visit.say(say, name))
        kit.text("pre", _text(raw)[:_MOST_SHOWN], tabindex="0").classes("p-pre")


def _text(raw: bytes | None) -> str:
    """Text as it is, anything else as hexadecimal digits."""
    if raw is None:
        return "—"
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return f"0x{raw.hex()}"


PAGE = Page("/letters/{topic}/{partition}/{offset}", ("Carta muerta", "Dead letter"), Right.READ, build)
