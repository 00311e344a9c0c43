"""Automated calls: the sealed words of each, and its turns, so that a repeated webhook is answered alike."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CALL = """
create table call (
    id uuid primary key,
    attempt_id uuid not null references attempt on delete cascade,
    inbound boolean not null,
    provider text not null,
    provider_ref text,
    debtor_ref text not null references debtor,
    message_id uuid not null,
    loan_ref text,
    language text not null,
    voice text,
    script bytea,
    ends_at timestamptz,
    created_at timestamptz not null,
    unique (provider, provider_ref),
    check (inbound or id = attempt_id)
)
"""
CALL_STEP = """
create table call_step (
    call_id uuid not null references call on delete cascade,
    seq smallint not null check (seq >= 0),
    step text not null,
    digits text not null check (length(digits) <= 16),
    answer bytea not null,
    at timestamptz not null,
    primary key (call_id, seq)
)
"""


def upgrade() -> None:
    """Create calls and their turns."""
    op.execute("set local lock_timeout = '5s'")
    op.execute(CALL)
    op.execute("create index call_attempt on call (attempt_id)")
    op.execute(CALL_STEP)


def downgrade() -> None:
    """Forget calls."""
    op.execute("set local lock_timeout = '5s'")
    op.execute("drop table call_step")
    op.execute("drop table call")
