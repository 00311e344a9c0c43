"""What a source tells that knows a debtor in part."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from campaigns.book import Book
from campaigns.person import Person
from campaigns.projection import apply
from schemas.debtor_events import DebtorDeactivated, DebtorPatched, DebtorUpserted
from schemas.enums import Channel

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
PHONE = {"contactPointRef": "cp1", "kind": "phone", "value": "+523312345678"}
EMAIL = {"contactPointRef": "cp2", "kind": "email", "value": "maria@example.test"}
FULL = {
    "debtorRef": "D-1",
    "revision": 5,
    "displayName": "María Peña",
    "language": "es-MX",
    "timezone": "America/Tijuana",
    "tags": ["vip"],
    "segment": "B",
    "contactPoints": [PHONE, EMAIL],
    "preferences": {"channels": ["whatsapp"], "window": {"from": "18:00", "to": "20:00"}},
    "suppression": {"dispute": True},
}


@pytest.fixture
def book() -> Book:
    """A book in which the directory told all it knows an hour ago."""
    made = Book({"D-1": Person("D-1")}, {})
    apply(made, DebtorUpserted.model_validate(FULL), NOW - timedelta(hours=1))
    return made


def patch(book: Book, at: datetime = NOW, **data: Any) -> Person:
    given = {"debtorRef": "D-1", "displayName": "María P.", "contactPoints": [], **data}
    apply(book, DebtorPatched.model_validate(given), at)
    return book.people["D-1"]


def test_what_is_not_told_stays(book: Book) -> None:
    person = patch(book, segment="A")
    assert (person.segment, person.revision, person.language, person.timezone) == ("A", 5, "es-MX", "America/Tijuana")
    assert (person.tags, person.preferred_channels) == (["vip"], ["whatsapp"])
    assert person.window_from is not None
    assert [hold.reason for hold in person.holds] == ["dispute"]


def test_a_preferred_channel_leaves_the_window(book: Book) -> None:
    person = patch(book, preferences={"preferredChannel": "sms"})
    assert person.preferred_channels == [Channel.SMS]
    assert person.window_from is not None


def test_a_full_snapshot_takes_away_what_it_leaves_out(book: Book) -> None:
    apply(book, DebtorUpserted.model_validate({**FULL, "tags": [], "preferences": None, "suppression": None}), NOW)
    person = book.people["D-1"]
    assert (person.tags, person.preferred_channels, person.window_from, person.holds) == ([], [], None, [])


def test_an_older_word_changes_nothing_but_adds_its_loans(book: Book) -> None:
    person = patch(book, NOW - timedelta(hours=2), segment="A", loans=[{"loanRef": "L-1"}])
    assert person.segment == "B"
    assert list(person.loans) == ["L-1"]


def test_in_one_batch_a_patch_stands_on_the_snapshot_before_it(book: Book) -> None:
    patch(book, contactPoints=[{**PHONE, "contactPointRef": "mobile", "value": "+525512345678"}])
    event, _ = book.changes.snapshots["D-1"]
    assert [point.contact_point_ref for point in event.contact_points] == ["mobile", "cp2"]
    assert event.display_name == "María P."


def test_whoever_was_deactivated_comes_back_by_a_told_status_alone(book: Book) -> None:
    apply(book, DebtorDeactivated.model_validate({"debtorRef": "D-1"}), NOW)
    later = NOW + timedelta(hours=1)
    assert patch(book, later).state == "deactivated"
    assert patch(book, later, status="active").state == "active"


def test_whoever_was_erased_stays_so() -> None:
    book = Book({"D-1": Person("D-1", state="erased")}, {})
    assert patch(book, status="active", segment="A").segment is None
    assert book.changes.snapshots == {}
