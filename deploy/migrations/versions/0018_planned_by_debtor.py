"""What is planned for a debtor is found by `message_planned` alone; the indexes by time answer only who asks by time.

All three held the same rows. On a table where nothing was planned when a statement was planned, each cost the same, and
a plan that took an index by time read everything planned for each debtor ever after. Making an index reads the table
once, while nobody writes.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two anew, for those who ask from '-infinity' on; an earlier version's claims read `message_planned`."""
    op.execute("set local lock_timeout = '5s'")
    _make("state = 'planned' and due_at >= '-infinity'", "state = 'planned' and lane = 0 and due_at >= '-infinity'")


def downgrade() -> None:
    """As they were."""
    op.execute("set local lock_timeout = '5s'")
    _make("state = 'planned'", "state = 'planned' and lane = 0")


def _make(due: str, urgent: str) -> None:
    op.execute("drop index message_due, message_urgent")
    op.execute(f"create index message_due on message (due_at, priority desc, id) where {due}")
    op.execute(f"create index message_urgent on message (due_at, id) where {urgent}")
