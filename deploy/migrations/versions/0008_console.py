"""Who may use the console: users with password hashes, their sessions, and the logins that failed."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

USERS = """
create table console_user (
    id uuid primary key,
    name text not null unique check (length(name) between 1 and 64),
    role text not null check (role in ('viewer', 'operator', 'author', 'approver', 'admin')),
    password_hash text not null,
    language text check (language in ('es', 'en')),
    theme text check (theme in ('light', 'dark')),
    created_at timestamptz not null,
    password_changed_at timestamptz not null,
    disabled_at timestamptz
)
"""
SESSIONS = """
create table console_session (
    digest bytea primary key,
    user_id uuid not null references console_user,
    zone text not null,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz
)
"""
STANDING = "create index console_session_standing on console_session (user_id) where ended_at is null"
FAILURES = """
create table login_failure (
    kind text not null check (kind in ('name', 'address')),
    subject bytea not null,
    failures integer not null check (failures > 0),
    last_at timestamptz not null,
    locked_until timestamptz,
    primary key (kind, subject)
)
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute("set local lock_timeout = '5s'")
    for statement in (USERS, SESSIONS, STANDING, FAILURES):
        op.execute(statement)


def downgrade() -> None:
    """Forget every user of the console."""
    op.execute("set local lock_timeout = '5s'")
    for table in ("login_failure", "console_session", "console_user"):
        op.execute(f"drop table {table}")
