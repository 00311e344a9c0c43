"""Brings what was learnt of attempts into the ledger, many at a time: answers, receipts, look-ups, leases run out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from campaigns.definition import Step
from campaigns.permissions import suppress
from channels.provider import Accepted, NotSent, RateLimited, Receipt, Rejected, SendResult, Unknown
from schemas.enums import AttemptState
from schemas.outcome_words import UnknownReason
from schemas.values import value
from services.consequences import Consequences
from services.ids import uuid7
from services.progress import Progress, Word
from services.publisher import Publisher
from services.running import RunningCampaigns
from services.store import attempts, faults, messages, outbox
from services.store.messages import MessageRow

_DEFAULT_RETRY = 2.0


@value
class News:
    """A word about one attempt; `closes` frees its debtor for the next message."""

    attempt_id: UUID
    word: Word
    closes: bool


class Settling:
    """One transaction's worth of news."""

    def __init__(self, running: RunningCampaigns, publisher: Publisher, consequences: Consequences) -> None:
        self._running = running
        self._publisher = publisher
        self._consequences = consequences

    async def settle(self, connection: Any, news: Sequence[News], now: datetime) -> dict[UUID, str]:
        """Apply news in its order; debtors are locked here. Gives the debtor of each known attempt."""
        owners = await attempts.lock_owners(connection, [each.attempt_id for each in news])
        rows = await attempts.by_id(connection, list(owners))
        known = await messages.by_id(connection, list({row.message_id for row in rows.values()}))
        for version_id in {row.version_id for row in known.values()}:
            await self._running.load(connection, version_id)
        progress = Progress(now, stop_everywhere=self._consequences.stop_everywhere)
        doubted = [rows[each.attempt_id] for each in news if each.word.doubtful and each.attempt_id in rows]
        if doubted:
            points = [(row.debtor_ref, row.contact_point_ref, row.channel) for row in doubted]
            progress.suspected = await faults.suspected(connection, points)
        for each in news:
            attempt = rows.get(each.attempt_id)
            if attempt is not None:
                message = known[attempt.message_id]
                progress.hear(message, attempt, each.word, self._step(message))
        await self._write(connection, progress, [each.attempt_id for each in news if each.closes])
        return owners

    async def _write(self, connection: Any, progress: Progress, closed: Sequence[UUID]) -> None:
        now = progress.now
        await attempts.update(connection, list(progress.attempts.values()), now)
        if closed:
            await attempts.close(connection, closed)
        await messages.update(connection, list(progress.messages.values()), now)
        for fault in progress.faults:
            await faults.add(connection, uuid7(), fault, now)
        await outbox.append(connection, self._publisher.rows(progress.said, now), now)
        if progress.suppressions:
            book = await self._consequences.open(connection, [ref for ref, _ in progress.suppressions], now)
            for debtor_ref, stop in progress.suppressions:
                suppress(book, debtor_ref, stop)
            await self._consequences.close(connection, book, (), now)

    def _step(self, message: MessageRow) -> Step | None:
        return self._running.version(message.version_id).definition.step(message.step)


def word_of_result(result: SendResult) -> Word:
    """A provider's answer to a hand-over."""
    match result:
        case Accepted():
            return Word(AttemptState.ACCEPTED, provider_ref=result.provider_ref, parts=result.parts)
        case Rejected():
            return Word(
                AttemptState.REJECTED,
                failure=result.failure,
                code=result.code,
                permanent=result.permanent,
                landline=result.landline,
            )
        case RateLimited():
            wait = _DEFAULT_RETRY if result.retry_after is None else result.retry_after
            return Word(AttemptState.NOT_SENT, code=result.code, permanent=False, retry_after=wait)
        case NotSent():
            return Word(AttemptState.NOT_SENT, code=result.reason, permanent=False)
        case Unknown():
            return Word(AttemptState.UNKNOWN, code=result.code, unknown=UnknownReason(result.reason))
        case _:
            assert_never(result)


def word_of_receipt(receipt: Receipt) -> Word | None:
    """A receipt's word; None for a status we do not know, which is stored and changes nothing."""
    if receipt.state is None:
        return None
    return Word(
        receipt.state,
        provider_ref=receipt.provider_ref,
        failure=receipt.failure,
        code=receipt.code,
        doubtful=receipt.doubtful,
    )
