"""What a simulation came to, drawn from its JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.console import kit
from services.console.charts import Series, chart
from services.console.visit import Visit
from services.console.words import Pair, Words, word
from services.simulation.tables import Table, tables_of

say = Words(
    {
        "span": ("{days} días desde el {start}, sobre {portfolio}", "{days} days from {start}, over {portfolio}"),
        "sample": ("Estimado con una muestra de {percent}%.", "Estimated from a sample of {percent}%."),
        "debtors": ("Deudores", "Debtors"),
        "contacted": ("Contactados", "Contacted"),
        "messages": ("Mensajes", "Messages"),
        "parts": ("Partes SMS", "SMS parts"),
        "failures": ("Fallas de plantilla", "Template failures"),
        "unusable": ("Filas inservibles", "Unusable rows"),
        "by_day": ("Mensajes por día", "Messages by day"),
        "by_hour": ("Mensajes por hora local", "Messages by local hour"),
        "chart_says": ("{count} mensajes", "{count} messages"),
    }
)
_TITLES: Mapping[str, Pair] = {
    "Messages by day": ("Mensajes por día", "Messages by day"),
    "Messages by local hour": ("Mensajes por hora local", "Messages by local hour"),
    "Messages by step": ("Mensajes por paso", "Messages by step"),
    "Messages by segment": ("Mensajes por segmento", "Messages by segment"),
    "Messages by template": ("Mensajes por plantilla", "Messages by template"),
    "Blocked, by rule": ("Detenidos, por regla", "Blocked, by rule"),
    "Blocked, by step": ("Detenidos, por paso", "Blocked, by step"),
    "Had to wait": ("Tuvieron que esperar", "Had to wait"),
    "Template failures": ("Fallas de plantilla", "Template failures"),
    "Tasks for people": ("Tareas para personas", "Tasks for people"),
    "Held out": ("Grupo de control", "Held out"),
    "Load on providers": ("Carga sobre los proveedores", "Load on providers"),
    "Rows that can't be used": ("Filas que no se pueden usar", "Rows that can't be used"),
}
_HEADINGS: Mapping[str, Pair] = {
    "": ("", ""),
    "day": ("día", "day"),
    "hour": ("hora", "hour"),
    "campaign": ("campaña", "campaign"),
    "step": ("paso", "step"),
    "channel": ("canal", "channel"),
    "messages": ("mensajes", "messages"),
    "parts": ("partes", "parts"),
    "SMS parts": ("partes SMS", "SMS parts"),
    "segment": ("segmento", "segment"),
    "template": ("plantilla", "template"),
    "language": ("idioma", "language"),
    "outcome": ("resultado", "outcome"),
    "rule": ("regla", "rule"),
    "debtors": ("deudores", "debtors"),
    "examples": ("ejemplos", "examples"),
    "problem": ("problema", "problem"),
    "type": ("tipo", "type"),
    "tasks": ("tareas", "tasks"),
    "per second": ("por segundo", "per second"),
    "busiest minute (UTC)": ("minuto más cargado (UTC)", "busiest minute (UTC)"),
    "asked in it": ("pedidos en él", "asked in it"),
    "fits in a minute": ("caben en un minuto", "fits in a minute"),
    "minutes over": ("minutos excedidos", "minutes over"),
    "longest wait, s": ("espera más larga, s", "longest wait, s"),
}
_DRAWN = frozenset({"Messages by day", "Messages by local hour"})
_MOST_ROWS = 60


def draw(visit: Visit, result: Mapping[str, Any]) -> None:
    """Totals, charts by day and hour, and the tables."""
    told = {"days": result["days"], "start": result["from"], "portfolio": result["portfolio"]}
    kit.text("p", visit.say(say, "span", **told)).classes("p-hint")
    if result["sample_percent"] < 100:
        kit.notice(visit.say(say, "sample", percent=f"{result['sample_percent']:g}"), tone="doubt")
    with kit.grid():
        _totals(visit, result)
    for name in ("day", "hour"):
        _chart(visit, name, result[f"by_{name}"])
    for table in tables_of(dict(result))[1:]:
        if table.title not in _DRAWN:
            with kit.card(word(_TITLES, table.title, visit.language), wide=True):
                _table(visit, table)


def _totals(visit: Visit, result: Mapping[str, Any]) -> None:
    number = visit.formats.number
    kit.stat(visit.say(say, "debtors"), number(result["debtors"]))
    kit.stat(visit.say(say, "contacted"), number(result["debtors_contacted"]))
    kit.stat(visit.say(say, "messages"), number(result["messages"]))
    kit.stat(visit.say(say, "parts"), number(result["sms"]["parts"]))
    failures = sum(row["messages"] for row in result["template_failures"])
    kit.stat(visit.say(say, "failures"), number(failures), tone="bad" if failures else "")
    unusable = result["unusable_rows"]
    kit.stat(visit.say(say, "unusable"), number(unusable), tone="bad" if unusable else "")


def _chart(visit: Visit, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    labels = sorted({str(row[name]) for row in rows})
    counts = {(str(row[name]), row["channel"]): row["messages"] for row in rows}
    channels = sorted({row["channel"] for row in rows})
    series = [Series(visit.channel(each), [counts.get((label, each), 0) for label in labels]) for each in channels]
    told = visit.say(say, "chart_says", count=visit.formats.number(sum(counts.values())))
    chart(visit.say(say, f"by_{name}"), stacked=True).show(labels, series, told)


def _table(visit: Visit, table: Table) -> None:
    headings = [_heading(visit, column) for column in table.columns]
    with kit.tag("table").classes("p-table"):
        with kit.tag("thead"), kit.tag("tr"):
            for at, heading in enumerate(headings):
                number = bool(table.rows) and isinstance(table.rows[0][at], int | float)
                kit.text("th", heading, scope="col").classes("p-number" if number else "")
        with kit.tag("tbody"):
            for row in table.rows[:_MOST_ROWS]:
                with kit.tag("tr"):
                    for heading, value in zip(headings, row, strict=True):
                        _cell(visit, heading, value)


def _heading(visit: Visit, column: str) -> str:
    return word(_HEADINGS, column, visit.language) if column in _HEADINGS else visit.channel(column)


def _cell(visit: Visit, heading: str, value: str | int | float) -> None:
    number = isinstance(value, int | float)
    cell = kit.text("td", visit.formats.number(value) if isinstance(value, int | float) else value)
    cell.classes("p-number" if number else "")
    cell.props["data-label"] = heading
