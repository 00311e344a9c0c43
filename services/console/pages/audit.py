"""The audit log: who changed what, and whether the seals over it hold."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from nicegui import ui

from services.auditing import Action
from services.console import columns, kit, listing
from services.console.audit_words import ACTIONS
from services.console.listing import Column, Filters, Listing, Place, Row, Table
from services.console.page import Page, Section
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Words, word
from services.evidence import Signer
from services.evidence_chain import ChainChecked, check_chain
from services.store import audit as store
from services.store import seals
from services.store.audit import Wanted

say = Words(
    {
        "seal": ("Sellos", "Seals"),
        "none": (
            "Todavía no hay ningún sello: el rol upkeep sella cada cinco minutos.",
            "There is no seal yet: the role upkeep seals every five minutes.",
        ),
        "last": ("Último sello", "Latest seal"),
        "sealed": ("Sellado", "Sealed"),
        "hash": ("Anote en otro lugar", "Note it elsewhere"),
        "late": (
            "El último sello tiene más de una hora: revise que el rol upkeep esté en marcha.",
            "The latest seal is more than an hour old: see whether the role upkeep runs.",
        ),
        "check": ("Revisar la cadena", "Check the chain"),
        "checking": ("Revisando cada sello y cada fila…", "Checking every seal and every row…"),
        "sound": (
            "Íntegra: {links} sellos sobre {rows} filas; {pruned} con meses que la retención quitó.",
            "Sound: {links} seals over {rows} rows; {pruned} with months that retention removed.",
        ),
        "broken": ("La cadena no es íntegra. {count} hallazgos:", "The chain is not sound. {count} findings:"),
        "who": ("Quién (como console:ana)", "Who (as console:ana)"),
        "action": ("Qué", "What"),
        "any": ("todo", "anything"),
        "subject": ("Sobre qué (como campaign/aviso/3)", "On what (as campaign/aviso/3)"),
        "since": ("Desde el día", "From day"),
        "until": ("Hasta el día", "To day"),
        "show": ("Mostrar", "Show"),
    }
)
_LATE = timedelta(hours=1)
_DAY = timedelta(days=1)


async def _read(visit: Visit, filters: Filters, after: Place | None, limit: int) -> Sequence[Row]:
    before = after[0] if after else store.END
    wanted = Wanted(
        actor=filters.get("actor") or None,
        action=filters.get("action") or None,
        subject=filters.get("subject") or None,
        since=_midnight(visit, filters.get("since")),
        until=_midnight(visit, filters.get("until"), after=True),
    )
    rows = await visit.reading(store.page, wanted, before=before, limit=limit)
    return [
        {
            "id": row.id,
            "at": row.at,
            "actor": row.actor,
            "action": row.action,
            "subject": row.subject,
            "details": row.details,
        }
        for row in rows
    ]


def _midnight(visit: Visit, text: str | None, *, after: bool = False) -> datetime | None:
    """A day's beginning, or its end, in the visitor's zone; None for no day."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    start = datetime.combine(day + _DAY if after else day, time(), visit.visitor.zone)
    return start.astimezone(UTC)


def _details(_visit: Visit, row: Row) -> str:
    shown = (f"{name}: {_plain(value)}" for name, value in row["details"].items() if value not in (None, [], ""))
    return " · ".join(shown) or "—"


def _plain(value: Any) -> str:
    return ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)


AUDIT = Listing(
    name="audit",
    right=Right.AUDIT,
    columns=(
        columns.instant("at", "Cuándo", "When"),
        columns.plain("actor", "Quién", "Who"),
        Column("action", ("Qué", "What"), lambda v, r: word(ACTIONS, r["action"], v.language)),
        columns.plain("subject", "Sobre qué", "On what"),
        Column("details", ("Detalles", "Details"), _details),
    ),
    read=_read,
    place=lambda row: (row["id"],),
    empty=("No hay nada en el registro.", "There is nothing in the log."),
)


async def build(visit: Visit) -> None:
    """The page."""
    await _seal(visit)
    made: list[Table] = []
    _filters(visit, lambda filters: made[0].filter(filters))
    made.append(await listing.table(visit, AUDIT, {}))


async def _seal(visit: Visit) -> None:
    last = await visit.reading(seals.last)
    with kit.card(visit.say(say, "seal"), wide=True):
        if last is None:
            kit.empty(visit.say(say, "none"))
            return
        if visit.now() - last.sealed_at > _LATE:
            kit.notice(visit.say(say, "late"), tone="doubt")
        pairs = [("last", str(last.number)), ("sealed", visit.formats.instant(last.sealed_at))]
        pairs.append(("hash", f"{last.number}:{last.hash.hex()}"))
        kit.facts([(visit.say(say, name), value) for name, value in pairs])
        with kit.tag("div").classes("p-controls"):
            button = kit.button(visit.say(say, "check"), lambda: check(), tone="quiet", icon="verified")
        answer = kit.tag("div", role="status")

    async def check() -> None:
        button.disable()
        answer.clear()
        with answer:
            kit.text("p", visit.say(say, "checking")).classes("p-hint")
        found = await _checked(visit)
        answer.clear()
        with answer:
            _told(visit, found)
        button.enable()


async def _checked(visit: Visit) -> ChainChecked:
    key = Signer(visit.console.parts.secret).public_key
    checked: ChainChecked = await visit.reading(check_chain, trusted_keys=[key])
    return checked


def _told(visit: Visit, found: ChainChecked) -> None:
    number = visit.formats.number
    if found.sound:
        counts = {"links": found.links, "rows": found.rows, "pruned": found.pruned}
        sentence = visit.say(say, "sound", **{name: number(count) for name, count in counts.items()})
        kit.notice(sentence, tone="good")
        return
    kit.notice(visit.say(say, "broken", count=number(len(found.faults))), tone="bad")
    with kit.tag("ul"):
        for fault in found.faults:
            kit.text("li", fault)


def _filters(visit: Visit, show: Any) -> None:
    actions = {"": visit.say(say, "any")} | {each.value: word(ACTIONS, each.value, visit.language) for each in Action}
    with kit.tag("form").classes("p-form") as form:
        actor = ui.input(visit.say(say, "who"))
        action = ui.select(actions, value="", label=visit.say(say, "action"))
        subject = ui.input(visit.say(say, "subject"))
        since = ui.input(visit.say(say, "since")).props("type=date stack-label")
        until = ui.input(visit.say(say, "until")).props("type=date stack-label")
        kit.button(visit.say(say, "show"), lambda: wanted(), icon="filter_alt").props("type=submit")
    form.on("submit", js_handler="(event) => event.preventDefault()")

    async def wanted() -> None:
        given = {"actor": actor, "action": action, "subject": subject, "since": since, "until": until}
        await show({name: str(field.value).strip() for name, field in given.items() if field.value})


PAGE = Page(
    "/audit",
    ("Registro de auditoría", "Audit log"),
    Right.AUDIT,
    build,
    section=Section.SYSTEM,
    icon="fact_check",
    listings=(AUDIT,),
)
