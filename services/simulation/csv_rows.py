"""Rows of a portfolio in CSV, with the place of every fault."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from services.simulation.portfolio import COLUMNS, REQUIRED, Row


class PortfolioProblem(Exception):
    """Why a portfolio can't be read: file, line and what to do."""


def read_csv(path: Path, mapping: Mapping[str, str]) -> Iterator[Row]:
    """The rows of a UTF-8 file with a header; `mapping` gives the file's names for our columns."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=_delimiter(path))
            columns = _columns(path, next(reader, []), mapping)
            for values in reader:
                if values:
                    yield Row(reader.line_num, {name: values[at] for name, at in columns if at < len(values)})
    except UnicodeDecodeError as error:
        raise PortfolioProblem(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from None
    except OSError as error:
        raise PortfolioProblem(f"{path}: cannot be read: {error.strerror}") from None
    except csv.Error as error:
        raise PortfolioProblem(f"{path}: not a CSV file: {error}") from None


def _delimiter(path: Path) -> str:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = file.readline()
    return max((",", ";", "\t", "|"), key=header.count)


def _columns(path: Path, header: list[str], mapping: Mapping[str, str]) -> list[tuple[str, int]]:
    """Our columns with their place in the file; others are passed over."""
    ours = {theirs: name for name, theirs in mapping.items()}
    found = [(ours.get(name.strip(), name.strip()), at) for at, name in enumerate(header)]
    known = [(name, at) for name, at in found if name in COLUMNS]
    missing = [name for name in REQUIRED if name not in dict(known)]
    if missing:
        raise PortfolioProblem(f"{path}:1: there is no column {', '.join(missing)}: add it, or name it in a mapping")
    return known
