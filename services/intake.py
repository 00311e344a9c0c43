"""The effect of a batch of inbound events: inbox, projection, plan and outbox, in the caller's transaction."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from campaigns.book import Book
from campaigns.definition import StepEvent
from campaigns.directory import erase
from campaigns.person import Loan, Person
from campaigns.policy import ContactPolicy
from campaigns.projection import apply
from channels.phones import canonical, comparable, is_whatsapp_user
from schemas.dead_letter import BadRecord
from schemas.debtor_events import ContactPoint, ContactPointKind, ContactPointStatus, DebtorPatched, DebtorUpserted
from schemas.events_base import InboundEvent
from schemas.lending_events import PaymentReceived, PromiseBroken
from schemas.values import value
from services.announcing import insert_announced
from services.auditing import Action, record
from services.history import history_from
from services.planning import Cause, Happening, Planner
from services.publisher import Publisher, Said
from services.running import RunningCampaigns
from services.store import inbox, messages, outbox, people, projection, strangers
from services.strangers import stop_newcomers
from services.vault import Vault

DEBTOR_CONTEXT = b"debtor.sealed:"
_UNUSABLE = frozenset({ContactPointStatus.INVALID, ContactPointStatus.REASSIGNED, ContactPointStatus.COMPLAINED})
_STARTS: dict[type, StepEvent] = {PaymentReceived: StepEvent.PAYMENT_RECEIVED, PromiseBroken: StepEvent.PROMISE_BROKEN}
_THEIR_OWN = frozenset({"owner", "shared"})
"""Whose a number or mailbox may be; whoever else it belongs to is told nothing."""


@value
class Fact:
    """One inbound fact with where it came from; `event` None erases `erased`."""

    source: str
    event_id: str
    event_type: str
    at: datetime
    event: InboundEvent | None
    erased: str | None = None

    @property
    def debtors(self) -> list[str]:
        """The debtors it names."""
        refs = [self.erased, self.event.debtor_ref if self.event else None]
        return [ref for ref in refs if ref is not None]

    @property
    def loans(self) -> list[str]:
        """The loans it names."""
        if isinstance(self.event, DebtorUpserted):
            return [loan.loan_ref for loan in self.event.loans]
        return [self.event.loan_ref] if self.event is not None and self.event.loan_ref is not None else []


@dataclass(slots=True)
class Handled:
    """What became of a batch: facts refused by what we know for sure, those handled before, and how many were new."""

    refused: list[tuple[Fact, BadRecord]] = field(default_factory=list)
    applied: int = 0
    repeated: list[Fact] = field(default_factory=list)
    planned: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Intake:
    """Handles batches of facts; `home_country` is that of numbers written without one."""

    policy: ContactPolicy
    planner: Planner
    running: RunningCampaigns
    publisher: Publisher
    vault: Vault
    new_id: Callable[[], UUID]
    home_country: str | None = None

    async def handle(self, connection: Any, facts: Sequence[Fact], now: datetime) -> Handled:
        """Apply facts in their order, each once; everything it writes belongs to the caller's transaction."""
        handled = Handled()
        fresh = await self._fresh(connection, facts, now, handled)
        if not fresh:
            return handled
        await self.running.refresh(connection, now)
        snapshots = {fact.event.debtor_ref for fact in fresh if isinstance(fact.event, DebtorUpserted)}
        if snapshots:
            await strangers.among_snapshots(connection)
        book = await self._open_book(connection, fresh, now, points_of=snapshots)
        applied = self._apply(book, fresh, handled)
        await inbox.release(connection, [(fact.source, fact.event_id) for fact, _ in handled.refused])
        points = self._seal(book)
        stopped = await stop_newcomers(connection, book, points, now)
        await projection.write(connection, book, points, now=now, new_id=self.new_id)
        await self._replan(connection, book, applied, now, handled, stopped)
        for fact in applied:
            if fact.event is None:
                await _record_erasure(connection, fact, now)
        return handled

    async def _fresh(self, connection: Any, facts: Sequence[Fact], now: datetime, handled: Handled) -> list[Fact]:
        """The facts not handled before; a fact twice in one batch counts once."""
        new = await inbox.take(connection, [(fact.source, fact.event_id) for fact in facts], now)
        fresh = []
        for fact in facts:
            key = (fact.source, fact.event_id)
            if key in new:
                new.discard(key)
                fresh.append(fact)
            else:
                handled.repeated.append(fact)
        return fresh

    async def _open_book(
        self, connection: Any, facts: Sequence[Fact], now: datetime, *, points_of: Collection[str]
    ) -> Book:
        """The people and loans of these facts, locked; contact points matter only where a snapshot renews them."""
        loans = {ref for fact in facts for ref in fact.loans}
        debtors = {ref for fact in facts for ref in fact.debtors}
        owners = await people.lock_for_events(connection, debtor_refs=debtors, loan_refs=loans, now=now)
        debtors.update(ref for ref in owners.values() if ref is not None)
        known, orphans = await people.load(
            connection,
            debtor_refs=sorted(debtors),
            loan_refs=sorted(loans),
            now=now,
            history_from=history_from(self.policy, self.running, now),
            points_of=points_of,
        )
        return Book(known, orphans)

    def _apply(self, book: Book, facts: Sequence[Fact], handled: Handled) -> list[Fact]:
        applied = []
        for fact in facts:
            try:
                if fact.event is not None:
                    apply(book, fact.event, fact.at)
                elif fact.erased is not None:
                    erase(book, fact.erased, fact.at)
                applied.append(fact)
            except BadRecord as error:
                handled.refused.append((fact, error))
        handled.applied = len(applied)
        return applied

    async def _replan(
        self,
        connection: Any,
        book: Book,
        facts: Sequence[Fact],
        now: datetime,
        handled: Handled,
        stopped: Sequence[Said],
    ) -> None:
        planned = await messages.planned_of(connection, sorted(book.people))
        for version_id in {row.version_id for row in planned}:
            await self.running.load(connection, version_id)
        reviewed = self.planner.review(planned, book.people, book.changes.triggers, now)
        await messages.update(connection, reviewed.rows, now)
        rows = [row for plan in plans_of(book, facts) for row in self._plan(plan, now)]
        fresh, announced = await insert_announced(connection, self.planner, rows, now)
        for row in fresh:
            handled.planned[row.campaign] = handled.planned.get(row.campaign, 0) + 1
        said = [*stopped, *reviewed.said, *announced]
        await outbox.append(connection, self.publisher.rows(said, now), now)

    def _plan(self, plan: "Plan", now: datetime) -> list[messages.MessageRow]:
        return self.planner.plan(plan.person, plan.loans, now, cause=plan.cause, happenings=plan.happenings)

    def _seal(self, book: Book) -> list[projection.ContactPointRow]:
        """Seal the personal data of new snapshots under each person's own key."""
        rows: list[projection.ContactPointRow] = []
        for ref, (event, _) in book.changes.snapshots.items():
            rows += self._sealed(book.people[ref], event)
        return rows

    def _sealed(self, person: Person, event: DebtorUpserted) -> list[projection.ContactPointRow]:
        """A patch leaves addresses of the kinds that it does not name."""
        country = event.country or person.country or self.home_country
        points = {p.contact_point_ref: value for p in event.contact_points if (value := self._value(p, country))}
        told = [p for p in event.contact_points if p.contact_point_ref in points]
        rows = [
            self._contact_point(person.debtor_ref, place, point, points[point.contact_point_ref])
            for place, point in enumerate(told)
        ]
        kept = self._kept(person, event) if isinstance(event, DebtorPatched) else []
        known = open_personal(self.vault, person).get("points", {}) if kept else {}
        points |= {row.contact_point_ref: known[row.contact_point_ref] for row in kept}
        numbers = (points[row.contact_point_ref] for row in (*rows, *kept) if row.usable)
        person.number_zones = self.policy.law.number_zones(number for number in numbers if number.startswith("+"))
        self._seal_data(person, event, points)
        return rows + kept

    @staticmethod
    def _kept(person: Person, event: DebtorUpserted) -> list[projection.ContactPointRow]:
        kinds = {point.kind.value for point in event.contact_points}
        refs = {point.contact_point_ref for point in event.contact_points}
        return [
            projection.ContactPointRow(
                person.debtor_ref, p.contact_point_ref, 1000 + i, p.kind, p.blind, p.phone_type, p.usable, p.verified
            )
            for i, p in enumerate(person.contact_points)
            if p.kind not in kinds and p.contact_point_ref not in refs
        ]

    def _seal_data(self, person: Person, event: DebtorUpserted, points: Mapping[str, str]) -> None:
        person.person_key = person.person_key or self.vault.new_person_key()
        data: dict[str, Any] = {
            "name": event.display_name,
            "first_name": event.preferred_name or event.given_name or first_name(event.display_name),
            "points": points,
        }
        if event.verification is not None:
            data["verification"] = event.verification.model_dump(exclude_none=True)
        elif isinstance(event, DebtorPatched):
            data["verification"] = open_personal(self.vault, person).get("verification")
        plain = orjson.dumps(data)
        person.sealed = self.vault.seal(person.person_key, plain, DEBTOR_CONTEXT + person.debtor_ref.encode())

    def _value(self, point: ContactPoint, country: str | None) -> str | None:
        if point.kind is ContactPointKind.EMAIL:
            value = point.value.strip()
            return value if "@" in value else None
        if point.kind is ContactPointKind.WHATSAPP and is_whatsapp_user(point.value):
            return point.value
        return canonical(point.value, country)

    def _contact_point(
        self, debtor_ref: str, place: int, point: ContactPoint, value: str
    ) -> projection.ContactPointRow:
        return projection.ContactPointRow(
            debtor_ref=debtor_ref,
            contact_point_ref=point.contact_point_ref,
            position=point.priority if point.priority is not None and point.priority < 1000 else 1000 + place,
            kind=point.kind.value,
            blind=self.vault.blind(comparable(value).lower()),
            phone_type=point.phone_type.value if point.phone_type else None,
            usable=point.status not in _UNUSABLE
            and (point.ownership or "owner") in _THEIR_OWN
            and not is_whatsapp_user(value),
            verified=bool(point.verified),
        )


async def _record_erasure(connection: Any, fact: Fact, now: datetime) -> None:
    actor = fact.source.removeprefix("urn:puntual:")
    subject = f"debtor/{fact.erased}"
    await record(connection, actor=actor, action=Action.DEBTOR_ERASED, subject=subject, now=now)


@value
class Plan:
    """One person's loans to plan anew, the event that asks for it, and what steps of these loans answer at once."""

    person: Person
    loans: Sequence[Loan]
    cause: Cause
    happenings: Sequence[Happening]


def plans_of(book: Book, facts: Sequence[Fact]) -> list[Plan]:
    """Each touched loan once, with the last event that touched it; a snapshot touches all loans of its debtor."""
    touched: dict[str, Cause] = {}
    happenings: dict[str, list[Happening]] = {}
    for fact in facts:
        event, cause = fact.event, Cause(fact.event_id, fact.event_type)
        loans = book.people[event.debtor_ref].loans if isinstance(event, DebtorUpserted) else fact.loans
        starts = _STARTS.get(type(event))
        for loan_ref in loans:
            touched[loan_ref] = cause
            if starts is not None:
                happenings.setdefault(loan_ref, []).append(Happening(starts, loan_ref, fact.at))
    plans = []
    for loan_ref, cause in touched.items():
        owner = book.owners.get(loan_ref)
        if owner is not None:
            plans.append(Plan(book.people[owner], [book.loan(loan_ref)], cause, happenings.get(loan_ref, ())))
    return plans


def first_name(display_name: str) -> str:
    """The first word of a name, for salutations where no given name was sent."""
    return display_name.split()[0] if display_name.split() else display_name


def open_personal(vault: Vault, person: Person) -> Mapping[str, Any]:
    """The sealed name and contact point values of a person; empty where nothing is kept."""
    if person.person_key is None or person.sealed is None:
        return {}
    plain = vault.open(person.person_key, person.sealed, DEBTOR_CONTEXT + person.debtor_ref.encode())
    data: Mapping[str, Any] = orjson.loads(plain)
    return data
