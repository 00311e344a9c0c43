"""A portfolio file into the database, through the intake of the running service; again and again to the same effect."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from babel.numbers import get_territory_currencies
from pydantic import ValidationError

from channels.phones import canonical
from services.applying import Applying
from services.imports.facts import Told, debtors_of, explained, told_by
from services.imports.reader import PortfolioFile
from services.imports.rows import PortfolioRow, RowProblem
from services.intake import Fact

BATCH = 1000
_SOURCE = "urn:puntual:import:"


@dataclass(slots=True)
class Imported:
    """What became of a file's rows; `repeated` counts facts that an earlier import of the file told already."""

    rows: int = 0
    refused: int = 0
    debtors: int = 0
    facts: int = 0
    repeated: int = 0
    planned: int = 0


@dataclass(frozen=True, slots=True)
class _Batch:
    """Facts by their identity with the line that told each, what is wrong with rows, and the lines of all."""

    facts: dict[int, tuple[int, Fact]]
    bad: list[RowProblem]
    lines: set[int]


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports files that were true at `as_of`; `country` is the lenders' own, `mapped` names the mapping used."""

    applying: Applying
    as_of: datetime
    country: str | None
    mapped: str | None = None

    async def run(
        self, file: PortfolioFile, *, problem: Callable[[RowProblem], None], progress: Callable[[int], None]
    ) -> Imported:
        """Take the file in, a batch of rows a transaction; faults and progress (rows done) are told as they come."""
        source = _SOURCE + file.digest() + (f":{self.mapped}" if self.mapped else "")
        done = Imported()
        batches = self._read(file, source)
        batch = await asyncio.to_thread(next, batches, None)
        while batch is not None:
            ahead = asyncio.ensure_future(asyncio.to_thread(next, batches, None))
            bad = [*batch.bad, *await self._apply(batch.facts, done)]
            done.rows += len(batch.lines)
            done.refused += len({each.line for each in bad} & batch.lines)
            for each in sorted(bad, key=lambda fault: fault.line):
                problem(each)
            progress(done.rows)
            batch = await ahead
        return done

    def _read(self, file: PortfolioFile, source: str) -> Iterator[_Batch]:
        """Batches ready to be applied; read in a thread, so that the database need not wait for the file."""
        for rows in _batches(file):
            facts, bad = self._facts(source, [each for each in rows if isinstance(each, PortfolioRow)])
            bad += [each for each in rows if isinstance(each, RowProblem)]
            yield _Batch(facts, bad, {each.line for each in rows})

    async def _apply(self, facts: dict[int, tuple[int, Fact]], done: Imported) -> list[RowProblem]:
        """Apply the facts, by their identity with the line that told each."""
        if not facts:
            return []
        handled = await self.applying.handle([fact for _, fact in facts.values()])
        done.facts += handled.applied
        done.repeated += len(handled.repeated)
        done.planned += sum(handled.planned.values())
        done.debtors += len({fact.debtors[0] for _, fact in facts.values()})
        return [RowProblem(facts[id(fact)][0], "", error.message) for fact, error in handled.refused]

    def _facts(self, source: str, rows: list[PortfolioRow]) -> tuple[dict[int, tuple[int, Fact]], list[RowProblem]]:
        found: dict[int, tuple[int, Fact]] = {}
        bad = []
        for group in debtors_of(rows):
            for told in self._told(group):
                if isinstance(told, RowProblem):
                    bad.append(told)
                else:
                    fact = Fact(source, told.name, told.event.event_type, self.as_of, told.event)
                    found[id(fact)] = (told.line, fact)
        return found, bad

    def _told(self, rows: list[PortfolioRow]) -> Iterator[Told | RowProblem]:
        reachable = []
        for row in rows:
            country = row.country or self.country
            if row.phone is not None and canonical(row.phone, country) is None:
                where = f" of {country}" if country else ", written with its country like +52…"
                yield RowProblem(row.line, "phone", f"must be a valid number{where}")
            else:
                reachable.append(row)
        if reachable:
            try:
                currency = _currency_of(reachable[0].country or self.country)
                yield from told_by(reachable, as_of=self.as_of, currency=currency)
            except ValidationError as error:
                yield RowProblem(reachable[0].line, "", explained(error))


def _batches(file: PortfolioFile) -> Iterator[list[PortfolioRow | RowProblem]]:
    """About a thousand rows each, all faults of a line in one; the same for the same file."""
    batch: list[PortfolioRow | RowProblem] = []
    lines = 0
    for _, same in groupby(file.rows(), key=lambda each: each.line):
        batch.extend(same)
        lines += 1
        if lines == BATCH:
            yield batch
            batch, lines = [], 0
    if batch:
        yield batch


def _currency_of(country: str | None) -> str | None:
    """The money of a country today, where it has one."""
    found = get_territory_currencies(country) if country else []
    return str(found[0]) if len(found) == 1 else None
