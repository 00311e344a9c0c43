"""What the feed of figures names is no longer compressed: ids shrink by a third at most, and are read once and deleted.

Every batch that plans, claims or settles writes such a row, of several kilobytes, and trying to compress it took longer
than writing it. Rows that wait stay as they are; both kinds are read alike, by earlier versions too.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rows to come are stored as they are; no row is touched."""
    op.execute("set local lock_timeout = '5s'")
    _store("external")


def downgrade() -> None:
    """Rows to come are compressed where that helps."""
    op.execute("set local lock_timeout = '5s'")
    _store("extended")


def _store(how: str) -> None:
    columns = ("messages", "loans", "debtors")
    op.execute("alter table figure_change " + ", ".join(f"alter {column} set storage {how}" for column in columns))
