"""The figures as bench.json, and as a table."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; `share` is its part of the floor measured in the same run."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    share: float | None = None
    note: str | None = None


def row(name: str, value: float, unit: str, *, floor: float | None = None, note: str | None = None) -> Row:
    """A figure, rounded to what can be told apart."""
    share = round(value / floor, 3) if floor else None
    return Row(name, _rounded(value), unit, _rounded(floor) if floor else None, share, note)


def write(path: Path, rows: Sequence[Row]) -> None:
    """A list of objects; `note` only where there is one."""
    found = [{name: value for name, value in asdict(each).items() if name != "note" or value} for each in rows]
    path.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def show(rows: Sequence[Row]) -> None:
    """The table at the end of a run."""
    table = Table("figure", "value", "unit", "floor", "share", "note")
    for each in rows:
        floor = "" if each.floor is None else f"{each.floor:,}"
        share = "" if each.share is None else f"{each.share:.0%}"
        table.add_row(each.name, f"{each.value:,}", each.unit, floor, share, each.note or "")
    Console(width=120).print(table)


def _rounded(value: float) -> float:
    return round(value) if value >= 100 else round(value, 2)
