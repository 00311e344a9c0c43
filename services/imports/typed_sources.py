"""XLSX and Parquet files, row by row; only a workbook's table of shared texts, which Excel writes, is held whole."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import pyarrow
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from pyarrow.parquet import ParquetFile

from services.imports.columns import PortfolioProblem

_BATCH = 4096
_UNREADABLE = (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, EOFError)


@dataclass(slots=True)
class XlsxSource:
    """The first sheet of a workbook."""

    path: Path
    header: list[str]
    notes: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, path: Path) -> "XlsxSource":
        """Read the first line of the first sheet."""
        with _sheet(path) as sheet:
            first = next(sheet.iter_rows(max_row=1, values_only=True), ())
            names = ["" if cell is None else str(cell) for cell in first]
            return cls(path, names, [f"XLSX, sheet '{sheet.title}'"])

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Row numbers and cells, empty rows left out."""
        with _sheet(self.path) as sheet:
            for number, cells in enumerate(sheet.iter_rows(min_row=2, values_only=True), start=2):
                if any(cell is not None for cell in cells):
                    yield number, list(cells)


@dataclass(slots=True)
class ParquetSource:
    """A Parquet file; line numbers are counted as if it had a line of names."""

    path: Path
    header: list[str]
    notes: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, path: Path) -> "ParquetSource":
        """Read the names of the columns."""
        with _parquet(path) as file:
            return cls(path, list(file.schema_arrow.names), ["Parquet"])

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Row numbers and cells."""
        with _parquet(self.path) as file:
            number = 1
            for batch in file.iter_batches(batch_size=_BATCH):
                for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    number += 1
                    yield number, list(cells)


@contextmanager
def _sheet(path: Path) -> Iterator[Any]:
    try:
        with warnings.catch_warnings():  # of styles and the like, which are not read
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True)
    except _UNREADABLE as error:
        raise PortfolioProblem(f"{path}: not a workbook that can be read ({type(error).__name__})") from None
    try:
        yield book.worksheets[0]
    finally:
        book.close()


@contextmanager
def _parquet(path: Path) -> Iterator[ParquetFile]:
    try:
        with ParquetFile(path, memory_map=True) as file:
            yield file
    except pyarrow.ArrowException as error:
        raise PortfolioProblem(f"{path}: not a Parquet file that can be read ({type(error).__name__})") from None
