"""Portfolio files whoever wrote them: encodings, separators, decimal marks, workbooks, Parquet."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from schemas.enums import Channel, ConsentState
from services.imports.columns import PortfolioProblem, check_mapping
from services.imports.reader import open_portfolio
from tests.services.imports.files import GOOD, csv_text, good_rows, problems, write_csv, write_parquet, write_xlsx


@pytest.mark.parametrize(
    ("encoding", "separator", "note"),
    [
        ("utf-8", ",", "UTF-8, columns separated by commas"),
        ("utf-8-sig", ";", "UTF-8, columns separated by semicolons"),
        ("utf-16", "\t", "UTF-16, columns separated by tabs"),
        ("cp1252", ";", "CP1252, columns separated by semicolons"),
        ("cp850", "|", "CP850, columns separated by bars"),
        ("mac_roman", ",", "MAC_ROMAN, columns separated by commas"),
    ],
)
def test_encoding_and_separator_are_found_out_and_named(
    tmp_path: Path, encoding: str, separator: str, note: str
) -> None:
    path = write_csv(tmp_path / "a.csv", {}, {"debtor_ref": "D-2"}, encoding=encoding, separator=separator)
    assert list(open_portfolio(path).notes) == [note]
    assert [row.name for row in good_rows(path)] == ["María Peña Núñez"] * 2


def test_a_row_has_every_column_as_a_value(tmp_path: Path) -> None:
    (row,) = good_rows(write_csv(tmp_path / "a.csv", {}))
    assert (row.line, row.debtor_ref, row.loan_ref, row.tags) == (2, "D-1", "L-1", ("vip", "nomina"))
    assert (row.amount_due, row.total_outstanding, row.overdue_amount) == (Decimal("1050.50"), Decimal(9800), None)
    assert (row.due_date, row.installment_number, row.days_past_due) == (date(2026, 11, 24), 7, 0)
    assert row.consents == {Channel.SMS: ConsentState.GRANTED, Channel.VOICE: ConsentState.DENIED}
    assert row.preferred_channel is Channel.SMS
    assert "María" not in repr(row)
    assert "3312345678" not in repr(row)


def test_columns_stand_in_any_order_and_strangers_are_passed_over(tmp_path: Path) -> None:
    columns = ["branch", *reversed(GOOD)]
    path = tmp_path / "a.csv"
    path.write_text(csv_text([{**GOOD, "branch": "Centro"}], columns=columns))
    assert good_rows(path)[0].amount_due == Decimal("1050.50")


def test_a_mapping_gives_their_names(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Cliente;Nombre;Crédito;Celular\nD-1;Ana Pi;L-1;5512345678\n")
    mapping = check_mapping({"debtor_ref": "Cliente", "name": "Nombre", "loan_ref": "Crédito", "phone": "Celular"})
    (row,) = good_rows(path, mapping)
    assert (row.debtor_ref, row.phone) == ("D-1", "5512345678")


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"debtor": "Cliente"}, "debtor: not a column of ours"),
        (["debtor_ref"], "lines `our_column: their column`"),
        ({"debtor_ref": 7}, "debtor_ref: write the name of their column"),
    ],
)
def test_a_wrong_mapping_is_told(mapping: Any, said: str) -> None:
    with pytest.raises(PortfolioProblem, match=said):
        check_mapping(mapping)


def test_a_decimal_comma_counts_where_the_whole_column_has_one(tmp_path: Path) -> None:
    rows = [{"amount_due": "1050,50", "risk_score": "640"}, {"amount_due": "70"}, {"amount_due": "1,5"}]
    path = write_csv(tmp_path / "a.csv", *rows, separator=";")
    assert [row.amount_due for row in good_rows(path)] == [Decimal("1050.50"), Decimal(70), Decimal("1.5")]
    assert open_portfolio(path).notes[1:] == ["amount_due has a decimal comma"]


def test_a_comma_among_points_is_a_fault_of_its_row(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", {"amount_due": "1050,50"}, {"amount_due": "70.25"}, {"amount_due": "1,050.25"})
    assert [(fault.line, fault.column) for fault in problems(path)] == [(2, "amount_due"), (4, "amount_due")]


def test_commas_that_may_be_thousands_refuse_the_file(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", {"amount_due": "1,050"}, {"amount_due": "20,000"})
    with pytest.raises(PortfolioProblem, match="amount_due: a number like 1,050 may be a thousand or a fraction"):
        open_portfolio(path)


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        ({"debtor_ref": ""}, "debtor_ref"),
        ({"name": " "}, "name"),
        ({"loan_ref": ""}, "loan_ref"),
        ({"phone": "", "email": ""}, "phone"),
        ({"phone": "5.51E+11"}, "phone"),
        ({"email": "maria at example"}, "email"),
        ({"timezone": "Mexico/Nowhere"}, "timezone"),
        ({"country": "México"}, "country"),
        ({"region": "Jalisco"}, "region"),
        ({"language": "español"}, "language"),
        ({"consent_sms": "maybe"}, "consent_sms"),
        ({"preferred_channel": "pigeon"}, "preferred_channel"),
        ({"currency": "$"}, "currency"),
        ({"amount_due": "$1050"}, "amount_due"),
        ({"amount_due": "-1"}, "amount_due"),
        ({"amount_due": ""}, "amount_due"),
        ({"due_date": "24/11/2026"}, "due_date"),
        ({"due_date": "2026-02-30"}, "due_date"),
        ({"due_date": ""}, "due_date"),
        ({"installment_number": "7.5"}, "installment_number"),
        ({"days_past_due": "-1"}, "days_past_due"),
        ({"days_past_due": "999999"}, "days_past_due"),
        ({"risk_score": "high"}, "risk_score"),
        ({"status": "sleeping"}, "status"),
    ],
)
def test_a_bad_cell_is_told_by_line_and_column_and_never_by_its_value(
    tmp_path: Path, cell: dict[str, str], column: str
) -> None:
    (fault,) = problems(write_csv(tmp_path / "a.csv", {}, cell, {}))
    assert (fault.line, fault.column) == (3, column)
    value = next(iter(cell.values())).strip()
    assert len(value) < 3 or value not in fault.message


def test_a_row_with_more_cells_than_names_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("debtor_ref,name,loan_ref,phone\nD-1,Pi, Ana,L-1,5512345678\nD-2,Ana,L-2,5512345678,\n")
    (fault,) = problems(path)
    assert (fault.line, fault.column) == (2, "")
    assert "quotes" in fault.message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"name,loan_ref,phone\nAna,L-1,55\n", "there is no column debtor_ref"),
        (b"debtor_ref,name,loan_ref\nD-1,Ana,L-1\n", "there is no column phone or email"),
        (b"debtor_ref,name,name,loan_ref,phone\n", "name stands 2 times"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        (b"PK\x03\x04 no zip", "not a workbook"),
        (b"PAR1 no table", "not a Parquet file"),
        (b"\xff\xfea\x00b", "UTF-8"),
    ],
)
def test_a_file_that_is_no_portfolio_is_told_in_a_line(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(PortfolioProblem, match=said):
        list(open_portfolio(path).rows())


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(PortfolioProblem):
            open_portfolio(path)


def test_a_workbook_has_typed_cells(tmp_path: Path) -> None:
    header = ["debtor_ref", "name", "loan_ref", "phone", "amount_due", "currency", "due_date", "installment_number"]
    header += ["consent_sms", "risk_score"]
    first = [1001, "Ana Pi", 77, 525512345678, 1050.5, "MXN", datetime(2026, 11, 24), 7, True, 0.1 + 0.2]  # noqa: DTZ001
    second = ["D-2", "Eva Mo", "L-2", "+525512345679", "1050,50", "MXN", "2026-11-24", "7", None, None]
    path = write_xlsx(tmp_path / "a.xlsx", header, first, [None] * 10, second)
    one, two = good_rows(path)
    assert (one.debtor_ref, one.loan_ref, one.phone) == ("1001", "77", "525512345678")
    assert (one.amount_due, one.due_date, one.risk_score) == (Decimal("1050.5"), date(2026, 11, 24), Decimal("0.3"))
    assert one.consents == {Channel.SMS: ConsentState.GRANTED}
    assert (two.line, two.amount_due) == (4, Decimal("1050.50"))


def test_a_parquet_file_has_typed_columns(tmp_path: Path) -> None:
    columns = {
        "loan_ref": [77, 78],
        "debtor_ref": ["D-1", "D-2"],
        "name": ["Ana Pi", "Eva Mo"],
        "email": ["ana@example.test", "eva@example.test"],
        "amount_due": [Decimal("1050.50"), None],
        "due_date": [date(2026, 11, 24), None],
        "installment_number": [7.0, None],
        "tags": [["a", "b"], []],
        "risk_score": [640.5, float("nan")],
    }
    one, two = good_rows(write_parquet(tmp_path / "a.parquet", columns))
    assert (one.line, one.loan_ref, one.installment_number, one.tags) == (2, "77", 7, ("a", "b"))
    assert (one.amount_due, one.due_date) == (Decimal("1050.5"), date(2026, 11, 24))
    assert (two.due_date, two.risk_score, two.tags) == (None, None, ())
