"""Answers to replies, stops of numbers that nobody is known by, and what is told of contact points but not proven."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ANSWER = """
create table answer (
    message_id uuid primary key references message on delete cascade,
    reply_id uuid not null unique,
    debtor_ref text not null,
    contact_point_ref text not null,
    channel text not null check (channel in ('sms', 'whatsapp')),
    kind text not null,
    at timestamptz not null
)
"""
STRANGER_STOP = """
create table stranger_stop (
    id uuid primary key,
    blind bytea not null,
    channel text,
    kind text not null check (kind in ('suppress', 'lift')),
    reply_id uuid not null,
    at timestamptz not null
)
"""


def upgrade() -> None:
    """Create both tables; a contact point may be known to be the debtor's own, a fault to be a mere suspicion."""
    op.execute("set local lock_timeout = '5s'")
    op.execute(ANSWER)
    op.execute("create index answer_debtor on answer (debtor_ref, at)")
    op.execute(STRANGER_STOP)
    op.execute("create index stranger_stop_blind on stranger_stop (blind, id)")
    op.execute("alter table contact_point add column verified boolean not null default false")
    op.execute("alter table contact_point_fault add column proven boolean not null default true")


def downgrade() -> None:
    """Forget them; a suspicion is no fault."""
    op.execute("set local lock_timeout = '5s'")
    op.execute("delete from contact_point_fault where not proven")
    op.execute("alter table contact_point_fault drop column proven")
    op.execute("alter table contact_point drop column verified")
    op.execute("drop table stranger_stop")
    op.execute("drop table answer")
