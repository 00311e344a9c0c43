"""The rows of a portfolio file, whatever its kind, under our names for its columns."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import RootModel

from services.simulation.csv_rows import PortfolioProblem, read_csv
from services.simulation.portfolio import COLUMNS, Row
from services.yaml_document import read_document

__all__ = ["PortfolioProblem", "portfolio_rows"]


class _Mapping(RootModel[dict[str, str]]):
    """Our column names with the file's."""


def portfolio_rows(path: Path, mapping: Path | None) -> Iterator[Row]:
    """The rows in their order; raises PortfolioProblem with file and line, DocumentProblem for the mapping."""
    names = read_document(mapping, _Mapping).root if mapping is not None else {}
    strange = sorted(set(names) - set(COLUMNS))
    if strange:
        raise PortfolioProblem(f"{mapping}:1: there is no column {', '.join(strange)} of ours; see `puntual --help`")
    return read_csv(path, names)
