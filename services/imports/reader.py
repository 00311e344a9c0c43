"""Opens a portfolio file of any kind, and reads its rows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from services.imports.columns import DECIMAL, PortfolioProblem, places
from services.imports.csv_source import CsvSource
from services.imports.rows import PortfolioRow, RowProblem, RowReader
from services.imports.typed_sources import ParquetSource, XlsxSource

_CHUNK = 1 << 20
_OFTEN = 256
_WITH_COMMA = re.compile(r"\s*-?\d+,\d+\s*")
_MAYBE_THOUSANDS = re.compile(r"\s*-?\d{1,3},\d{3}\s*")


class Source(Protocol):
    """A file by its header and rows; rows may be read more than once."""

    @property
    def header(self) -> list[str]: ...
    @property
    def notes(self) -> list[str]: ...
    def rows(self) -> Iterator[tuple[int, list[Any]]]: ...


@dataclass(frozen=True, slots=True)
class PortfolioFile:
    """A file whose header and numbers were looked at; `notes` say how it is read, `total` counts its rows."""

    path: Path
    notes: Sequence[str]
    total: int
    _source: Source
    _reader: RowReader

    def rows(self) -> Iterator[PortfolioRow | RowProblem]:
        """Good rows, and each fault of the others."""
        for line, cells in self._source.rows():
            found = self._reader.row(line, cells)
            if isinstance(found, list):
                yield from found
            else:
                yield found

    def cells(self) -> Iterator[tuple[int, list[Any]]]:
        """Line numbers and cells as they stand, for `reader`."""
        return self._source.rows()

    @property
    def reader(self) -> RowReader:
        """Turns cells into rows, in whatever process."""
        return self._reader

    def digest(self) -> str:
        """SHA-256 of the file's bytes."""
        digest = sha256()
        with self.path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()


def open_portfolio(path: Path, mapping: Mapping[str, str] | None = None) -> PortfolioFile:
    """Find out how a file is written; `mapping` gives their names for our columns. Raises PortfolioProblem."""
    try:
        source = _source(path, mapping or {})
        try:
            found = places(source.header, mapping or {})
        except PortfolioProblem as problem:
            raise PortfolioProblem(f"{path}:1: {problem}") from None
        total, commas = _survey(path, source, {name: at for name, at in found.items() if name in DECIMAL})
    except OSError as error:
        raise PortfolioProblem(f"{path}: cannot be read: {error.strerror or type(error).__name__}") from None
    except UnicodeError:
        raise PortfolioProblem(f"{path}: not text of the encoding that its beginning shows; save it as UTF-8") from None
    notes = [*source.notes, *(f"{name} has a decimal comma" for name in sorted(commas))]
    return PortfolioFile(path, notes, total, source, RowReader(found, commas, width=len(source.header)))


def read_portfolio(path: Path, mapping: Mapping[str, str] | None = None) -> Iterator[PortfolioRow | RowProblem]:
    """The rows of a file; raises PortfolioProblem where it is none."""
    return open_portfolio(path, mapping).rows()


def _source(path: Path, mapping: Mapping[str, str]) -> Source:
    if path.is_dir():
        raise PortfolioProblem(f"{path}: a folder; give a CSV, XLSX or Parquet file")
    with path.open("rb") as file:
        start = file.read(4)
    if start == b"PK\x03\x04":
        return XlsxSource.open(path)
    if start == b"PAR1":
        return ParquetSource.open(path)
    return CsvSource.open(path, mapping)


def _survey(path: Path, source: Source, decimals: Mapping[str, int]) -> tuple[int, frozenset[str]]:
    """Count the rows, and find the columns whose every mark is a decimal comma."""
    columns = {name: _Marks() for name in decimals}
    open_still = [(at, columns[name]) for name, at in decimals.items()]
    total = 0
    for _, cells in source.rows():
        total += 1
        for at, marks in open_still:
            if at < len(cells) and isinstance(cells[at], str):
                marks.see(cells[at])
        if total % _OFTEN == 0:
            open_still = [(at, marks) for at, marks in open_still if not marks.settled]
    for name, marks in columns.items():
        if marks.with_comma and marks.unclear:
            raise PortfolioProblem(
                f"{path}: {name}: a number like 1,050 may be a thousand or a fraction; write a decimal point"
            )
    return total, frozenset(name for name, marks in columns.items() if marks.with_comma)


class _Marks:
    """What the numbers of one column have before their decimals."""

    def __init__(self) -> None:
        self._commas = self._maybe_thousands = 0
        self._points = False

    def see(self, text: str) -> None:
        """Look at one cell."""
        if "." in text:
            self._points = True
        elif "," in text and _WITH_COMMA.fullmatch(text):
            self._commas += 1
            self._maybe_thousands += _MAYBE_THOUSANDS.fullmatch(text) is not None

    @property
    def settled(self) -> bool:
        """Whether nothing that follows changes anything: a column with a decimal point has no decimal comma."""
        return self._points

    @property
    def with_comma(self) -> bool:
        """Whether the column has a decimal comma."""
        return self._commas > 0 and not self._points

    @property
    def unclear(self) -> bool:
        """Whether all of them might be thousands."""
        return self._commas == self._maybe_thousands
