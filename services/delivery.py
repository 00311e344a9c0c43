"""Claims due messages: one transaction that decides, renders, and commits an attempt before any provider is called.

The words are rendered inside it, so that the attempt carries the hash and the parts of exactly what goes out and a
template that fails ends the message in the same commit; no network call is made while it is open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from campaigns.person import Person
from campaigns.policy import ContactPolicy
from campaigns.question import Speaker
from schemas.outcome_events import TaskCreated
from schemas.outcome_words import TaskType
from services import sayings
from services.attempting import Attempting, Sending
from services.cases import Case, Casework, Circumstances, set_aside
from services.consider import (
    Cancel,
    Deliver,
    Expire,
    HandToPeople,
    Later,
    Outcome,
    Suppress,
)
from services.history import history_from
from services.ids import uuid7
from services.publisher import Publisher, Said
from services.running import RunningCampaigns
from services.store import answers, attempts, calls, closures, decisions, links, messages, outbox, people, stops, tasks
from services.store.attempts import AttemptRow
from services.store.calls import CallRow
from services.store.decisions import DecisionRow
from services.store.links import LinkRow
from services.store.messages import URGENT, MessageRow
from services.store.stops import Stops
from services.store.tasks import TaskRow
from services.ways import Wait, Ways

log = structlog.get_logger(__name__)

_SET_ASIDE = timedelta(minutes=5)


@dataclass(slots=True)
class _Batch:
    """What a claim writes."""

    now: datetime
    changed: list[MessageRow] = field(default_factory=list)
    attempts: list[AttemptRow] = field(default_factory=list)
    decisions: list[DecisionRow] = field(default_factory=list)
    tasks: list[TaskRow] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    sendings: list[Sending] = field(default_factory=list)
    calls: list[CallRow] = field(default_factory=list)
    links: list[LinkRow] = field(default_factory=list)

    def lengths(self) -> tuple[int, ...]:
        """How much there is now, to come back to."""
        return tuple(map(len, self._all()))

    def back_to(self, lengths: tuple[int, ...]) -> None:
        """Drop what came since."""
        for each, length in zip(self._all(), lengths, strict=True):
            del each[length:]

    def _all(self) -> tuple[list[Any], ...]:
        spoken = (self.tasks, self.said, self.calls, self.links)
        return self.changed, self.attempts, self.decisions, self.sendings, *spoken


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a claim came to: attempts to hand over, and how many messages it settled or moved."""

    sendings: Sequence[Sending]
    considered: int


class Delivery:
    """The claim and all that it decides."""

    def __init__(
        self,
        *,
        policy: ContactPolicy,
        speakers: Mapping[str, Speaker],
        running: RunningCampaigns,
        ways: Ways,
        attempting: Attempting,
        publisher: Publisher,
        lease: timedelta,
    ) -> None:
        self._policy = policy
        self._running = running
        self._ways = ways
        self._attempting = attempting
        self._casework = Casework(policy=policy, speakers=speakers, running=running, attempting=attempting)
        self._publisher = publisher
        self._lease = lease

    async def claim(self, connection: Any, *, limit: int, now: datetime, monotonic: float) -> Claimed:
        """Consider up to `limit` due messages, one a debtor; everything belongs to the caller's transaction."""
        candidates = await messages.lock_due(connection, now=now, limit=limit)
        if not candidates:
            return Claimed((), 0)
        await self._running.refresh(connection, now)
        standing = await stops.standing(connection)
        self._policy.close(await closures.standing(connection, now))
        known, rows = await self._read(connection, candidates, now)
        answered = await answers.of_messages(connection, [row.id for row in rows if row.lane == URGENT])
        open_now = self._ways.open(monotonic, stopped=standing.providers)
        cases, faulty = self._casework.work(
            rows, Circumstances(now, standing, self._ways.carried, open_now, known, answered)
        )
        batch = _Batch(now)
        for case in cases:
            lengths = batch.lengths()
            try:
                self._conclude(batch, case, standing, monotonic)
            except Exception as error:
                set_aside(case.row, error, faulty)
                batch.back_to(lengths)
        batch.changed += await _set_aside(connection, faulty, now)
        await self._write(connection, batch)
        return Claimed(batch.sendings, len(rows))

    async def _read(
        self, connection: Any, candidates: Sequence[tuple[UUID, str]], now: datetime
    ) -> tuple[dict[str, Person], list[MessageRow]]:
        """Fresh facts of the locked debtors and their first due message, read after the locks were taken."""
        first: dict[str, UUID] = {}
        # Another claim may have committed between this one's snapshot and its locks.
        busy = await attempts.busy(connection, [debtor_ref for _, debtor_ref in candidates])
        for message_id, debtor_ref in candidates:
            if debtor_ref not in busy:
                first.setdefault(debtor_ref, message_id)
        known, _ = await people.load(
            connection, debtor_refs=sorted(first), now=now, history_from=history_from(self._policy, self._running, now)
        )
        found = await messages.by_id(connection, list(first.values()))
        rows = [found[message_id] for message_id in first.values() if message_id in found]
        due = [row for row in rows if row.state == "planned" and row.due_at <= now]
        for version_id in {row.version_id for row in due}:
            await self._running.load(connection, version_id)
        return known, due

    def _conclude(self, batch: _Batch, case: Case, standing: Stops, monotonic: float) -> None:
        batch.decisions += case.decisions
        if isinstance(case.outcome, Deliver):
            self._deliver(batch, case, case.outcome, standing, monotonic)
        else:
            self._apply(batch, case.row, case.outcome)

    def _apply(self, batch: _Batch, row: MessageRow, outcome: Outcome) -> None:
        now = batch.now
        if row.outcome is not None and not isinstance(outcome, Later):
            row.state = "done"
            batch.changed.append(row)
            return
        match outcome:
            case Later():
                row.due_at, row.reason, row.rule = outcome.at, outcome.reason, outcome.rule
                if outcome.announced:
                    batch.said.append(sayings.scheduled(row, now, reason=outcome.rule))
            case Suppress():
                row.state, row.outcome, row.reason, row.rule = "denied", "suppressed", outcome.reason, outcome.rule
                if row.channel is not None:
                    batch.said.append(sayings.suppressed(row, now, outcome.reason, outcome.rule))
            case Cancel():
                row.state, row.outcome, row.reason = "cancelled", "cancelled", outcome.reason
                if row.channel is not None:
                    batch.said.append(sayings.cancelled(row, now, outcome.reason))
            case Expire():
                row.state, row.outcome, row.reason = "expired", "expired", outcome.reason
                if row.channel is not None:
                    batch.said.append(sayings.expired(row, now, outcome.reason))
            case HandToPeople():
                self._hand_to_people(batch, row, outcome)
            case Deliver():
                raise AssertionError("delivered elsewhere")
        batch.changed.append(row)

    def _deliver(self, batch: _Batch, case: Case, deliver: Deliver, standing: Stops, monotonic: float) -> None:
        row = case.row
        way = self._ways.choose(deliver.channel, monotonic, stopped=standing.providers)
        if isinstance(way, Wait):
            row.due_at = batch.now + timedelta(seconds=way.seconds)
            row.reason = "pace"
            batch.changed.append(row)
            return
        assert case.draft is not None
        made = self._attempting.make(case.draft, way, batch.now)
        attempt = made.attempt
        row.state, row.attempts, row.channel = "claimed", attempt.number, deliver.channel.value
        row.reason = row.rule = None
        self._ways.spend(way, attempt.parts, monotonic)
        batch.changed.append(row)
        batch.attempts.append(attempt)
        batch.sendings.append(made.sending)
        if made.call is not None:
            batch.calls.append(made.call)
        if made.link is not None:
            batch.links.append(made.link)

    def _hand_to_people(self, batch: _Batch, row: MessageRow, outcome: HandToPeople) -> None:
        spec = outcome.step.task
        assert spec is not None
        row.state, row.outcome = "done", "task"
        task = TaskRow(uuid7(), row.debtor_ref, row.loan_ref, row.id, spec.type.value, spec.queue, "step", None)
        batch.tasks.append(task)
        created = TaskCreated(
            debtor_ref=row.debtor_ref,
            loan_ref=row.loan_ref,
            installment_number=row.installment_number if row.installment_number >= 0 else None,
            occurred_at=batch.now,
            task_ref=task.id,
            type=TaskType(spec.type.value),
            queue=spec.queue,
            reason="step",
            campaign_ref=row.campaign,
            step_ref=row.step,
        )
        batch.said.append(Said(created))

    async def _write(self, connection: Any, batch: _Batch) -> None:
        await messages.update(connection, batch.changed, batch.now)
        await attempts.open_new(connection, batch.attempts, lease_until=batch.now + self._lease, now=batch.now)
        await calls.open_new(connection, batch.calls, batch.now)
        await links.open_new(connection, batch.links, batch.now)
        await decisions.keep(connection, batch.decisions, batch.now)
        await tasks.create(connection, batch.tasks, batch.now)
        await outbox.append(connection, self._publisher.rows(batch.said, batch.now), batch.now)


async def _set_aside(connection: Any, faulty: Sequence[UUID], now: datetime) -> list[MessageRow]:
    """Messages that tripped over a fault of ours, as they were stored, due again a while later."""
    if not faulty:
        return []
    rows = list((await messages.by_id(connection, faulty)).values())
    for row in rows:
        row.due_at, row.reason = now + _SET_ASIDE, "fault"
    return rows
