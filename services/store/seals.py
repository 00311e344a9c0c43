"""The chain of seals: what is to be sealed, hashed by the database, and the links.

The canonical form of a row is a JSON array of its columns as PostgreSQL writes `jsonb`: instants as microseconds
since 1970 UTC, bytes in hexadecimal, a callback's raw form by its SHA-256. A part's hash is the SHA-256 over the
SHA-256 of its rows in the order of their ids. Parts are the months of time-ordered ids, since retention removes whole
months; tables whose ids are otherwise numbered have the single part `all`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_LINKS = """
select number, kind, source, since_xact, until_xact, first_id, last_id, rows, parts::text as parts, previous, hash,
    sealed_at, public_key, signature
from audit_seal where number > $1 order by number limit $2
"""
_LAST = _LINKS.replace("where number > $1 order by number limit $2", "order by number desc limit 1")
_ADD = """
insert into audit_seal (number, kind, source, since_xact, until_xact, first_id, last_id, rows, parts, previous, hash,
    sealed_at, public_key, signature)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12, $13, $14)
"""
_PLACES = "select source, max(until_xact) as place from audit_seal where kind = 'sealed' group by source"
_SETTLED = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_BEGUN = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
_BASE = "select coalesce(max(since_xact), 0) from audit_seal where kind = 'rebased'"
_TURN = "select pg_try_advisory_xact_lock(hashtextextended('audit_seal', 0))"
_MONTH = "month_of_uuid7(id)"


def _micros(column: str) -> str:
    return f"(extract(epoch from {column}) * 1000000)::bigint"


def _hex(column: str) -> str:
    return f"encode({column}, 'hex')"


@dataclass(frozen=True, slots=True)
class Source:
    """An append-only table: its columns in canonical form, and what tells a row's part."""

    table: str
    columns: tuple[str, ...]
    part: str = _MONTH

    @property
    def row_hash(self) -> str:
        """SQL of the hash of one row."""
        return f"sha256(convert_to(jsonb_build_array({', '.join(self.columns)})::text, 'UTF8'))"


SOURCES: Mapping[str, Source] = {
    source.table: source
    for source in (
        Source("audit", ("id", _micros("at"), "actor", "action", "subject", "details")),
        Source(
            "decision",
            (
                *("id", "message_id", "debtor_ref", "stage", "channel", "verdict", _micros("at")),
                *(_micros("not_before"), _micros("not_after"), "reasons", "packs", "inputs"),
            ),
        ),
        Source(
            "receipt",
            (
                *("id", "attempt_id", "debtor_ref", "provider", "provider_ref", "status", "state", "code"),
                *(_hex("raw_hash"), _micros("received_at")),
            ),
        ),
        Source(
            "consent",
            (
                *("id", "debtor_ref", "channel", "purpose", "state", _micros("at"), "via", "evidence_ref"),
                _micros("recorded_at"),
            ),
            "'all'",
        ),
        Source(
            "suppression",
            (
                *("id", "debtor_ref", "kind", "scope", "channel", "loan_ref", "contact_point_ref", "reason"),
                *(_micros("since"), _micros("until"), "source", _micros("recorded_at")),
            ),
            "'all'",
        ),
        Source(
            "campaign_review",
            (
                *("id", "version_id", "campaign", "version", _hex("fingerprint"), "action", "actor", "reason"),
                *(_hex("simulation"), _micros("at")),
            ),
            "'all'",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one month: how many, and their hash in hexadecimal."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Block:
    """What one range of transactions wrote to a table."""

    parts: Mapping[str, Part]
    first_id: str | None = None
    last_id: str | None = None

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(part.rows for part in self.parts.values())


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain as it is kept."""

    number: int
    kind: str
    source: str
    since: int
    until: int
    block: Block
    rows: int
    previous: bytes
    hash: bytes
    sealed_at: datetime
    public_key: str | None
    signature: str | None


async def take_turn(connection: Any) -> bool:
    """Whether this transaction alone seals, until it ends."""
    return bool(await connection.fetchval(_TURN))


async def settled(connection: Any) -> int:
    """Every transaction below this number has ended: no row of theirs can appear any more."""
    return int(await connection.fetchval(_SETTLED)) + int(await connection.fetchval(_BASE))


async def places(connection: Any) -> dict[str, int]:
    """How far each table is sealed; a table that never was is left out."""
    return {row["source"]: row["place"] for row in await connection.fetch(_PLACES)}


async def end_of_block(connection: Any, table: str, *, since: int, until: int, most: int) -> int | None:
    """Where a block of about `most` rows from `since` ends, `until` at the latest; None where it has no rows."""
    sql = f"select xact from {SOURCES[table].table} where xact >= $1 and xact < $2 order by xact offset $3 limit 1"
    if await connection.fetchval(sql, since, until, 0) is None:
        return None
    full: int | None = await connection.fetchval(sql, since, until, most)
    return until if full is None else max(full, since + 1)


async def behind(connection: Any) -> int:
    """By how much the count of transactions must go on, None needed where it is 0.

    A server that was filled from a dump counts its transactions anew, below those that were sealed.
    """
    begun = int(await connection.fetchval(f"select {_BEGUN}"))
    base = int(await connection.fetchval(_BASE))
    place = max((await places(connection)).values(), default=0)
    return place - begun + 1 if begun + base < place else 0


async def rebase(connection: Any, base: int) -> None:
    """Let new rows count from `base` on; waits for those who write."""
    for table in SOURCES:
        await connection.execute(
            f"alter table {table} alter column xact set default ((pg_current_xact_id())::text)::bigint + {base:d}"
        )


async def misplaced(connection: Any, table: str) -> int:
    """How many rows name a transaction that never was."""
    base = int(await connection.fetchval(_BASE))
    sql = f"select count(*) from {SOURCES[table].table} where xact < 0 or xact >= {_BEGUN} + $1"
    return int(await connection.fetchval(sql, base))


async def blocks(connection: Any, table: str, ranges: Sequence[tuple[int, int]]) -> list[Block]:
    """What each range of transactions (start inclusive, end exclusive) holds now, hashed by the database."""
    source = SOURCES[table]
    sql = f"""
    select b.place, p.part, p.rows, encode(p.hash, 'hex') as hash, p.first_id, p.last_id
    from unnest($1::bigint[], $2::bigint[]) with ordinality as b (since, until, place)
    cross join lateral (
        select {source.part} as part, count(*) as rows,
            sha256(string_agg({source.row_hash}, ''::bytea order by id)) as hash,
            (array_agg(id order by id))[1]::text as first_id, (array_agg(id order by id desc))[1]::text as last_id
        from {source.table} where xact >= b.since and xact < b.until group by 1
    ) as p order by b.place, p.part
    """
    rows = await connection.fetch(sql, [since for since, _ in ranges], [until for _, until in ranges])
    found: list[list[Any]] = [[] for _ in ranges]
    for row in rows:
        found[row["place"] - 1].append(row)
    return [_block(rows) for rows in found]


def _block(rows: Sequence[Any]) -> Block:
    if not rows:
        return Block({})
    parts = {row["part"]: Part(row["rows"], row["hash"]) for row in rows}
    return Block(parts, rows[0]["first_id"], rows[-1]["last_id"])


async def links(connection: Any, *, after: int, limit: int) -> list[Link]:
    """Up to `limit` links that come after a number, in order."""
    return [_link(row) for row in await connection.fetch(_LINKS, after, limit)]


async def last(connection: Any) -> Link | None:
    """The end of the chain."""
    row = await connection.fetchrow(_LAST)
    return _link(row) if row is not None else None


async def add(connection: Any, link: Link) -> None:
    """Put a link at the end of the chain."""
    await connection.execute(
        _ADD,
        *(link.number, link.kind, link.source, link.since, link.until, link.block.first_id, link.block.last_id),
        *(link.rows, parts_text(link.block), link.previous, link.hash, link.sealed_at),
        *(link.public_key, link.signature),
    )


def parts_text(block: Block) -> str:
    """The parts as JSON."""
    return json.dumps({name: [part.rows, part.sha256] for name, part in block.parts.items()}, sort_keys=True)


def _link(row: Any) -> Link:
    parts = {name: Part(*part) for name, part in json.loads(row["parts"]).items()}
    return Link(
        number=row["number"],
        kind=row["kind"],
        source=row["source"],
        since=row["since_xact"],
        until=row["until_xact"],
        block=Block(parts, row["first_id"], row["last_id"]),
        rows=row["rows"],
        previous=row["previous"],
        hash=row["hash"],
        sealed_at=row["sealed_at"],
        public_key=row["public_key"],
        signature=row["signature"],
    )
