"""Lists as files: read page after page, so that a long one costs no more memory than a short one."""

import csv
import io
import re
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from openpyxl import Workbook
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from services.auditing import Action
from services.console import trail
from services.console.listing import Away, Filters, Listing, Row
from services.console.visit import SCOPE, Visit

AWAY = "away"
"""What is in the address of a page to which a failed export led back."""

_MOST_ROWS = 500_000
_RISKY = re.compile(r"^[\s\x00-\x1f]*[=+\-@|%\t\r]")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def export_route(listings: Mapping[str, Listing]) -> Route:
    """`/export/<list>.csv` and `.xlsx`, with the filters of the list in the query; needs a session and its right."""

    async def export(request: Request) -> Response:
        visit: Visit = request.scope[SCOPE].of(request)
        listing, kind = listings.get(request.path_params["name"]), request.path_params["kind"]
        if listing is None or kind not in ("csv", "xlsx"):
            return PlainTextResponse(visit.common("not_found"), status_code=404)
        if not visit.may(listing.right):
            return PlainTextResponse(visit.common("forbidden"), status_code=403)
        filters = dict(request.query_params)
        found = rows(visit, listing, filters)
        try:
            first = await anext(found, None)
        except Away:
            return RedirectResponse(f"..{listing.page}?{AWAY}=yes", status_code=303)
        await _record(visit, listing, kind, filters)
        named = {"Content-Disposition": f'attachment; filename="puntual-{listing.name}.{kind}"'}
        every = _with(first, found)
        if kind == "csv":
            return StreamingResponse(_csv(visit, listing, every), media_type="text/csv; charset=utf-8", headers=named)
        path = await _xlsx(visit, listing, every)
        return FileResponse(path, media_type=_XLSX, headers=named, background=BackgroundTask(path.unlink))

    return Route("/export/{name}.{kind}", export, methods=["GET"])


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _RISKY.match(text) and not _is_number(text) else text


async def rows(visit: Visit, listing: Listing, filters: Filters) -> AsyncIterator[Row]:
    """Every row of a list, up to half a million."""
    after, count = None, 0
    while count < _MOST_ROWS:
        found = await listing.read(visit, filters, after, listing.chunk)
        for row in found:
            yield row
        count += len(found)
        if len(found) < listing.chunk:
            return
        after = listing.place(found[-1])


async def _with(first: Row | None, others: AsyncIterator[Row]) -> AsyncIterator[Row]:
    if first is not None:
        yield first
    async for row in others:
        yield row


async def _csv(visit: Visit, listing: Listing, found: AsyncIterator[Row]) -> AsyncIterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([visit.pick(column.title) for column in listing.columns])
    yield "\ufeff".encode()
    async for row in found:
        writer.writerow(_cells(visit, listing, row))
        if buffer.tell() > 32_768:
            yield _emptied(buffer)
    yield _emptied(buffer)


async def _xlsx(visit: Visit, listing: Listing, found: AsyncIterator[Row]) -> Path:
    """A workbook in a file of its own, written row by row."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(listing.name[:31])
    sheet.append([visit.pick(column.title) for column in listing.columns])
    async for row in found:
        sheet.append([_ILLEGAL.sub("", cell) for cell in _cells(visit, listing, row)])
    with tempfile.NamedTemporaryFile(prefix="puntual-export-", suffix=".xlsx", delete=False) as file:
        book.save(file)
    return Path(file.name)


def _cells(visit: Visit, listing: Listing, row: Row) -> list[str]:
    return [harmless(column.show(visit, row)) for column in listing.columns]


def _emptied(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[-+]?\d[\d.,\u00a0 ]*%?", text) is not None


async def _record(visit: Visit, listing: Listing, kind: str, filters: Filters) -> None:
    async with visit.database.transaction() as connection:
        details = {"kind": kind, "filters": [f"{name}={value}" for name, value in sorted(filters.items())]}
        subject = f"list/{listing.name}"
        await trail.record(connection, visit.visitor.name, Action.LIST_EXPORTED, subject, details, visit.now())
