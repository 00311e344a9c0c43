"""What a simulation is made of, sorted into small files by debtor, so that a part holds all of its debtors."""

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

_AT_ONCE = 64


class Parts:
    """Writes things to `count` files of a private folder; those of a debtor, wherever they stood, go to one."""

    def __init__(self, folder: Path, kind: str, *, count: int) -> None:
        self.things = 0
        self._paths = [folder / f"{number:03d}.{kind}" for number in range(count)]
        self._files = [path.open("wb") for path in self._paths]
        self._waiting: list[list[Any]] = [[] for _ in self._paths]

    def __enter__(self) -> "Parts":
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()

    def put(self, debtor_ref: str, thing: Any) -> None:
        """Write a row or an event to its part."""
        place = crc32(debtor_ref.encode("utf-8", "replace")) % len(self._files)
        waiting = self._waiting[place]
        waiting.append(thing)
        self.things += 1
        if len(waiting) >= _AT_ONCE:
            self._write(place)

    def finished(self) -> list[Path]:
        """The finished files."""
        for place, file in enumerate(self._files):
            self._write(place)
            file.flush()
        return self._paths

    def _write(self, place: int) -> None:
        pickle.dump(self._waiting[place], self._files[place], protocol=pickle.HIGHEST_PROTOCOL)
        self._waiting[place] = []


def read_part(path: Path) -> Iterator[Any]:
    """What this simulation's own run wrote to a part."""
    with path.open("rb") as file:
        while file.peek(1):
            yield from pickle.load(file)
