"""Charts that follow the theme and say the same in words, for those who can't see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nicegui import ui

from services.console import kit

_COLORS = ["#2a8f8a", "#d08a2e", "#4d7fc4", "#b0506a", "#7a8f3c", "#8a6fc0", "#c25b2e", "#5f6f7a"]
_GRAY = "#84919c"


@dataclass(frozen=True, slots=True)
class Series:
    """Values under a name, one for each label of the chart."""

    name: str
    values: Sequence[float | int | None]


class Chart:
    """Bars or lines; `show` gives it other figures."""

    def __init__(self, summary: str, *, kind: str = "bar", stacked: bool = False) -> None:
        self._kind = kind
        self._stacked = stacked
        self._chart = ui.echart(_frame()).classes("p-chart")
        self._chart.props["role"] = "img"
        self._chart.props["aria-label"] = summary

    def show(self, labels: Sequence[str], series: Sequence[Series], summary: str) -> None:
        """Draw these figures; `summary` says in a sentence what they show."""
        self._chart.props["aria-label"] = summary
        self._chart.options["xAxis"]["data"] = list(labels)
        self._chart.options["series"] = [self._one(each) for each in series]
        self._chart.update()

    def _one(self, series: Series) -> dict[str, Any]:
        drawn: dict[str, Any] = {"name": series.name, "type": self._kind, "data": list(series.values)}
        if self._stacked:
            drawn["stack"] = "all"
        if self._kind == "line":
            drawn |= {"showSymbol": False, "areaStyle": {"opacity": 0.15}}
        return drawn


def chart(title: str, *, kind: str = "bar", stacked: bool = False) -> Chart:
    """A chart in a card of its own."""
    with kit.card(title, wide=True):
        return Chart(title, kind=kind, stacked=stacked)


def _frame() -> dict[str, Any]:
    axis = {"axisLabel": {"color": _GRAY}, "axisLine": {"lineStyle": {"color": _GRAY}}}
    return {
        "animation": False,
        "color": _COLORS,
        "grid": {"left": 8, "right": 8, "top": 36, "bottom": 8, "containLabel": True},
        "legend": {"textStyle": {"color": _GRAY}, "top": 0, "type": "scroll"},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [], **axis},
        "yAxis": {"type": "value", "splitLine": {"lineStyle": {"color": "#84919c44"}}, **axis},
        "series": [],
    }
