"""The audit log, and the chain of seals over everything that is append-only.

A seal covers the rows of a range of transactions. `xact` is the number of the transaction that wrote a row: below the
oldest transaction still under way nothing can appear any more, so that a sealed range is whole (services/sealing.py).
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SEALED = ("decision", "receipt", "consent", "suppression", "campaign_review")
XACT = "((pg_current_xact_id())::text)::bigint"
AUDIT = f"""
create table audit (
    id uuid not null,
    at timestamptz not null,
    actor text not null check (length(btrim(actor)) between 1 and 200),
    action text not null,
    subject text not null,
    details jsonb not null,
    xact bigint not null default {XACT},
    primary key (id)
) partition by range (id)
"""
PARTITIONS = """
do $$
begin
    for offset_months in 0..26 loop
        perform make_month_partition('audit', (date '2026-11-01' + make_interval(months => offset_months))::date);
    end loop;
end $$
"""
SEAL = """
create table audit_seal (
    number bigint primary key check (number > 0),
    kind text not null check (kind in ('sealed', 'pruned', 'rebased')),
    source text not null,
    since_xact bigint not null,
    until_xact bigint not null,
    first_id text,
    last_id text,
    rows bigint not null,
    parts jsonb not null,
    previous bytea not null,
    hash bytea not null unique,
    sealed_at timestamptz not null,
    public_key text,
    signature text,
    check (since_xact <= until_xact),
    check ((public_key is null) = (signature is null))
)
"""
MONTH_OF_ID = """
create function month_of_uuid7(id uuid) returns text language sql immutable strict as $$
    select to_char(to_timestamp(
        ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000
    ) at time zone 'UTC', 'YYYYMM')
$$
"""


def upgrade() -> None:
    """Create log and chain, and number the transactions of what is sealed."""
    op.execute("set local lock_timeout = '5s'")
    op.execute(AUDIT)
    op.execute(PARTITIONS)
    op.execute("create table audit_other partition of audit default")
    op.execute("create index audit_xact on audit (xact)")
    op.execute(SEAL)
    op.execute("create unique index audit_seal_place on audit_seal (source, until_xact) where kind = 'sealed'")
    op.execute(MONTH_OF_ID)
    for table in SEALED:
        op.execute(f"alter table {table} add column xact bigint not null default {XACT}")
        op.execute(f"create index {table}_xact on {table} (xact)")
    for table in ("audit", "audit_seal"):
        _guard(table)


def downgrade() -> None:
    """Forget the log and the seals."""
    op.execute("set local lock_timeout = '5s'")
    for table in SEALED:
        op.execute(f"drop index {table}_xact")
        op.execute(f"alter table {table} drop column xact")
    op.execute("drop table audit_seal")
    op.execute("drop table audit")
    op.execute("drop function month_of_uuid7")


def _guard(table: str) -> None:
    """Refuse every change: by statement, by row (on partitions too), and by emptying."""
    for name, moment, each in (
        ("append_only", "update or delete", "statement"),
        ("row_append_only", "update or delete", "row"),
        ("never_emptied", "truncate", "statement"),
    ):
        op.execute(
            f"create trigger {table}_{name} before {moment} on {table} for each {each} execute function refuse_change()"
        )
