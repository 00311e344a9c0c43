"""Lists as files."""

import csv
import io

import openpyxl
import pytest

from services.console.export import harmless
from services.store import audit
from services.store.audit import Wanted
from tests.services.console.morning import PHONES, Morning
from tests.services.console.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_csv_and_xlsx_have_the_columns_and_rows_of_the_list(site: Site, people: Morning) -> None:
    async with site.visitor("viewer", "en") as client:
        text = (await client.get("/console/export/messages.csv")).content.decode("utf-8-sig")
        book = openpyxl.load_workbook(io.BytesIO((await client.get("/console/export/messages.xlsx")).content))
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:4] == ["Message", "Debtor", "Channel", "State"]
    assert {row[1] for row in rows[1:]} == set(PHONES)
    assert [list(row) for row in book.active.iter_rows(values_only=True)] == rows


async def test_filters_hold_in_exports(site: Site, people: Morning) -> None:
    async with site.visitor("viewer") as client:
        text = (await client.get("/console/export/messages.csv?state=failed")).text
    assert [row[1] for row in csv.reader(io.StringIO(text))][1:] == ["D-3"]


async def test_an_export_is_on_record(site: Site, people: Morning) -> None:
    async with site.visitor("approver") as client:
        await client.get("/console/export/tasks.csv?state=open")
    async with site.parts.database.reading() as connection:
        wanted = Wanted(actor="console:approver", action="list.exported")
        (row,) = await audit.page(connection, wanted, before=audit.END, limit=5)
    assert (row.subject, row.details["filters"]) == ("list/tasks", ["state=open"])


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", " =1", "\t=1", "%x", "|x"])
async def test_no_cell_is_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12.5", "+52", "1,050.50 MXN", "vence · hoy", "—"])
async def test_plain_cells_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.slow  # Kafka is given ten seconds to answer
async def test_letters_are_not_exported_while_kafka_is_away_and_the_page_says_so(site: Site) -> None:
    async with site.visitor("operator") as client:
        refused = await client.get("/console/export/letters.csv?fresh=yes")
        assert (refused.status_code, refused.headers["location"]) == (303, "../letters?away=yes")
        assert "No se exportó nada" in (await client.get("/console/letters?away=yes")).text
    async with site.parts.database.reading() as connection:
        rows = await audit.page(connection, Wanted(subject="list/letters"), before=audit.END, limit=5)
    assert rows == []


async def test_there_are_no_lists_but_ours(site: Site) -> None:
    async with site.visitor("admin") as client:
        for name in ("messages.pdf", "secrets.csv"):
            assert (await client.get(f"/console/export/{name}")).status_code == 404
