"""What an earlier mail counts for."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from services.store import people

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
ATTEMPT = """
insert into attempt (id, message_id, debtor_ref, loan_ref, campaign, number, channel, contact_point_ref, provider,
    sender, state, template, content_hash, parts, handed_at, valid_until)
values ($1, $1, 'D-1', 'L-1', 'c', 1, $2, 'cp', 'p', 's', $3, '{}', '\\x00', 1, $4, $4)
"""


@pytest.mark.parametrize(
    ("channel", "state", "counted"),
    [
        ("email", "accepted", "delivered"),
        ("email", "sending", "accepted"),
        ("email", "unknown", "unknown"),
        ("email", "undelivered", "rejected"),
        ("sms", "accepted", "accepted"),
    ],
)
async def test_a_mail_that_was_accepted_and_did_not_come_back_was_delivered(
    database_url: str, channel: str, state: str, counted: str
) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("set session_replication_role = replica")
        await connection.execute("insert into debtor (debtor_ref, created_at, updated_at) values ('D-1', $1, $1)", NOW)
        await connection.execute(ATTEMPT, UUID(int=1), channel, state, NOW)
        known, _ = await people.load(connection, debtor_refs=["D-1"], now=NOW, history_from=NOW - timedelta(days=30))
    finally:
        await connection.close()
    (contact,) = known["D-1"].history
    assert contact.state == counted
