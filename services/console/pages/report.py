"""What a campaign achieves: the funnel of each version, and its uplift over the people held out."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from nicegui import ui

from channels.config import ProvidersFile
from services.console import columns, kit, listing
from services.console.charts import Series, chart
from services.console.listing import Column, Filters, Listing, Place, Row
from services.console.page import Page
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Pair, Words, word
from services.experiments import USUAL, WITHIN, Period, report
from services.running import RunningCampaigns
from services.store import stops
from services.yaml_document import read_document

say = Words(
    {
        "unknown": ("No hay una campaña con ese nombre.", "There is no campaign of that name."),
        "period": ("Periodo", "Period"),
        "last": ("últimos {days} días", "last {days} days"),
        "within": ("Se sigue a cada quien", "Each person is followed for"),
        "days": ("{days} días", "{days} days"),
        "people": ("Personas", "People"),
        "recent": ("Todavía en observación", "Still being followed"),
        "lead": (
            "Cada quien cuenta donde el azar lo puso, le haya llegado algo o no (intención de tratar).",
            "Everybody counts where chance put them, whether or not anything reached them (intention to treat).",
        ),
        "nobody": ("Nadie en el periodo.", "Nobody in the period."),
        "funnel": ("Embudo, personas", "Funnel, people"),
        "funnel_says": ("{count} personas en {arms} grupos", "{count} people in {arms} groups"),
        "arms": ("Grupos", "Groups"),
        "uplift": ("Diferencias", "Differences"),
        "stop_rule": (
            "Solo la última columna decide, y vale por más veces que se mire: usa el intervalo «siempre».",
            "Only the last column decides, and it holds however often one looks: it uses the “always” interval.",
        ),
        "between": ("{low} a {high}", "{low} to {high}"),
    }
)
_STAGES: Mapping[str, Pair] = {
    "assigned": ("Asignados", "Assigned"),
    "sent": ("Enviado", "Sent"),
    "delivered": ("Entregado", "Delivered"),
    "read": ("Leído", "Read"),
    "clicked": ("Abrió el enlace", "Clicked"),
    "replied": ("Respondió", "Replied"),
    "promised": ("Prometió", "Promised"),
    "paid": ("Pagó", "Paid"),
}
_ARMS: Mapping[str, Pair] = {"contacted": ("contactados", "contacted"), "holdout": ("grupo de control", "held out")}
_VERDICTS: Mapping[str, Pair] = {
    "too_few": ("muy pocas personas", "too few people"),
    "open": ("sigue abierto: no detener", "open: do not stop"),
    "better": ("mejor", "better"),
    "worse": ("peor", "worse"),
}
_TONES = {"better": "active", "worse": "failed", "open": "unknown", "too_few": ""}
_PERIODS = (30, 90, 365)
_FOLLOWED = (7, 14, 30)
_SECONDS = 60.0


async def document(visit: Visit, filters: Filters) -> dict[str, Any] | None:
    """The report, kept a minute for all who look; None where there never was such a campaign."""
    campaign = filters.get("campaign", "")
    if campaign not in await visit.reading(stops.campaigns):
        return None
    days, within = _number(filters, "days", USUAL.days), _number(filters, "within", WITHIN)
    prices = read_document(visit.console.parts.settings.providers_file, ProvidersFile).prices

    async def read(connection: Any, now: datetime) -> dict[str, Any]:
        period = Period(now - timedelta(days=days), now, timedelta(days=within))
        async with connection.transaction():
            return await report(connection, RunningCampaigns(), campaign, period, now=now, prices=prices)

    found, _ = await visit.console.feeds.latest(f"report/{campaign}/{days}/{within}", _SECONDS, read)
    return dict(found)


def _number(filters: Filters, name: str, usual: int) -> int:
    text = filters.get(name, "")
    return int(text) if text.isdecimal() and 0 < int(text) <= 366 else usual


async def _read_arms(visit: Visit, filters: Filters, after: Place | None, _limit: int) -> Sequence[Row]:
    found = await document(visit, filters) if after is None else None
    return [_arm(row) for row in found["arms"]] if found is not None else ()


def _arm(row: Mapping[str, Any]) -> Row:
    rates = {f"{name}_rate": rate for name, rate in row["rates"].items()}
    return {**row, **rates}


async def _read_differences(visit: Visit, filters: Filters, after: Place | None, _limit: int) -> Sequence[Row]:
    found = await document(visit, filters) if after is None else None
    rows = found["comparisons"] if found is not None else ()
    return [{**row, "state": _TONES[row["verdict"]]} for row in rows]


def _group(visit: Visit, row: Row) -> str:
    named = word(_ARMS, row["arm"], visit.language)
    return f"v{row['version']} · {row['step']} · {named}" if row["step"] else f"v{row['version']} · {named}"


def _rate(name: str, es: str, en: str) -> Column:
    def show(visit: Visit, row: Row) -> str:
        rate = row[f"{name}_rate"]
        return f"{visit.formats.share(rate['rate'])} ({_between(visit, rate)})"

    return Column(f"{name}_rate", (es, en), show, number=True)


def _between(visit: Visit, interval: Mapping[str, float]) -> str:
    share = visit.formats.share
    return visit.say(say, "between", low=share(interval["low"]), high=share(interval["high"]))


def _recovered(visit: Visit, row: Row) -> str:
    money = (visit.formats.money(Decimal(amount), currency) for currency, amount in row["recovered"].items())
    return ", ".join(money) or "—"


def _cost(visit: Visit, row: Row) -> str:
    return visit.formats.money(Decimal(row["cost"]), row["currency"]) if row["cost"] is not None else "—"


def _outcome(visit: Visit, row: Row) -> str:
    return word(_STAGES, row["outcome"], visit.language)


def _against(visit: Visit, row: Row) -> str:
    return word(_ARMS, row["against"], visit.language)


ARMS = Listing(
    name="campaign_report",
    right=Right.READ,
    columns=(
        Column("arm", ("Grupo", "Group"), _group),
        *(columns.number(name, *pair) for name, pair in _STAGES.items()),
        columns.number("messages", "Mensajes", "Messages"),
        _rate("promised", "Prometen (95 %)", "Promise (95%)"),
        _rate("paid", "Pagan (95 %)", "Pay (95%)"),
        Column("recovered", ("Recuperado", "Recovered"), _recovered),
        Column("cost", ("Costo", "Cost"), _cost),
    ),
    read=_read_arms,
    place=lambda row: (row["version"], row["step"] or "", row["arm"]),
    empty=("Nadie en el periodo.", "Nobody in the period."),
)
DIFFERENCES = Listing(
    name="campaign_uplift",
    right=Right.READ,
    columns=(
        Column("arm", ("Grupo", "Group"), _group),
        Column("against", ("Contra", "Against"), _against),
        Column("outcome", ("Resultado", "Outcome"), _outcome),
        Column("uplift", ("Diferencia", "Difference"), lambda v, r: v.formats.share(r["uplift"]), number=True),
        Column("low", ("Una mirada (95 %)", "One look (95%)"), _between, number=True),
        Column("always", ("Siempre (95 %)", "Always (95%)"), lambda v, r: _between(v, r["always"]), number=True),
        Column(
            "state", ("Regla de paro", "Stop rule"), lambda v, r: word(_VERDICTS, r["verdict"], v.language), state=True
        ),
    ),
    read=_read_differences,
    place=lambda row: (row["version"], row["step"] or "", row["arm"], row["outcome"]),
    empty=("No hay con quién comparar.", "There is nobody to compare with."),
)


async def build(visit: Visit) -> None:
    """The page."""
    campaign = visit.params["name"]
    filters = {"campaign": campaign, "days": str(USUAL.days), "within": str(WITHIN)}
    kit.link(campaign, f"/campaigns/{campaign}")
    with kit.tag("div").classes("p-form"):
        periods = {str(days): visit.say(say, "last", days=days) for days in _PERIODS}
        period = ui.select(periods, value=filters["days"], label=visit.say(say, "period"))
        spans = {str(days): visit.say(say, "days", days=days) for days in _FOLLOWED}
        within = ui.select(spans, value=filters["within"], label=visit.say(say, "within"))
    kit.text("p", visit.say(say, "lead")).classes("p-hint")
    body = ui.element("div")

    async def show() -> None:
        filters.update(days=str(period.value), within=str(within.value))
        body.clear()
        with body:
            await _draw(visit, filters)

    period.on_value_change(show)
    within.on_value_change(show)
    await show()


async def _draw(visit: Visit, filters: Filters) -> None:
    found = await document(visit, filters)
    if found is None:
        kit.notice(visit.say(say, "unknown"), tone="doubt")
        return
    with kit.grid():
        kit.stat(visit.say(say, "people"), visit.formats.number(found["people"]))
        kit.stat(visit.say(say, "recent"), visit.formats.number(found["too_recent"]))
    if not found["arms"]:
        kit.empty(visit.say(say, "nobody"))
        return
    _funnel(visit, found["arms"])
    kit.text("h2", visit.say(say, "arms"))
    await listing.table(visit, ARMS, filters)
    kit.text("h2", visit.say(say, "uplift"))
    kit.text("p", visit.say(say, "stop_rule")).classes("p-hint")
    await listing.table(visit, DIFFERENCES, filters)


def _funnel(visit: Visit, arms: Sequence[Mapping[str, Any]]) -> None:
    whole = [arm for arm in arms if arm["step"] is None]
    labels = [word(_STAGES, name, visit.language) for name in _STAGES]
    series = [Series(_group(visit, arm), [arm[name] for name in _STAGES]) for arm in whole]
    count = visit.formats.number(sum(arm["assigned"] for arm in whole))
    told = visit.say(say, "funnel_says", count=count, arms=len(whole))
    chart(visit.say(say, "funnel")).show(labels, series, told)


PAGE = Page(
    "/reports/{name}",
    ("Informe de la campaña", "Campaign report"),
    Right.READ,
    build,
    listings=(ARMS, DIFFERENCES),
)
