"""Answers to writes over HTTP, kept by the caller's Idempotency-Key, so that a repeat has no second effect."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLE = """
create table idempotent_answer (
    api_key_id uuid not null references api_key,
    idempotency_key text not null check (length(idempotency_key) between 1 and 255),
    request_hash bytea not null,
    status smallint,
    body text,
    created_at timestamptz not null,
    primary key (api_key_id, idempotency_key)
)
"""
AGE = "create index idempotent_answer_age on idempotent_answer using brin (created_at)"


def upgrade() -> None:
    """Create the table of kept answers."""
    op.execute("set local lock_timeout = '5s'")
    op.execute(TABLE)
    op.execute(AGE)


def downgrade() -> None:
    """Forget kept answers."""
    op.execute("set local lock_timeout = '5s'")
    op.execute("drop table idempotent_answer")
