"""Figures of the portfolio and of messages: totals, splits and trends of a period."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from nicegui import ui

from schemas.figures import By, KpiAnswer, MessageFigures, PortfolioFigures, PortfolioTrend
from services import figures
from services.console import columns, kit, listing
from services.console.charts import Chart, Series, chart
from services.console.listing import Column, Filters, Listing, Place, Row, Table
from services.console.page import Page, Section
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Pair, Words

say = Words(
    {
        "period": ("Periodo", "Period"),
        "last": ("últimos {days} días", "last {days} days"),
        "today": ("hoy", "today"),
        "by": ("Dividido por", "Split by"),
        "utc": (
            "Días en UTC, del {since} al {until}. El rol upkeep cuenta los cambios a los pocos segundos.",
            "UTC days, {since} to {until}. The role upkeep counts changes within seconds.",
        ),
        "overdue": ("Cartera vencida", "Overdue portfolio"),
        "of": ("de {amount} por cobrar", "of {amount} outstanding"),
        "index": ("Índice de morosidad", "Delinquency index"),
        "recovered": ("Recuperado", "Recovered"),
        "rate": ("Recuperación", "Recovery"),
        "collect": ("Tiempo medio de cobro", "Average collection time"),
        "days": ("{count} días", "{count} days"),
        "response": ("Tasa de respuesta", "Response rate"),
        "promise": ("Tasa de promesas", "Promise rate"),
        "delivered": ("de {count} entregados", "of {count} delivered"),
        "no_portfolio": (
            "Todavía no hay créditos con cuotas que contar.",
            "There are no loans with installments to count yet.",
        ),
        "trend": ("Cartera vencida por día ({currency})", "Overdue portfolio by day ({currency})"),
        "trend_says": ("De {first} a {last}", "From {first} to {last}"),
        "by_day": ("Mensajes por día", "Messages by day"),
        "rates": ("Respuesta y promesas por día, en %", "Responses and promises by day, in %"),
        "messages_says": ("{count} mensajes en {days} días", "{count} messages in {days} days"),
        "split": ("Resultados", "Outcomes"),
        "split_says": ("{count} renglones", "{count} rows"),
        "table": ("Tabla", "Table"),
        "rules": ("Reglas que más detuvieron", "Rules that held back most"),
        "no_rules": ("Ninguna regla detuvo mensajes.", "No rule held messages back."),
    }
)
_BY: Mapping[str, Pair] = {
    "campaign": ("campaña", "campaign"),
    "channel": ("canal", "channel"),
    "segment": ("segmento", "segment"),
    "region": ("región", "region"),
    "day": ("día", "day"),
    "agent": ("agente", "agent"),
}
_PERIODS = (1, 7, 30, 90, 365)
_MOST_DAYS = 400
_OUTCOMES = ("delivered", "failed", "unknown", "suppressed", "cancelled", "expired")
_MOST_BARS = 30
_FEWEST_FOR_A_LINE = 3
_SECONDS = 30.0


async def answer(visit: Visit, days: int, by: By) -> KpiAnswer:
    """The figures of the days that end today, kept for all who look."""

    async def read(connection: Any, now: Any) -> KpiAnswer:
        until = now.date() + timedelta(days=1)
        since = until - timedelta(days=days)
        return await figures.kpis(connection, since=since, until=until, by=by, today=now.date())

    found, _ = await visit.console.feeds.latest(f"figures/{days}/{by.value}", _SECONDS, read)
    return found  # type: ignore[no-any-return]


def _wanted(filters: Filters) -> tuple[int, By]:
    days, by = filters.get("days", "30"), filters.get("by", By.CAMPAIGN.value)
    fitting = days.isdecimal() and 0 < int(days) <= _MOST_DAYS
    return int(days) if fitting else 30, By(by) if by in _BY else By.CAMPAIGN


async def _read(visit: Visit, filters: Filters, after: Place | None, _limit: int) -> Sequence[Row]:
    """One page: a row a key."""
    if after is not None:
        return ()
    days, by = _wanted(filters)
    found = await answer(visit, days, by)
    return [{**row.model_dump(), "by": by.value} for row in found.rows]


async def _read_agents(visit: Visit, filters: Filters, after: Place | None, _limit: int) -> Sequence[Row]:
    if after is not None:
        return ()
    found = await answer(visit, _wanted(filters)[0], By.AGENT)
    return [row.model_dump() for row in found.agents]


def _key(visit: Visit, row: Row) -> str:
    if row["by"] == By.CHANNEL:
        return visit.channel(row["key"])
    if row["by"] == By.DAY:
        return visit.formats.day(date.fromisoformat(row["key"]))
    return row["key"] or "—"


def _share(name: str, es: str, en: str) -> Column:
    return Column(name, (es, en), lambda v, r: v.formats.share(r[name]), number=True)


FIGURES = Listing(
    name="figures",
    right=Right.READ,
    columns=(
        Column("key", ("Por", "By"), _key),
        columns.number("planned", "Planeados", "Planned"),
        columns.number("sent", "Enviados", "Sent"),
        columns.number("delivered", "Entregados", "Delivered"),
        columns.number("read", "Leídos", "Read"),
        columns.number("failed", "Fallidos", "Failed"),
        columns.number("unknown", "Desconocidos", "Unknown"),
        columns.number("suppressed", "Por regla", "By rule"),
        columns.number("cancelled", "Cancelados", "Cancelled"),
        columns.number("expired", "Vencidos", "Expired"),
        columns.number("parts", "Partes SMS", "SMS parts"),
        _share("response_rate", "Respuesta", "Response"),
        _share("promise_rate", "Promesas", "Promises"),
    ),
    read=_read,
    place=lambda row: (row["key"],),
    empty=("No hay mensajes en el periodo.", "There are no messages in the period."),
)
AGENTS = Listing(
    name="agents",
    right=Right.READ,
    columns=(
        columns.plain("key", "Agente", "Agent"),
        columns.number("contacts", "Contactos", "Contacts"),
        columns.number("answered", "Contestados", "Answered"),
        columns.number("right_party", "Con el deudor", "Right party"),
        columns.number("tasks_closed", "Tareas cerradas", "Tasks closed"),
    ),
    read=_read_agents,
    place=lambda row: (row["key"],),
    empty=("Ningún agente informó contactos.", "No agent told of contacts."),
)


async def build(visit: Visit) -> None:
    """The page."""
    filters = {"days": "30", "by": By.CAMPAIGN.value}
    with kit.tag("div").classes("p-form"):
        periods = {str(days): _period(visit, days) for days in _PERIODS}
        period = ui.select(periods, value="30", label=visit.say(say, "period"))
        splits = {name: visit.pick(pair) for name, pair in _BY.items()}
        split = ui.select(splits, value=filters["by"], label=visit.say(say, "by"))
    body = ui.element("div")

    async def show() -> None:
        body.clear()
        with body:
            await _draw(visit, filters)

    async def chosen() -> None:
        filters.update(days=str(period.value), by=str(split.value))
        await show()

    period.on_value_change(chosen)
    split.on_value_change(chosen)
    await show()


def _period(visit: Visit, days: int) -> str:
    return visit.say(say, "today") if days == 1 else visit.say(say, "last", days=days)


async def _draw(visit: Visit, filters: dict[str, str]) -> None:
    days, by = _wanted(filters)
    daily = await answer(visit, days, By.DAY)
    until = visit.formats.day(daily.until - timedelta(days=1))
    kit.text("p", visit.say(say, "utc", since=visit.formats.day(daily.since), until=until)).classes("p-hint")
    _totals(visit, daily)
    for currency in sorted({each.currency for each in daily.trend}):
        _trend(visit, currency, [each for each in daily.trend if each.currency == currency])
    _days(visit, daily)
    if by is By.AGENT:
        await _table(visit, AGENTS, filters)
    else:
        found = await answer(visit, days, by)
        if by is not By.DAY and found.rows:
            _outcomes(visit, found.rows, by)
        await _table(visit, FIGURES, filters)
    with kit.card(visit.say(say, "rules"), wide=True):
        blocked = [(each.rule, visit.formats.number(each.messages)) for each in daily.blocked[:12]]
        kit.facts(blocked)
        if not blocked:
            kit.empty(visit.say(say, "no_rules"))


async def _table(visit: Visit, wanted: Listing, filters: Filters) -> Table:
    kit.text("h2", visit.say(say, "table"))
    return await listing.table(visit, wanted, filters)


def _totals(visit: Visit, found: KpiAnswer) -> None:
    formats = visit.formats
    if not found.portfolio:
        kit.notice(visit.say(say, "no_portfolio"))
    for each in found.portfolio:
        with kit.grid():
            _portfolio(visit, each)
    delivered = sum(row.delivered for row in found.rows)
    hint = visit.say(say, "delivered", count=formats.number(delivered))
    with kit.grid():
        for name, count in (("response", "replied"), ("promise", "promised")):
            part = sum(getattr(row, count) for row in found.rows)
            kit.stat(visit.say(say, name), formats.share(part / delivered if delivered else None), hint=hint)


def _portfolio(visit: Visit, each: PortfolioFigures) -> None:
    formats = visit.formats
    outstanding = visit.say(say, "of", amount=formats.money(each.outstanding, each.currency))
    kit.stat(visit.say(say, "overdue"), formats.money(each.overdue, each.currency), hint=outstanding)
    kit.stat(visit.say(say, "index"), formats.share(each.delinquency_index))
    kit.stat(visit.say(say, "recovered"), formats.money(each.recovered, each.currency))
    kit.stat(visit.say(say, "rate"), formats.share(each.recovery_rate))
    days = each.days_to_collect
    shown = visit.say(say, "days", count=formats.number(round(days, 1))) if days is not None else "—"
    kit.stat(visit.say(say, "collect"), shown)


def _trend(visit: Visit, currency: str, found: Sequence[PortfolioTrend]) -> None:
    few = len(found) < _FEWEST_FOR_A_LINE
    drawn = chart(visit.say(say, "trend", currency=currency), kind="bar" if few else "line")
    ends = {name: visit.formats.money(found[at].overdue, currency) for name, at in (("first", 0), ("last", -1))}
    series = [Series(visit.say(say, "overdue"), [float(each.overdue) for each in found])]
    drawn.show([visit.formats.day(each.day) for each in found], series, visit.say(say, "trend_says", **ends))


def _days(visit: Visit, found: KpiAnswer) -> None:
    if not found.rows:
        return
    rows = {row.key: row for row in found.rows}
    days = [found.since + timedelta(days=n) for n in range((found.until - found.since).days)]
    labels = [visit.formats.day(day) for day in days]
    there = [rows.get(day.isoformat()) for day in days]
    planned = visit.formats.number(sum(row.planned for row in found.rows))
    told = visit.say(say, "messages_says", count=planned, days=len(days))
    _stacked(visit, chart(visit.say(say, "by_day"), stacked=True), labels, there, told)
    if not any(row.delivered for row in found.rows):
        return
    drawn = chart(visit.say(say, "rates"))
    rates = (("response", "response_rate"), ("promise", "promise_rate"))
    series = [Series(visit.say(say, name), [_percent(row, rate) for row in there]) for name, rate in rates]
    drawn.show(labels, series, told)


def _percent(row: MessageFigures | None, rate: str) -> float | None:
    share = getattr(row, rate) if row is not None else None
    return None if share is None else round(share * 100, 1)


def _outcomes(visit: Visit, rows: Sequence[MessageFigures], by: By) -> None:
    busiest = sorted(rows, key=lambda row: row.planned, reverse=True)[:_MOST_BARS]
    labels = [_key(visit, {"key": row.key, "by": by.value}) for row in busiest]
    told = visit.say(say, "split_says", count=visit.formats.number(len(rows)))
    _stacked(visit, chart(visit.say(say, "split"), stacked=True), labels, busiest, told)


def _stacked(
    visit: Visit, drawn: Chart, labels: Sequence[str], rows: Sequence[MessageFigures | None], told: str
) -> None:
    series = [Series(visit.state(name), [getattr(row, name, 0) for row in rows]) for name in _OUTCOMES]
    drawn.show(labels, series, told)


PAGE = Page(
    "/figures",
    ("Cifras de la cartera", "Portfolio figures"),
    Right.READ,
    build,
    section=Section.CAMPAIGNS,
    icon="insights",
    listings=(FIGURES, AGENTS),
)
