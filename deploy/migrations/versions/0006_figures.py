"""Views with stable, documented columns for figures and BI tools (deploy/figures.md)."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MESSAGE = """
create view figures_message as
select m.id as message_ref, m.debtor_ref, m.loan_ref, m.campaign, m.step, m.purpose, m.channel, m.occurrence,
    (m.earliest at time zone 'UTC')::date as day, d.segment, d.region, d.country,
    coalesce(m.outcome, m.state) as state, m.reason, m.rule, m.attempts, m.created_at, m.updated_at,
    exists (select from attempt a where a.message_id = m.id and a.state not in ('not_sent', 'rejected')) as handed_over,
    (select sum(a.parts) from attempt a where a.message_id = m.id and a.state <> 'not_sent') as parts,
    (select count(*) from reply r where r.message_id = m.id) as replies,
    (select count(*) from reply r where r.message_id = m.id and r.intent = 'promise') as promises
from message m join debtor d using (debtor_ref)
"""
INSTALLMENT = """
create view figures_installment as
select i.loan_ref, i.number, l.debtor_ref, l.creditor_ref, l.product, i.due_date, i.amount, i.currency,
    not coalesce(i.paid_at >= i.amount_at, false)
        and coalesce(p.paid, 0) < i.amount
        and l.status not in ('closed', 'overpaid', 'written_off', 'charged_off', 'transferred', 'rejected', 'withdrawn')
        as open,
    (coalesce(case when i.paid_at >= i.amount_at then i.paid_at end, p.last_paid, l.status_at) at time zone 'UTC')::date
        as paid_on
from installment i
join loan l using (loan_ref)
left join lateral (
    select sum(amount) as paid, max(at) as last_paid from payment
    where payment.loan_ref = i.loan_ref and payment.reversed_at is null and payment.at >= i.amount_at
        and payment.currency = i.currency
) p on true
"""


def upgrade() -> None:
    """Create the views."""
    op.execute("set local lock_timeout = '5s'")
    op.execute(MESSAGE)
    op.execute(INSTALLMENT)


def downgrade() -> None:
    """Drop the views."""
    op.execute("set local lock_timeout = '5s'")
    op.execute("drop view figures_installment")
    op.execute("drop view figures_message")
