"""Dead letters: records that could not be used, why, and the way back to where they came from."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from nicegui import ui

from schemas.dead_letter import DeadLetterReason
from services import dead_letters
from services.auditing import Action, Detail
from services.console import columns, kit, listing
from services.console.actions import Deed, act
from services.console.asking import confirm
from services.console.export import AWAY
from services.console.listing import Away, Column, Filters, Listing, Place, Row, Table
from services.console.page import Page, Section
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Pair, Words, word
from services.dead_letters import Letter, Newest, Replay
from services.kafka_options import librdkafka_options
from services.redaction import redacted
from services.topics import TopicsProblem
from services.yaml_document import DocumentProblem

say = Words(
    {
        "lead": (
            "Registros que no se pudieron usar. Reenviar uno lo regresa, tal como era, al tema del que vino; "
            "lo que ya se procesó no se procesa dos veces.",
            "Records that could not be used. Replaying one puts it back, as it was, on the topic it came from; "
            "what was handled is not handled twice.",
        ),
        "reading": ("Leyendo los temas de Kafka…", "Reading Kafka's topics…"),
        "away": ("Kafka no se deja leer: {problem}", "Kafka can't be read: {problem}"),
        "not_exported": (
            "No se exportó nada: Kafka no se deja leer. Inténtelo cuando esta página muestre las cartas.",
            "Nothing was exported: Kafka can't be read. Try again when this page shows the letters.",
        ),
        "newest": (
            "Se leyeron los últimos {most} registros de cada partición; hay más antiguos.",
            "The last {most} records of each partition were read; there are older ones.",
        ),
        "more": ("Leer más antiguos", "Read older ones"),
        "retry": ("Leer de nuevo", "Read again"),
        "topic": ("Tema", "Topic"),
        "reason": ("Motivo", "Reason"),
        "any": ("todos", "all"),
        "fresh": ("Solo sin reenviar", "Only those not replayed"),
        "replay_all": ("Reenviar los que se muestran…", "Replay those shown…"),
        "none": ("No hay nada que reenviar.", "There is nothing to replay."),
        "sure": ("Reenviar {count} cartas", "Replay {count} letters"),
        "sure_told": (
            "Cada una vuelve a su tema de origen y se lee otra vez. Corrija antes lo que las hizo fallar.",
            "Each goes back to the topic it came from and is read again. First mend what made them fail.",
        ),
        "done": (
            "Reenviadas: {replayed}. Ya reenviadas antes: {repeated}. Sin tema de origen: {homeless}.",
            "Replayed: {replayed}. Replayed before: {repeated}. Without a topic of origin: {homeless}.",
        ),
        "yes": ("sí", "yes"),
        "no": ("no", "no"),
        "replay": ("Reenviar", "Replay"),
        "ordered": ("El reenvío quedó registrado.", "The replay is on record."),
    }
)
REASONS: dict[str, Pair] = {
    "bad_framing": ("formato ilegible", "unreadable framing"),
    "unknown_schema": ("esquema desconocido", "unknown schema"),
    "invalid_event": ("evento no válido", "invalid event"),
    "mapping_error": ("error del mapeo", "mapping error"),
    "unknown_tenant": ("inquilino desconocido", "unknown tenant"),
    "too_large": ("demasiado grande", "too large"),
    "processing_error": ("error al procesar", "processing error"),
}
_MOST_NAMED = 50
_USUALLY_READ, _MOST_READ, _MORE = 500, 100_000, 10
PROBLEMS = (TopicsProblem, DocumentProblem)


def kafka(visit: Visit) -> dict[str, Any]:
    """How to connect."""
    parts = visit.console.parts
    return librdkafka_options(parts.settings, parts.bootstrap)


async def found(visit: Visit, filters: Filters) -> Newest:
    """The letters that filters want, the newest first; raises TopicsProblem or DocumentProblem."""
    read: Newest = await asyncio.to_thread(_newest, visit, _most(filters))
    wanted = [
        letter
        for letter in read.letters
        if filters.get("topic") in (None, "", letter.place.topic)
        and filters.get("reason") in (None, "", letter.told("reason"))
        and not (filters.get("fresh") and letter.replayed)
    ]
    return Newest(sorted(wanted, key=_order, reverse=True), read.older)


def _newest(visit: Visit, most: int) -> Newest:
    options = kafka(visit)
    topics = dead_letters.dead_letter_topics(visit.console.parts.settings, options)
    return dead_letters.newest_letters(options, topics, most)


def _most(filters: Filters) -> int:
    """How many records of each partition are read."""
    given = filters.get("most", "")
    fitting = given.isdecimal() and len(given) <= len(str(_MOST_READ))
    return min(int(given), _MOST_READ) or _USUALLY_READ if fitting else _USUALLY_READ


def _order(letter: Letter) -> tuple[str, Any]:
    return letter.told("failed_at"), letter.place


async def _read(visit: Visit, filters: Filters, after: Place | None, limit: int) -> Sequence[Row]:
    try:
        letters = (await found(visit, filters)).letters
    except PROBLEMS as problem:
        raise Away(visit.say(say, "away", problem=str(problem))) from None
    rest = [letter for letter in letters if after is None or _order(letter) < after]
    return [_row(letter) for letter in rest[:limit]]


def _row(letter: Letter) -> Row:
    return {
        "letter": letter,
        "place": str(letter.place),
        "topic": letter.place.topic,
        "reason": letter.told("reason"),
        "message": redacted(letter.told("message")),
        "failed_at": letter.failed_at,
        "attempts": letter.told("attempts"),
        "replayed": letter.replayed,
    }


def letter_path(row: Row) -> str:
    """The page of a letter."""
    return f"/letters/{row['place']}"


LETTERS = Listing(
    name="letters",
    right=Right.READ,
    columns=(
        Column("place", ("Carta", "Letter"), lambda v, r: r["place"], link=letter_path),
        Column("reason", ("Motivo", "Reason"), lambda v, r: word(REASONS, r["reason"], v.language)),
        columns.plain("message", "Qué está mal", "What is wrong"),
        columns.instant("failed_at", "Apartada", "Put aside"),
        Column("replayed", ("Reenviada", "Replayed"), lambda v, r: v.say(say, "yes" if r["replayed"] else "no")),
    ),
    read=_read,
    place=lambda row: _order(row["letter"]),
    empty=("No hay cartas muertas.", "There are no dead letters."),
    page="/letters",
    chunk=_MOST_READ,
)


async def build(visit: Visit) -> None:
    """The page; Kafka is read once the frame stands, for it may take its time."""
    kit.text("p", visit.say(say, "lead"))
    if visit.query.get(AWAY):
        kit.notice(visit.say(say, "not_exported"), tone="bad")
    filters: dict[str, str] = {"fresh": "yes"}
    place = kit.tag("div", role="status")
    body = ui.element("div")
    with place:
        kit.text("p", visit.say(say, "reading")).classes("p-hint")

    async def load() -> None:
        body.clear()
        try:
            letters = await found(visit, {"most": filters.get("most", "")})
            with body:
                await _draw(visit, filters, letters.letters)
                _older(visit, filters, letters, load)
        except PROBLEMS as problem:
            body.clear()
            with body:
                kit.notice(visit.say(say, "away", problem=str(problem)), tone="bad")
                kit.button(visit.say(say, "retry"), load, tone="quiet", icon="refresh")
        place.clear()

    ui.timer(0.05, load, once=True, immediate=False)


def _older(visit: Visit, filters: dict[str, str], read: Newest, load: Callable[[], Awaitable[None]]) -> None:
    """Where older records were left unread: that they were, and a way to them."""
    most = _most(filters)
    if not read.older:
        return
    kit.text("p", visit.say(say, "newest", most=visit.formats.number(most))).classes("p-hint")

    async def more() -> None:
        filters.update(topic="", reason="", fresh="yes", most=str(most * _MORE))
        await load()

    if most < _MOST_READ:
        kit.button(visit.say(say, "more"), more, tone="quiet", icon="history")


async def _draw(visit: Visit, filters: dict[str, str], letters: Sequence[Letter]) -> None:
    made: list[Table] = []
    _choices(visit, filters, letters, lambda: made[0].filter(filters))

    async def again(chosen: Sequence[Letter]) -> None:
        if await replayed(visit, chosen):
            await made[0].again()

    async def every() -> None:
        try:
            chosen = [letter for letter in (await found(visit, filters)).letters if not letter.replayed]
        except PROBLEMS as problem:
            ui.notify(visit.say(say, "away", problem=str(problem)), type="negative", timeout=8000)
            return
        if not chosen:
            ui.notify(visit.say(say, "none"))
            return
        await again(chosen)

    def buttons(row: Row) -> None:
        if visit.may(Right.REPLAY) and not row["replayed"]:
            kit.button(visit.say(say, "replay"), partial(again, [row["letter"]]), tone="quiet")

    made.append(await listing.table(visit, LETTERS, filters, extra=buttons))
    if visit.may(Right.REPLAY):
        kit.button(visit.say(say, "replay_all"), every, icon="replay")


def _choices(visit: Visit, filters: dict[str, str], letters: Sequence[Letter], again: Any) -> None:
    topics = sorted({letter.place.topic for letter in letters})
    reasons = {each.value: word(REASONS, each.value, visit.language) for each in DeadLetterReason}
    options = {"topic": {name: name for name in topics}, "reason": reasons}

    async def chosen(event: Any, name: str) -> None:
        filters[name] = event.value or ""
        await again()

    async def fresh(event: Any) -> None:
        filters["fresh"] = "yes" if event.value else ""
        await again()

    with kit.tag("div").classes("p-form"):
        for name, known in options.items():
            shown = {"": visit.say(say, "any"), **known}
            ui.select(shown, value="", label=visit.say(say, name), on_change=partial(chosen, name=name))
        ui.checkbox(visit.say(say, "fresh"), value=True, on_change=fresh)


async def replayed(visit: Visit, chosen: Sequence[Letter], *, again: bool = False) -> bool:
    """Ask, put it on record, and only then put the letters back; tells what became of them."""
    title = visit.say(say, "sure", count=visit.formats.number(len(chosen)))
    if not await confirm(visit, title, visit.say(say, "sure_told")):
        return False
    places = [str(letter.place) for letter in chosen]
    details: dict[str, Detail] = {"count": len(places), "again": again, "places": places[:_MOST_NAMED]}
    topics = sorted({letter.place.topic for letter in chosen})
    deed = Deed(Right.REPLAY, Action.LETTERS_REPLAYED, f"topic/{','.join(topics)}", details)

    async def work(_connection: Any) -> bool:
        return True

    if not await act(visit, deed, work, done=visit.say(say, "ordered")):
        return False
    put_back = partial(dead_letters.replay, kafka(visit), list(chosen), again=again, now=visit.now())
    try:
        done: Replay = await asyncio.to_thread(put_back)
    except PROBLEMS as problem:
        ui.notify(visit.say(say, "away", problem=str(problem)), type="negative", timeout=8000)
        return False
    counts = {"replayed": done.replayed, "repeated": done.repeated, "homeless": done.without_origin}
    told = visit.say(say, "done", **{name: len(given) for name, given in counts.items()})
    ui.notify(told, type="warning" if done.without_origin else "positive", timeout=8000)
    return True


PAGE = Page(
    "/letters",
    ("Cartas muertas", "Dead letters"),
    Right.READ,
    build,
    section=Section.WORK,
    icon="drafts",
    listings=(LETTERS,),
)
