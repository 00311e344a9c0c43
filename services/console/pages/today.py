"""Today at a glance: is it working, what waits, what went out, who is failing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nicegui import ui

from schemas.figures import By, KpiAnswer, MessageFigures
from services import figures
from services.console import kit
from services.console.charts import Chart, Series, chart
from services.console.page import Page, Section
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Words
from services.store import console as store
from services.store import messages, outbox

say = Words(
    {
        "due": ("Mensajes en espera", "Messages waiting"),
        "oldest": ("El más antiguo espera", "The oldest waits"),
        "nothing_due": ("nada pendiente", "nothing is due"),
        "outbox": ("Eventos por publicar", "Events to publish"),
        "lag": ("atraso {age}", "{age} behind"),
        "unknown": ("Sin respuesta conocida", "Outcome unknown"),
        "decide": ("esperan una decisión o al proveedor", "wait for a decision or the provider"),
        "tasks": ("Tareas abiertas", "Open tasks"),
        "people": ("trabajo para personas", "work for people"),
        "delivered": ("Entregados hoy", "Delivered today"),
        "sent": ("de {sent} enviados", "of {sent} sent"),
        "failed": ("Fallidos hoy", "Failed today"),
        "blocked": ("Detenidos por regla hoy", "Held back by rule today"),
        "throughput": ("Entregas al proveedor por minuto, última hora", "Hand-overs per minute, last hour"),
        "throughput_says": ("{count} entregas en la última hora", "{count} hand-overs in the last hour"),
        "outcomes": ("Resultados de hoy por canal", "Today's outcomes by channel"),
        "outcomes_says": ("Resultados de {count} mensajes", "Outcomes of {count} messages"),
        "rules": ("Reglas que más detuvieron hoy", "Rules that held back most today"),
        "no_rules": ("Ninguna regla detuvo mensajes hoy.", "No rule held messages back today."),
    }
)
_PULSE_SECONDS = 5.0
_FIGURES_SECONDS = 30.0
_OUTCOMES = ("delivered", "failed", "unknown", "suppressed", "cancelled", "expired")
_LATE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Pulse:
    """What changes by the second."""

    due: int
    oldest: datetime | None
    outbox: int
    outbox_since: datetime | None
    tasks: int
    unknown: int
    minutes: Sequence[dict[str, Any]]


async def build(visit: Visit) -> None:
    """The page."""
    stamp = kit.text("p", "").classes("p-hint")
    pulse_place = kit.grid()
    throughput = chart(visit.say(say, "throughput"), stacked=True)
    figures_place = kit.grid()
    outcomes = chart(visit.say(say, "outcomes"), stacked=True)
    with kit.card(visit.say(say, "rules"), wide=True):
        rules = ui.element("div")

    async def beat() -> None:
        pulse, at = await visit.console.feeds.latest("pulse", _PULSE_SECONDS, read_pulse)
        stamp.set_text(kit.updated(visit, at))
        pulse_place.clear()
        with pulse_place:
            _pulse(visit, pulse, at)
        _draw_throughput(visit, throughput, pulse.minutes, at)

    async def count() -> None:
        found, _ = await visit.console.feeds.latest("today", _FIGURES_SECONDS, read_today)
        figures_place.clear()
        with figures_place:
            _figures(visit, found.rows)
        _draw_outcomes(visit, outcomes, found.rows)
        rules.clear()
        with rules:
            _rules(visit, found)

    await beat()
    await count()
    kit.every(_PULSE_SECONDS, beat)
    kit.every(_FIGURES_SECONDS, count)


async def read_pulse(connection: Any, now: datetime) -> Pulse:
    """Backlog, outbox, work for people, and the last hour's hand-overs."""
    due, oldest = await messages.backlog(connection, now)
    rows, since = await outbox.lag(connection)
    tasks, unknown = await store.waiting_for_people(connection)
    return Pulse(due, oldest, rows, since, tasks, unknown, await store.throughput(connection, now))


async def read_today(connection: Any, now: datetime) -> KpiAnswer:
    """The figures of this UTC day by channel."""
    today = now.date()
    return await figures.kpis(connection, since=today, until=today + timedelta(days=1), by=By.CHANNEL, today=today)


def _pulse(visit: Visit, pulse: Pulse, at: datetime) -> None:
    formats = visit.formats
    waited = (at - pulse.oldest).total_seconds() if pulse.oldest else None
    tone = "bad" if waited is not None and waited > _LATE_SECONDS else ""
    hint = visit.say(say, "nothing_due") if waited is None else ""
    kit.stat(visit.say(say, "due"), formats.number(pulse.due), hint=hint)
    kit.stat(visit.say(say, "oldest"), formats.lasting(waited), tone=tone)
    behind = (at - pulse.outbox_since).total_seconds() if pulse.outbox_since else None
    lag = visit.say(say, "lag", age=formats.lasting(behind)) if behind is not None else ""
    kit.stat(visit.say(say, "outbox"), formats.number(pulse.outbox), hint=lag)
    kit.stat(
        visit.say(say, "unknown"),
        formats.number(pulse.unknown),
        hint=visit.say(say, "decide"),
        tone="doubt" if pulse.unknown else "",
        path="/unknowns",
    )
    kit.stat(visit.say(say, "tasks"), formats.number(pulse.tasks), hint=visit.say(say, "people"), path="/tasks")


def _figures(visit: Visit, rows: Sequence[MessageFigures]) -> None:
    number = visit.formats.number
    sent = visit.say(say, "sent", sent=number(sum(row.sent for row in rows)))
    kit.stat(visit.say(say, "delivered"), number(sum(row.delivered for row in rows)), hint=sent, tone="good")
    failed = sum(row.failed for row in rows)
    kit.stat(visit.say(say, "failed"), number(failed), tone="bad" if failed else "")
    kit.stat(visit.say(say, "blocked"), number(sum(row.suppressed for row in rows)))


def _draw_throughput(visit: Visit, drawn: Chart, found: Sequence[dict[str, Any]], now: datetime) -> None:
    start = now.replace(second=0, microsecond=0) - timedelta(minutes=59)
    minutes = [start + timedelta(minutes=n) for n in range(60)]
    counts = {(row["minute"], row["channel"]): row["attempts"] for row in found}
    channels = sorted({row["channel"] for row in found})
    series = [Series(visit.channel(each), [counts.get((minute, each), 0) for minute in minutes]) for each in channels]
    said = visit.say(say, "throughput_says", count=visit.formats.number(sum(counts.values())))
    drawn.show([visit.formats.minute(minute) for minute in minutes], series, said)


def _draw_outcomes(visit: Visit, drawn: Chart, rows: Sequence[MessageFigures]) -> None:
    series = [Series(visit.state(name), [getattr(row, name) for row in rows]) for name in _OUTCOMES]
    said = visit.say(say, "outcomes_says", count=visit.formats.number(sum(row.planned for row in rows)))
    drawn.show([visit.channel(row.key) for row in rows], series, said)


def _rules(visit: Visit, found: KpiAnswer) -> None:
    if not found.blocked:
        kit.empty(visit.say(say, "no_rules"))
        return
    kit.facts([(each.rule, visit.formats.number(each.messages)) for each in found.blocked[:10]])


PAGE = Page("/", ("Hoy de un vistazo", "Today at a glance"), Right.READ, build, section=Section.NOW, icon="today")
