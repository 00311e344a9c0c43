"""Emergency closures, and the time zones that a debtor's numbers speak of."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CLOSURE = """
create table closure (
    id uuid primary key,
    jurisdiction text not null,
    region text,
    first_day date not null,
    last_day date not null,
    reason text not null,
    made_by text not null,
    made_at timestamptz not null,
    lifted_at timestamptz,
    lifted_by text,
    check (first_day <= last_day)
)
"""


def upgrade() -> None:
    """Create the table, and the column, which is empty until a debtor's next snapshot."""
    op.execute("set local lock_timeout = '5s'")
    op.execute(CLOSURE)
    op.execute("create index closure_standing on closure (last_day) where lifted_at is null")
    op.execute("alter table debtor add column number_zones text[] not null default '{}'")


def downgrade() -> None:
    """Forget both."""
    op.execute("set local lock_timeout = '5s'")
    op.execute("alter table debtor drop column number_zones")
    op.execute("drop table closure")
