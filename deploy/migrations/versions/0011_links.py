"""Links in messages and the visits to them, and a lane that bulk sending does not delay."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

LINK = """
create table link (
    digest bytea primary key,
    message_id uuid not null,
    debtor_ref text not null,
    number smallint not null check (number > 0),
    created_at timestamptz not null,
    expires_at timestamptz not null
)
"""
CLICK = """
create table click (
    id uuid primary key,
    digest bytea not null,
    message_id uuid not null,
    debtor_ref text not null,
    campaign text not null,
    kind text not null check (kind in ('person', 'scanner')),
    reason text,
    origin bytea not null,
    at timestamptz not null,
    check ((kind = 'scanner') = (reason is not null))
)
"""


def upgrade() -> None:
    """Create links and clicks, and give every message a lane."""
    op.execute("set local lock_timeout = '5s'")
    op.execute(LINK)
    op.execute("create index link_expires on link (expires_at)")
    op.execute(CLICK)
    op.execute("create index click_link on click (digest, kind)")
    op.execute("create index click_origin on click (origin, at)")
    op.execute("create index click_debtor on click (debtor_ref)")
    op.execute("create index click_campaign on click (campaign, at)")
    op.execute("alter table message add column lane smallint not null default 1 check (lane in (0, 1))")
    op.execute("create index message_urgent on message (due_at, id) where state = 'planned' and lane = 0")


def downgrade() -> None:
    """Forget links, clicks and lanes."""
    op.execute("set local lock_timeout = '5s'")
    op.execute("drop index message_urgent")
    op.execute("alter table message drop column lane")
    op.execute("drop table click")
    op.execute("drop table link")
