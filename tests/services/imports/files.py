"""Portfolio files for tests."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
from openpyxl import Workbook

from services.imports.reader import open_portfolio
from services.imports.rows import PortfolioRow, RowProblem

AS_OF = datetime(2026, 11, 24, 6, tzinfo=UTC)
GOOD: dict[str, str] = {
    "debtor_ref": "D-1",
    "name": "María Peña Núñez",
    "language": "es-MX",
    "country": "MX",
    "region": "MX-JAL",
    "timezone": "America/Mexico_City",
    "phone": "3312345678",
    "email": "maria@example.test",
    "segment": "B",
    "risk_score": "640.5",
    "tags": "vip; nomina",
    "consent_sms": "yes",
    "consent_voice": "no",
    "preferred_channel": "sms",
    "loan_ref": "L-1",
    "product": "consumo",
    "creditor_ref": "demo",
    "currency": "MXN",
    "total_outstanding": "9800.00",
    "overdue_amount": "",
    "days_past_due": "0",
    "installment_number": "7",
    "due_date": "2026-11-24",
    "amount_due": "1050.50",
    "status": "open",
}


def csv_text(rows: Iterable[Mapping[str, str]], *, separator: str = ",", columns: Sequence[str] = tuple(GOOD)) -> str:
    """A CSV text; cells that hold the separator are quoted."""
    lines = [separator.join(columns)]
    for row in rows:
        cells = [row.get(column, "") for column in columns]
        lines.append(separator.join(f'"{cell}"' if separator in cell else cell for cell in cells))
    return "\r\n".join(lines) + "\r\n"


def write_csv(path: Path, *rows: Mapping[str, str], encoding: str = "utf-8", **how: Any) -> Path:
    """A CSV file of these rows, each over a good one."""
    path.write_bytes(csv_text([{**GOOD, **row} for row in rows], **how).encode(encoding))
    return path


def write_xlsx(path: Path, header: Sequence[Any], *rows: Sequence[Any]) -> Path:
    """A workbook of one sheet."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (header, *rows):
        sheet.append(list(row))
    book.save(path)
    return path


def write_parquet(path: Path, columns: Mapping[str, Sequence[Any]]) -> Path:
    """A Parquet file."""
    pyarrow.parquet.write_table(pyarrow.table(dict(columns)), path)
    return path


def good_rows(path: Path, mapping: Mapping[str, str] | None = None) -> list[PortfolioRow]:
    """The rows of a file without a fault."""
    found = list(open_portfolio(path, mapping).rows())
    problems = [each for each in found if isinstance(each, RowProblem)]
    assert problems == []
    return [each for each in found if isinstance(each, PortfolioRow)]


def problems(path: Path) -> list[RowProblem]:
    """The faults of a file."""
    return [each for each in open_portfolio(path).rows() if isinstance(each, RowProblem)]
