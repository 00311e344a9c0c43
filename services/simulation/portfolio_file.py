"""A portfolio file opened under our names for its columns."""

from pathlib import Path

from pydantic import RootModel

from services.imports.columns import PortfolioProblem, check_mapping
from services.imports.reader import PortfolioFile, open_portfolio
from services.yaml_document import read_document


class _Mapping(RootModel[dict[str, str]]):
    """Our column names with the file's."""


def portfolio_of(path: Path, mapping: Path | None) -> PortfolioFile:
    """The file, ready to be read; raises PortfolioProblem with file and line, DocumentProblem for the mapping."""
    given = read_document(mapping, _Mapping).root if mapping is not None else {}
    try:
        names = check_mapping(given)
    except PortfolioProblem as problem:
        raise PortfolioProblem(f"{mapping}:1: {problem}") from None
    return open_portfolio(path, names)
