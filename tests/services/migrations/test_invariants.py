"""What the database itself never allows, whatever the code above it does; rivals are real connections."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from campaigns.outcome import PROVEN_FAILED
from schemas.enums import AttemptState, MessageState
from tests.services.migrations.rows import AT, ATTEMPT, DEBTOR, MESSAGE, insert, seed

LIVE = sorted(set(AttemptState) - PROVEN_FAILED)
EVIDENCE = ("consent", "suppression", "decision", "receipt")
CHANGES = ("update {} set debtor_ref = 'D-2'", "delete from {}")
WORDS = (
    ("debtor", "state", "gone"),
    ("contact_point", "kind", "pigeon"),
    ("promise", "state", "forgotten"),
    ("consent", "state", "maybe"),
    ("suppression", "kind", "pause"),
    ("suppression", "scope", "family"),
    ("campaign_version", "state", "draft"),
    ("stop", "scope", "weather"),
    ("api_key", "role", "root"),
    ("message", "state", "deferred"),
    ("attempt", "state", "lost"),
    ("decision", "stage", "later"),
    ("decision", "verdict", "perhaps"),
)
CONTRADICTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("debtor", {"debtor_ref": ""}),
    ("debtor", {"debtor_ref": "D" * 129}),
    ("debtor", {"debtor_ref": "D-2", "state": "erased", "sealed": b"\x01"}),
    ("debtor", {"debtor_ref": "D-2", "window_from": AT.time()}),
    ("loan", {"loan_ref": "L" * 129}),
    ("suppression", {"scope": "channel"}),
    ("suppression", {"scope": "person", "channel": "sms"}),
    ("suppression", {"scope": "loan"}),
    ("hold", {"debtor_ref": None}),
    ("hold", {"loan_ref": "L-1"}),
    ("campaign_version", {"version": 0}),
    ("stop", {"scope": "channel"}),
    ("stop", {"scope": "all", "name": "sms"}),
    ("message", {"step": "otro", "expires_at": AT}),
    ("attempt", {"number": 0, "state": "failed"}),
)
STRANGERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("contact_point", {"debtor_ref": "D-9"}),
    ("loan", {"loan_ref": "L-9", "debtor_ref": "D-9"}),
    ("promise", {"loan_ref": "L-9"}),
    ("consent", {"debtor_ref": "D-9"}),
    ("suppression", {"debtor_ref": "D-9"}),
    ("campaign_version", {"id": 2, "campaign": "otra", "definition": b"\x09" * 32}),
    ("message", {"debtor_ref": "D-9"}),
    ("attempt", {"message_id": uuid4()}),
)


@pytest.fixture
async def ledger(shared_database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that sees one message under way, in a transaction that is undone."""
    connection = await asyncpg.connect(shared_database_url)
    transaction = connection.transaction()
    await transaction.start()
    await seed(connection)
    yield connection
    await transaction.rollback()
    await connection.close()


@pytest.fixture
async def one(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a database of its own with one message under way, committed."""
    connection = await asyncpg.connect(database_url)
    await seed(connection)
    yield connection
    await connection.close()


@pytest.fixture
async def other(database_url: str, one: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """The connection of a rival."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def test_of_two_rivals_only_one_plans_a_message(one: asyncpg.Connection, other: asyncpg.Connection) -> None:
    await only_the_first_commits(one, other, "message", {"step": "vence-hoy"}, {"step": "vence-hoy"})


async def test_another_version_of_the_campaign_plans_no_second_message(ledger: asyncpg.Connection) -> None:
    await insert(ledger, "campaign_version", id=2, version=2, state="submitted")
    with pytest.raises(asyncpg.UniqueViolationError):
        await insert(ledger, "message", version_id=2)


@pytest.mark.parametrize(
    "different",
    [{"installment_number": 8}, {"occurrence": AT.date() + timedelta(days=30)}, {"step": "otro"}, {"loan_ref": "L-2"}],
    ids=lambda different: next(iter(different)),
)
async def test_another_intention_is_another_message(ledger: asyncpg.Connection, different: dict[str, Any]) -> None:
    await insert(ledger, "message", **different)


async def test_of_two_rivals_only_one_attempts_a_message(one: asyncpg.Connection, other: asyncpg.Connection) -> None:
    await one.execute("update attempt set state = 'failed'")
    await only_the_first_commits(one, other, "attempt", {"number": 2}, {"number": 3})


@pytest.mark.parametrize("state", LIVE)
async def test_a_live_attempt_allows_no_other(ledger: asyncpg.Connection, state: AttemptState) -> None:
    await ledger.execute("update attempt set state = $1", state)
    with pytest.raises(asyncpg.UniqueViolationError, match="attempt_live"):
        await insert(ledger, "attempt", number=2)


@pytest.mark.parametrize("state", sorted(PROVEN_FAILED))
async def test_an_attempt_that_is_proven_failed_allows_another(ledger: asyncpg.Connection, state: AttemptState) -> None:
    await ledger.execute("update attempt set state = $1", state)
    await insert(ledger, "attempt", number=2)


@pytest.mark.parametrize("late", LIVE)
async def test_a_late_word_cannot_make_two_attempts_live(ledger: asyncpg.Connection, late: AttemptState) -> None:
    await ledger.execute("update attempt set state = 'undelivered'")
    await insert(ledger, "attempt", number=2)
    with pytest.raises(asyncpg.UniqueViolationError, match="attempt_live"):
        await ledger.execute("update attempt set state = $1 where number = 1", late)


async def test_a_superseded_attempt_allows_its_follow_up(ledger: asyncpg.Connection) -> None:
    await ledger.execute("update attempt set state = 'delivered', superseded = true")
    await insert(ledger, "attempt", number=2)


async def test_an_attempt_number_is_used_once(ledger: asyncpg.Connection) -> None:
    await ledger.execute("update attempt set state = 'failed'")
    with pytest.raises(asyncpg.UniqueViolationError, match="message_id_number"):
        await insert(ledger, "attempt", number=1)


async def test_of_two_rivals_only_one_contacts_a_debtor(one: asyncpg.Connection, other: asyncpg.Connection) -> None:
    """Two messages of one person, each with a live attempt of its own: the person is still contacted once."""
    second = await insert(one, "message", step="vence-hoy")
    attempt = await insert(one, "attempt", message_id=second["id"])
    await only_the_first_commits(one, other, "open_attempt", {}, {"attempt_id": attempt["id"]})


async def test_a_debtor_may_be_contacted_again_once_the_attempt_is_closed(ledger: asyncpg.Connection) -> None:
    await insert(ledger, "open_attempt")
    await ledger.execute("delete from open_attempt where attempt_id = $1", ATTEMPT)
    await insert(ledger, "open_attempt")


async def test_an_event_is_applied_once(one: asyncpg.Connection, other: asyncpg.Connection) -> None:
    await only_the_first_commits(one, other, "inbox", {}, {})


async def test_of_a_campaign_one_version_runs(ledger: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.UniqueViolationError, match="campaign_version_running"):
        await insert(ledger, "campaign_version", id=2, version=2, state="paused")


async def test_an_api_key_is_one_key(ledger: asyncpg.Connection) -> None:
    await insert(ledger, "api_key")
    with pytest.raises(asyncpg.UniqueViolationError, match="digest"):
        await insert(ledger, "api_key", name="other")


@pytest.mark.parametrize("table", EVIDENCE)
@pytest.mark.parametrize("change", CHANGES)
async def test_evidence_is_never_changed(ledger: asyncpg.Connection, table: str, change: str) -> None:
    await insert(ledger, table)
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        async with ledger.transaction():
            await ledger.execute(change.format(table))
    assert await ledger.fetchval(f"select count(*) from {table}") == 1


@pytest.mark.parametrize("table", ["decision", "receipt"])
@pytest.mark.parametrize("change", CHANGES)
async def test_evidence_is_never_changed_through_its_partition(
    ledger: asyncpg.Connection, table: str, change: str
) -> None:
    await insert(ledger, table)
    partition = await ledger.fetchval(f"select tableoid::regclass::text from {table}")
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await ledger.execute(change.format(partition))


@pytest.mark.parametrize("table", EVIDENCE)
async def test_evidence_is_never_emptied(ledger: asyncpg.Connection, table: str) -> None:
    await insert(ledger, table)
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        await ledger.execute(f"truncate {table}")


@pytest.mark.parametrize(("table", "column", "word"), WORDS, ids=lambda value: str(value))
async def test_a_word_outside_the_vocabulary_is_refused(
    ledger: asyncpg.Connection, table: str, column: str, word: str
) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await insert(ledger, table, **{column: word})


@pytest.mark.parametrize("state", MessageState)
async def test_every_state_of_a_message_can_be_stored(ledger: asyncpg.Connection, state: MessageState) -> None:
    await ledger.execute("update message set state = $1", state)


@pytest.mark.parametrize(("table", "different"), CONTRADICTIONS)
async def test_a_row_that_contradicts_itself_is_refused(
    ledger: asyncpg.Connection, table: str, different: dict[str, Any]
) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await insert(ledger, table, **different)


@pytest.mark.parametrize(("table", "different"), STRANGERS)
async def test_a_row_about_nobody_is_refused(ledger: asyncpg.Connection, table: str, different: dict[str, Any]) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await insert(ledger, table, **different)


async def test_a_person_with_a_history_cannot_be_dropped_from_the_ledger(ledger: asyncpg.Connection) -> None:
    for statement, name in (
        ("delete from debtor where debtor_ref = $1", DEBTOR),
        ("delete from message where id = $1", MESSAGE),
    ):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            async with ledger.transaction():
                await ledger.execute(statement, name)


async def only_the_first_commits(
    one: asyncpg.Connection, other: asyncpg.Connection, table: str, ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    """The rival waits for our open transaction, and is refused when we commit."""
    first = one.transaction()
    await first.start()
    await insert(one, table, **ours)
    rival = asyncio.create_task(insert(other, table, **theirs))
    await until_it_waits_for_us(one, other)
    assert not rival.done()
    await first.commit()
    with pytest.raises(asyncpg.UniqueViolationError):
        await rival


async def until_it_waits_for_us(one: asyncpg.Connection, other: asyncpg.Connection) -> None:
    """Until PostgreSQL says that the other session is blocked by this one."""
    question = "select $1 = any(pg_blocking_pids($2))"
    waiting = False
    while not waiting:
        waiting = await one.fetchval(question, one.get_server_pid(), other.get_server_pid())
