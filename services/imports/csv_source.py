"""CSV files whoever wrote them: encoding and separator are found out and named."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.imports.columns import PortfolioProblem, known_names

_CHUNK = 1 << 20
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ONE_BYTE = ("cp1252", "cp850", "mac_roman")
_LETTERS = frozenset("áéíóúñüçãõâêôàÁÉÍÓÚÑÜÇÃÕÂÊÔÀ¿¡ºª")
_ASCII = bytes(range(128))
_LONGEST_CELL = 1 << 17


@dataclass(slots=True)
class CsvSource:
    """A CSV file by its lines."""

    path: Path
    encoding: str
    separator: str
    names: list[str]
    notes: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, path: Path, mapping: Mapping[str, str]) -> "CsvSource":
        """Look at the whole file once for its encoding, and at the first line for its separator."""
        encoding = _encoding(path)
        separator, names = _header(path, encoding, mapping)
        notes = [f"{encoding.removesuffix('-sig').upper()}, columns separated by {_SEPARATORS[separator]}"]
        return cls(path, encoding, separator, names, notes)

    @property
    def header(self) -> list[str]:
        """The names of the first line."""
        return self.names

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Line numbers and cells, empty lines left out."""
        try:
            with self.path.open(encoding=self.encoding, newline="") as file:
                reader = csv.reader(file, delimiter=self.separator)
                next(reader, None)
                for cells in reader:
                    if any(cells):
                        yield reader.line_num, cells
        except csv.Error as error:
            raise PortfolioProblem(f"{self.path}:{reader.line_num}: not CSV: {error}") from None


def _encoding(path: Path) -> str:
    """UTF-8 unless the bytes say otherwise; then the one-byte encoding that gives the most letters of our languages."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    high: Counter[int] = Counter()
    valid = True
    with path.open("rb") as file:
        start = file.read(4)
        marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
        if marked is not None:
            return marked
        file.seek(0)
        while chunk := file.read(_CHUNK):
            if b"\x00" in chunk:
                raise PortfolioProblem(f"{path}: not a text file; save it as CSV in UTF-8, as XLSX or as Parquet")
            high.update(chunk.translate(None, _ASCII))
            valid = valid and _decodes(decoder, chunk)
    if valid and _decodes(decoder, b"", final=True):
        return "utf-8"
    return max(_ONE_BYTE, key=lambda name: _plausibility(high, name))


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _plausibility(high: Counter[int], encoding: str) -> int:
    letters = {code: bytes([code]).decode(encoding, "replace") for code in high}
    return sum(count for code, count in high.items() if letters[code] in _LETTERS)


def _header(path: Path, encoding: str, mapping: Mapping[str, str]) -> tuple[str, list[str]]:
    """The separator under which the first line has the most columns that we know."""
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding=encoding, newline="") as file:
            line = file.readline(_LONGEST_CELL)
    except UnicodeError:
        raise PortfolioProblem(f"{path}: not {encoding} as its first bytes say; save it as UTF-8") from None
    if not line.strip():
        raise PortfolioProblem(f"{path}: is empty; the first line names the columns")
    split = {separator: next(csv.reader([line], delimiter=separator), []) for separator in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda separator: (known_names(split[separator], mapping), len(split[separator])))
    return best, split[best]
