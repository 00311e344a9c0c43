"""How far a campaign that became active has been planned for the installments that were known before it."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the places of the sweep."""
    op.execute("set local lock_timeout = '5s'")
    op.execute(
        "create table catch_up (version_id bigint primary key references campaign_version, "
        "after text not null default '', done boolean not null default false)"
    )


def downgrade() -> None:
    """Forget them."""
    op.execute("set local lock_timeout = '5s'")
    op.execute("drop table catch_up")
