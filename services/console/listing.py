"""A list of rows that is paged by keyset, shown as a table and exported, without ever being held whole."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from nicegui import ui
from nicegui.element import Element

from services.console import kit
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Pair

PAGE = 50
Row = Mapping[str, Any]
Place = tuple[Any, ...]
Filters = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `show` writes a row's value for a visitor, `link` gives the path of the page behind it.

    `state` names the row's field whose word is shown as a badge; `number` puts the text to the right.
    """

    key: str
    title: Pair
    show: Callable[[Visit, Row], str]
    link: Callable[[Row], str | None] | None = None
    state: bool = False
    number: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list by name: `read(visit, filters, after, limit)` gives the rows that follow a place, `place` a row's own.

    Exports have the same columns and right; what it reads from `filters` is in the address of an export, so it is
    never personal. They ask for `chunk` rows at a time; a list whose `read` may raise `Away` names the `page` that
    tells of it.
    """

    name: str
    right: Right
    columns: Sequence[Column]
    read: Callable[[Visit, Filters, Place | None, int], Awaitable[Sequence[Row]]]
    place: Callable[[Row], Place]
    empty: Pair
    page: str = "/"
    chunk: int = 1000


class Away(Exception):
    """What a list is read from can't be reached just now; the text says so to the visitor."""


Extra = Callable[[Row], None]
"""Fills one more cell of a row, with buttons."""


async def table(visit: Visit, listing: Listing, filters: Filters, *, extra: Extra | None = None) -> "Table":
    """Show a list, a page at a time, with its exports; `Table.again` shows the present page anew."""
    made = Table(visit, listing, filters, extra)
    await made.again()
    return made


class Table:
    """A list on a page."""

    def __init__(self, visit: Visit, listing: Listing, filters: Filters, extra: Extra | None) -> None:
        self._visit = visit
        self._listing = listing
        self._filters = dict(filters)
        self._extra = extra
        self._places: list[Place | None] = [None]
        self._next: Place | None = None
        self._body: Element = ui.element("div").classes("p-list")

    async def filter(self, filters: Filters) -> None:
        """Show the first page under other filters."""
        self._filters, self._places = dict(filters), [None]
        await self.again()

    async def again(self) -> None:
        """Read and show the present page."""
        try:
            rows = await self._listing.read(self._visit, self._filters, self._places[-1], PAGE + 1)
        except Away as away:
            self._body.clear()
            with self._body:
                kit.notice(str(away), tone="bad")
            return
        self._next = self._listing.place(rows[PAGE - 1]) if len(rows) > PAGE else None
        self._body.clear()
        with self._body:
            if rows:
                self._show(rows[:PAGE])
            else:
                kit.empty(self._visit.pick(self._listing.empty))
            self._controls(exports=bool(rows))

    def _show(self, rows: Sequence[Row]) -> None:
        with kit.tag("table").classes("p-table"):
            with kit.tag("thead"), kit.tag("tr"):
                for column in self._listing.columns:
                    heading = kit.text("th", self._visit.pick(column.title), scope="col")
                    heading.classes("p-number" if column.number else "")
                if self._extra is not None:
                    kit.tag("td")
            with kit.tag("tbody"):
                for row in rows:
                    self._row(row)

    def _row(self, row: Row) -> None:
        with kit.tag("tr"):
            for column in self._listing.columns:
                self._cell(column, row)
            if self._extra is not None:
                with kit.tag("td").classes("p-actions"):
                    self._extra(row)

    def _cell(self, column: Column, row: Row) -> None:
        shown = column.show(self._visit, row)
        path = column.link(row) if column.link is not None else None
        plain = path is None and not column.state
        cell = kit.text("td", shown if plain else "").classes("p-number" if column.number else "")
        cell.props["data-label"] = self._visit.pick(column.title)
        if path is not None:
            with cell:
                kit.link(shown, path)
        elif column.state:
            with cell:
                kit.badge(str(row[column.key] or ""), shown)

    def _controls(self, *, exports: bool) -> None:
        with kit.tag("div").classes("p-controls"):
            if len(self._places) > 1:
                kit.button(self._visit.common("previous"), self._back, tone="quiet")
            if self._next is not None:
                kit.button(self._visit.common("next"), self._forward, tone="quiet")
            if exports:
                ui.space()
                for kind in ("csv", "xlsx"):
                    label = f"{self._visit.common('export')} {kind.upper()}"
                    address = f"/export/{self._listing.name}.{kind}?{urlencode(self._filters)}"
                    kit.link(label, address)

    async def _forward(self) -> None:
        self._places.append(self._next)
        await self.again()

    async def _back(self) -> None:
        self._places.pop()
        await self.again()
