"""Three foreign keys of the hottest tables go, since each is checked for every row and what it says holds without it.

A message's version is read in the transaction that plans it, and versions are kept for good (`campaign_version_guard`);
checking it made every planner lock the same few rows. An open attempt lasts for seconds: it is written right after its
attempt, under its debtor's lock, and retention passes over messages that have one. Dropping a constraint reads no row.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop them; a process of an earlier version sees no difference."""
    op.execute("set local lock_timeout = '5s'")
    op.execute("alter table message drop constraint message_version_id_fkey")
    op.execute(
        "alter table open_attempt drop constraint open_attempt_attempt_id_fkey,"
        " drop constraint open_attempt_debtor_ref_fkey"
    )


def downgrade() -> None:
    """Check them again, which reads every message once, while nobody writes."""
    op.execute("set local lock_timeout = '5s'")
    op.execute(
        "alter table open_attempt add constraint open_attempt_debtor_ref_fkey foreign key (debtor_ref)"
        " references debtor, add constraint open_attempt_attempt_id_fkey foreign key (attempt_id) references attempt"
    )
    op.execute(
        "alter table message add constraint message_version_id_fkey foreign key (version_id)"
        " references campaign_version"
    )
