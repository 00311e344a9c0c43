"""A portfolio's rows sorted into files by debtor, so that each part holds all rows of its debtors and is small."""

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

_AT_ONCE = 256

Cells = tuple[int, list[Any]]
"""A line number and what stands in the line."""


class Parts:
    """Writes rows to `count` files of a private folder; a debtor's rows, wherever they stand, go to one."""

    def __init__(self, folder: Path, *, count: int) -> None:
        self.rows = 0
        self._paths = [folder / f"{number:03d}.rows" for number in range(count)]
        self._files = [path.open("wb") for path in self._paths]
        self._waiting: list[list[Cells]] = [[] for _ in self._paths]

    def put(self, debtor_ref: str, line: int, cells: list[Any]) -> None:
        """Write a row to its part."""
        place = crc32(debtor_ref.encode("utf-8", "replace")) % len(self._files)
        waiting = self._waiting[place]
        waiting.append((line, cells))
        self.rows += 1
        if len(waiting) >= _AT_ONCE:
            self._write(place)

    def close(self) -> list[Path]:
        """The finished files."""
        for place, file in enumerate(self._files):
            self._write(place)
            file.close()
        return self._paths

    def _write(self, place: int) -> None:
        pickle.dump(self._waiting[place], self._files[place], protocol=pickle.HIGHEST_PROTOCOL)
        self._waiting[place] = []


def read_part(path: Path) -> Iterator[Cells]:
    """The rows of a part that this process's own run wrote."""
    with path.open("rb") as file:
        while file.peek(1):
            yield from pickle.load(file)
