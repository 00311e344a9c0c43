"""A portfolio's rows sorted into files by debtor, so that each part holds all rows of its debtors and is small."""

import pickle
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

from services.imports.rows import PortfolioRow


class Parts:
    """Writes rows to `count` files of a private folder; a debtor's rows, wherever they stand, go to one."""

    def __init__(self, folder: Path, *, count: int) -> None:
        self.rows = 0
        self._paths = [folder / f"{number:03d}.rows" for number in range(count)]
        self._files = [path.open("wb") for path in self._paths]

    def put(self, row: PortfolioRow) -> None:
        """Write a row to its part."""
        file = self._files[crc32(row.debtor_ref.encode()) % len(self._files)]
        pickle.dump(row, file, protocol=pickle.HIGHEST_PROTOCOL)
        self.rows += 1

    def close(self) -> list[Path]:
        """The finished files."""
        for file in self._files:
            file.close()
        return self._paths


def read_part(path: Path) -> Iterator[PortfolioRow]:
    """The rows of a part that this process's own run wrote."""
    with path.open("rb") as file:
        while file.peek(1):
            row: PortfolioRow = pickle.load(file)
            yield row
