"""A debtor built in memory from events, by the very code that applies them in the running service."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.book import Book
from campaigns.person import ContactPoint, Person
from campaigns.projection import apply
from channels.phones import canonical
from schemas.debtor_events import ContactPoint as ToldContactPoint
from schemas.debtor_events import ContactPointKind, DebtorUpserted
from schemas.events_base import InboundEvent
from services.intake import first_name

ZonesOfNumbers = Callable[[Iterable[str]], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Debtor:
    """A person with their loans, and the personal values that templates print and addresses are made of."""

    person: Person
    personal: Mapping[str, Any]


def debtor_from(
    events: Sequence[InboundEvent], at: datetime, *, home_country: str | None, number_zones: ZonesOfNumbers
) -> Debtor:
    """The debtor that these events tell of; the first is their snapshot. Raises BadRecord for contradictions."""
    snapshot = events[0]
    assert isinstance(snapshot, DebtorUpserted)
    book = Book({snapshot.debtor_ref: Person(snapshot.debtor_ref)}, {})
    for event in events:
        apply(book, event, at)
    person = book.people[snapshot.debtor_ref]
    points = list(_reachable(snapshot.contact_points, snapshot.country or home_country))
    person.contact_points = [
        ContactPoint(point.contact_point_ref, point.kind.value, b"", True, point.phone_type) for point, _ in points
    ]
    person.number_zones = number_zones(value for _, value in points if value.startswith("+"))
    return Debtor(person, _personal(snapshot, {point.contact_point_ref: value for point, value in points}))


def _reachable(points: Iterable[ToldContactPoint], country: str | None) -> Iterable[tuple[ToldContactPoint, str]]:
    for point in points:
        email = point.kind is ContactPointKind.EMAIL
        value = point.value.strip() if email else canonical(point.value, country)
        if value is not None and (not email or "@" in value):
            yield point, value


def _personal(snapshot: DebtorUpserted, points: Mapping[str, str]) -> dict[str, Any]:
    called = snapshot.preferred_name or snapshot.given_name or first_name(snapshot.display_name)
    return {"name": snapshot.display_name, "first_name": called, "points": points}
