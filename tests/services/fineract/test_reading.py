"""What a Fineract record becomes before it meets the database."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from schemas.debtor_events import DebtorPatched
from schemas.fineract.unused import OTHER, label_of
from services.reading import Reading, read_fineract
from tests.schemas.fineract_records import (
    ACCOUNT,
    CLIENT,
    CLIENT_KEY,
    DUE,
    LOAN_KEY,
    UNKNOWN,
    bulk,
    envelope,
    payload,
    vectors,
)

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Record:
    """A Kafka record as the consumer hands it over."""

    key: bytes | None
    value: bytes | None
    timestamp: int | None = 1_790_000_000_000
    headers: tuple[Any, ...] = field(default=())


def read(key: bytes, value: bytes | None, tenant: str = "default") -> Reading:
    return read_fineract(Record(key, value), NOW, tenant=tenant)


def test_every_release_is_read_and_named() -> None:
    for vector in vectors():
        reading = read(vector.key, vector.value)
        assert reading.bad is None, vector
        assert reading.facts, vector
        assert reading.releases, vector
        assert "unknown" not in reading.releases, vector


def test_a_bulk_record_gives_its_facts_each_with_its_own_id() -> None:
    due = payload("LoanRepaymentDueDataV1", DUE)
    account = payload("LoanAccountDataV1", ACCOUNT)
    items = [
        ("LoanRepaymentDueBusinessEvent", "LoanRepaymentDueDataV1", due),
        ("LoanStatusChangedBusinessEvent", "LoanAccountDataV1", account),
        ("LoanAccrualTransactionCreatedBusinessEvent", "LoanTransactionDataV1", b"unread"),
    ]
    reading = read(LOAN_KEY, bulk(items))
    assert [fact.event_id for fact in reading.facts] == ["k-1#1", "k-1#2"]
    assert reading.ignored is None
    assert reading.ignored_types == ["LoanAccrualTransactionCreatedBusinessEvent"]


def test_one_bad_event_of_a_bulk_record_is_told_beside_the_good_ones() -> None:
    nameless = payload("ClientDataV1", {**CLIENT, "displayName": "", "fullname": None})
    items = [
        ("LoanRepaymentDueBusinessEvent", "LoanRepaymentDueDataV1", payload("LoanRepaymentDueDataV1", DUE)),
        ("ClientActivateBusinessEvent", "ClientDataV1", nameless),
    ]
    reading = read(LOAN_KEY, bulk(items))
    assert len(reading.facts) == 1
    assert reading.bad is not None
    assert "displayName" in reading.bad.message


def test_a_client_is_known_in_part_only() -> None:
    reading = read(CLIENT_KEY, envelope("ClientActivateBusinessEvent", "ClientDataV1", payload("ClientDataV1", CLIENT)))
    (fact,) = reading.facts
    assert isinstance(fact.event, DebtorPatched)
    assert not fact.event.model_fields_set & {"consents", "loans", "tags", "timezone", "preferences", "suppression"}


def test_a_type_without_use_is_ignored_by_name_and_a_stranger_as_other() -> None:
    reading = read(LOAN_KEY, envelope("SavingsDepositBusinessEvent", "SavingsAccountDataV1", b""))
    assert (reading.facts, reading.bad, reading.ignored) == ([], None, "unknown_type")
    assert [label_of(name) for name in reading.ignored_types] == ["SavingsDepositBusinessEvent"]
    assert label_of("SomethingOfTheirOwnBusinessEvent") == OTHER
    assert label_of("io.puntual.weather.changed.v1") == OTHER


def test_a_writer_we_never_saw_is_counted_as_unknown() -> None:
    due = payload("LoanRepaymentDueDataV1", DUE, fingerprint=UNKNOWN)
    assert read(LOAN_KEY, envelope("LoanRepaymentDueBusinessEvent", "LoanRepaymentDueDataV1", due)).releases == {
        "unknown"
    }


def test_another_tenant_and_an_empty_record_are_dead_letters() -> None:
    due = envelope("LoanRepaymentDueBusinessEvent", "LoanRepaymentDueDataV1", payload("LoanRepaymentDueDataV1", DUE))
    for reading, reason in ((read(LOAN_KEY, due, "bank2"), "unknown_tenant"), (read(LOAN_KEY, None), "bad_framing")):
        assert reading.bad is not None
        assert reading.bad.reason == reason
