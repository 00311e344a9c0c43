"""Checks the chain of seals: that no link is missing or altered, and that the rows are as they were sealed."""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.enums import SealKind
from services.evidence import signed_by
from services.sealing import GENESIS, hash_of
from services.store import seals as store
from services.store.seals import Block, Link

_PAGE = 500
_MOST_FAULTS = 100


@dataclass(slots=True)
class ChainChecked:
    """What a check of the chain found: faults in plain words, and how much was checked."""

    faults: list[str] = field(default_factory=list)
    links: int = 0
    rows: int = 0
    pruned: int = 0
    last: str = "none"
    """`NUMBER:HASH` of the last link, to be noted elsewhere."""

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link that was noted elsewhere (a log, an evidence pack): it must still be in the chain."""

    number: int
    hash: str


async def check_chain(
    connection: Any, *, trusted_keys: Collection[str], anchors: Sequence[Anchor] = ()
) -> ChainChecked:
    """Check every link and every sealed row; rows that retention removed count as pruned where a later link says so."""
    checked = ChainChecked()
    pruned = await _check_links(connection, checked, frozenset(trusted_keys), anchors)
    for table in store.SOURCES:
        if strangers := await store.misplaced(connection, table):
            checked.faults.append(f"{table}: {strangers} rows belong to no transaction there ever was")
    async for page in _pages(connection):
        for table in store.SOURCES:
            sealed = [link for link in page if link.kind == SealKind.SEALED and link.source == table]
            await _check_rows(connection, checked, table, sealed, pruned[table])
            if len(checked.faults) >= _MOST_FAULTS:
                checked.faults.append(f"more than {_MOST_FAULTS} faults: the rest is not told")
                return checked
    return checked


async def _check_links(
    connection: Any, checked: ChainChecked, trusted: frozenset[str], anchors: Sequence[Anchor]
) -> defaultdict[str, dict[str, int]]:
    """Check the links; gives for each table the months that were pruned, and by which link."""
    pruned: defaultdict[str, dict[str, int]] = defaultdict(dict)
    noted = {anchor.number: anchor for anchor in anchors}
    number, previous, places = 0, GENESIS, dict[str, int]()
    async for page in _pages(connection):
        for link in page:
            checked.faults += _faults(link, number, previous, places, trusted)
            anchor = noted.pop(link.number, None)
            if anchor is not None and anchor.hash != link.hash.hex():
                checked.faults.append(f"block {link.number}: it is not the one that was noted")
            number, previous = link.number, link.hash
            if link.kind == SealKind.SEALED:
                places[link.source] = link.until
            if link.kind == SealKind.PRUNED:
                pruned[link.source] |= dict.fromkeys(link.block.parts, link.number)
            checked.links += 1
    checked.faults += [f"block {missing}: it was noted, and is not in the chain" for missing in sorted(noted)]
    checked.last = f"{number}:{previous.hex()}" if number else "none"
    return pruned


def _faults(link: Link, number: int, previous: bytes, places: dict[str, int], trusted: frozenset[str]) -> Iterator[str]:
    if link.number != number + 1:
        yield f"block {number + 1}: the seal was removed" + (
            f" (up to block {link.number - 1})" if link.number > number + 2 else ""
        )
    elif link.previous != previous:
        yield f"block {link.number}: it does not follow block {number}"
    if hash_of(link) != link.hash:
        yield f"block {link.number} ({link.source}): the seal was altered"
    if link.kind == SealKind.SEALED and link.since != places.get(link.source, 0):
        yield f"block {link.number} ({link.source}): transactions before it are not sealed"
    if link.public_key not in trusted:
        told = "it is not signed" if link.public_key is None else f"it is signed with another key, {link.public_key}"
        yield f"block {link.number} ({link.source}): {told}"
    elif not signed_by(link.public_key or "", link.signature or "", link.hash):
        yield f"block {link.number} ({link.source}): its signature does not fit"


async def _check_rows(
    connection: Any, checked: ChainChecked, table: str, links: Sequence[Link], pruned: dict[str, int]
) -> None:
    for start in range(0, len(links), 20):
        some = links[start : start + 20]
        found = await store.blocks(connection, table, [(link.since, link.until) for link in some])
        for link, block in zip(some, found, strict=True):
            faults = list(_row_faults(link, block, pruned))
            checked.faults += faults
            checked.rows += block.rows
            checked.pruned += any(part in pruned and part not in block.parts for part in link.block.parts)


def _row_faults(link: Link, found: Block, pruned: dict[str, int]) -> Iterator[str]:
    named = f"block {link.number} ({link.source}, sealed {link.sealed_at:%Y-%m-%d %H:%M} UTC)"
    for part in sorted({*link.block.parts, *found.parts}):
        sealed, there = link.block.parts.get(part), found.parts.get(part)
        if sealed == there:
            if pruned.get(part, 0) > link.number:
                yield f"{named}: rows of {part} are there, which retention removed"
        elif there is None:
            assert sealed is not None
            if pruned.get(part, 0) < link.number:
                yield f"{named}: {sealed.rows} rows were removed ({part})"
        elif sealed is None:
            yield f"{named}: {there.rows} rows were inserted ({part})"
        elif there.rows != sealed.rows:
            word = "inserted" if there.rows > sealed.rows else "removed"
            yield f"{named}: {abs(there.rows - sealed.rows)} rows were {word}, {sealed.rows} were sealed ({part})"
        else:
            yield f"{named}: a row was changed, or exchanged for another ({part})"


async def _pages(connection: Any) -> AsyncIterator[list[Link]]:
    number = 0
    while page := await store.links(connection, after=number, limit=_PAGE):
        yield page
        number = page[-1].number
