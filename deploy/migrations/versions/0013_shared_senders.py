"""Who is sending, what carriers said of each sender's messages, and what a call came to."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables, a row a process and a row a sender; a call keeps how it ended."""
    op.execute("set local lock_timeout = '5s'")
    op.execute("create table dispatcher (id uuid primary key, beat bigint not null)")
    op.execute(
        "create table carrier_word (provider text not null, sender text not null, good bigint not null, "
        "refused bigint not null, misconfigured bigint not null, primary key (provider, sender))"
    )
    op.execute("alter table call add column outcome text")


def downgrade() -> None:
    """Forget them."""
    op.execute("set local lock_timeout = '5s'")
    op.execute("alter table call drop column outcome")
    op.execute("drop table carrier_word")
    op.execute("drop table dispatcher")
