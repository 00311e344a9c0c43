"""A portfolio's rows sorted into files by debtor, so that each part holds all rows of its debtors and is small."""

import csv
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

from services.simulation.portfolio import COLUMNS, Row


class Parts:
    """Writes rows to `count` files of a folder; a debtor's rows, wherever they stand, go to one."""

    def __init__(self, folder: Path, *, count: int) -> None:
        self.rows = 0
        self._paths = [folder / f"{number:03d}.csv" for number in range(count)]
        self._files = [path.open("w", encoding="utf-8", newline="") for path in self._paths]
        self._writers = [csv.writer(file) for file in self._files]

    def put(self, row: Row) -> None:
        """Write a row to its part."""
        values = row.values
        place = crc32(values.get("debtor_ref", "").strip().encode()) % len(self._writers)
        self._writers[place].writerow([row.line, *[values.get(column, "") for column in COLUMNS]])
        self.rows += 1

    def close(self) -> list[Path]:
        """The finished files."""
        for file in self._files:
            file.close()
        return self._paths


def read_part(path: Path) -> Iterator[Row]:
    """The rows of a part."""
    with path.open(encoding="utf-8", newline="") as file:
        for line, *values in csv.reader(file):
            yield Row(int(line), dict(zip(COLUMNS, values, strict=True)))
