"""What each sending process makes of its senders, and sums of figures by two keys, so that a filter costs nothing.

What upkeep of an earlier version still counts while this is rolled out is put right by upkeep of this one.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PAIRS = """
create table message_pair (
    by text not null check (by in ('campaign', 'channel', 'segment', 'region')),
    other text not null check (other in ('channel', 'segment', 'region', 'rule')),
    key text not null,
    day date not null,
    other_key text not null,
    state text not null,
    messages bigint not null default 0,
    handed_over bigint not null default 0,
    parts bigint not null default 0,
    replies bigint not null default 0,
    promises bigint not null default 0,
    primary key (by, other, key, day, other_key, state)
) with (fillfactor = 70)
"""
FILL = """
insert into message_pair (by, other, key, day, other_key, state, messages, handed_over, parts, replies, promises)
select p.by, p.other, p.key, f.day, p.other_key, f.state, sum(f.messages), sum(f.handed_over), sum(f.parts),
    sum(f.replies), sum(f.promises)
from message_figure f cross join lateral (values
    ('campaign', f.campaign, 'channel', f.channel), ('campaign', f.campaign, 'segment', f.segment),
    ('campaign', f.campaign, 'region', f.region), ('channel', f.channel, 'segment', f.segment),
    ('channel', f.channel, 'region', f.region), ('segment', f.segment, 'region', f.region),
    ('campaign', f.campaign, 'rule', f.rule), ('channel', f.channel, 'rule', f.rule),
    ('segment', f.segment, 'rule', f.rule), ('region', f.region, 'rule', f.rule)) as p (by, key, other, other_key)
where f.messages <> 0 and (p.other <> 'rule' or f.state = 'suppressed') group by 1, 2, 3, 4, 5, 6
"""
DAILY = """
create view figures_campaign_daily as
select day, key as campaign, state, messages, handed_over, parts, replies, promises
from message_rollup where by = 'campaign' and messages <> 0
"""


def upgrade() -> None:
    """Add the columns, the sums and their view; a process of an earlier version leaves them as they are."""
    op.execute("set local lock_timeout = '5s'")
    op.execute("alter table dispatcher add column told_at timestamptz, add column senders jsonb not null default '[]'")
    op.execute(PAIRS)
    op.execute(FILL)
    op.execute("create index message_pair_other on message_pair (by, other, other_key, day)")
    op.execute(DAILY)


def downgrade() -> None:
    """Forget them."""
    op.execute("set local lock_timeout = '5s'")
    op.execute("drop view figures_campaign_daily")
    op.execute("drop table message_pair")
    op.execute("alter table dispatcher drop column senders, drop column told_at")
