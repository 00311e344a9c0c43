"""Append-only tables refuse changes by way of a partition too, and refuse to be emptied."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY = ("consent", "suppression", "decision", "receipt", "content", "campaign_review")
PARTITIONED = ("decision", "receipt")


def upgrade() -> None:
    """Guard rows (PostgreSQL copies row triggers to every partition, later ones too) and truncate."""
    op.execute("set local lock_timeout = '5s'")
    for table in PARTITIONED:
        op.execute(
            f"create trigger {table}_row_append_only before update or delete on {table} "
            "for each row execute function refuse_change()"
        )
    for table in APPEND_ONLY:
        op.execute(
            f"create trigger {table}_never_emptied before truncate on {table} "
            "for each statement execute function refuse_change()"
        )


def downgrade() -> None:
    """Leave the guards of statements on the parents alone."""
    op.execute("set local lock_timeout = '5s'")
    for table in PARTITIONED:
        op.execute(f"drop trigger {table}_row_append_only on {table}")
    for table in APPEND_ONLY:
        op.execute(f"drop trigger {table}_never_emptied on {table}")
