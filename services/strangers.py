"""Stops of addresses that nobody is known by: kept, and in force for whoever a snapshot says they belong to."""

from collections.abc import Sequence
from typing import Any

from campaigns.book import Book
from campaigns.permissions import suppress
from schemas.enums import Channel
from schemas.outcome_words import OptSource
from services.hearing import Hearing
from services.ids import uuid7
from services.leaving import leave
from services.publisher import Said
from services.store import strangers as store
from services.store.projection import ContactPointRow
from services.store.strangers import StrangerStopRow

SUPPRESS, LIFT = "suppress", "lift"


async def remember(connection: Any, hearing: Hearing, blind: bytes, *, everywhere: bool) -> None:
    """Keep the stop of an address that nobody is known by, or that it was taken back."""
    channel: str | None = hearing.inbound.channel.value
    if hearing.meaning.stop is not None:
        channel = None if everywhere or hearing.stops_every_channel else channel
        kind = SUPPRESS
    elif hearing.opts_in:
        kind = LIFT
    else:
        return
    await store.add(connection, StrangerStopRow(uuid7(), blind, channel, kind, hearing.reply_id, hearing.now))


async def stop_newcomers(connection: Any, book: Book, points: Sequence[ContactPointRow], now: Any) -> list[Said]:
    """Put the stops of addresses in force that are new to their debtors; gives what is to be told of it."""
    if not points:
        return []
    known = {ref: {point.blind for point in person.contact_points} for ref, person in book.people.items()}
    new = [point for point in points if point.blind not in known[point.debtor_ref]]
    if not new:
        return []
    standing: dict[bytes, list[StrangerStopRow]] = {}
    for row in await store.of(connection, list({point.blind for point in new})):
        rows = standing.setdefault(row.blind, [])
        if row.kind == LIFT:
            standing[row.blind] = [each for each in rows if each.channel != row.channel]
        else:
            rows.append(row)
    said = []
    for point in new:
        for row in {row.channel: row for row in standing.get(point.blind, ())}.values():
            stop, told = leave(
                point.debtor_ref,
                Channel(row.channel) if row.channel else None,
                source=OptSource.REPLY,
                now=now,
                everywhere=False,
                contact_point_ref=point.contact_point_ref,
                reply_ref=row.reply_id,
                evidence_ref=str(row.reply_id),
            )
            suppress(book, point.debtor_ref, stop)
            said.append(told)
    return said
