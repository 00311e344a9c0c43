"""The ledger: projection, messages, attempts, receipts, inbox and outbox.

Invariants live here as constraints (one message per semantic key, one live attempt per message,
one open attempt per debtor, append-only logs), so no code path can get round them.
Append-only tables are partitioned by month of their UUIDv7, so that retention is a dropped partition.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PROJECTION = """
create table debtor (
    debtor_ref text primary key check (length(debtor_ref) between 1 and 128),
    state text not null default 'awaited' check (state in ('awaited', 'active', 'deactivated', 'erased')),
    revision bigint,
    snapshot_at timestamptz,
    person_key bytea,
    sealed bytea,
    language text, country text, region text, timezone text,
    segment text, risk_score double precision, tags text[] not null default '{}',
    preferred_channels text[] not null default '{}',
    window_from time, window_until time,
    status text not null default 'active',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (state <> 'erased' or (person_key is null and sealed is null)),
    check ((window_from is null) = (window_until is null))
) with (fillfactor = 85);

create table contact_point (
    debtor_ref text not null references debtor,
    contact_point_ref text not null,
    position smallint not null,
    kind text not null check (kind in ('phone', 'email', 'whatsapp', 'push')),
    blind bytea not null,
    phone_type text,
    usable boolean not null,
    primary key (debtor_ref, contact_point_ref)
);
create index contact_point_blind on contact_point (blind);

create table contact_point_fault (
    id uuid primary key,
    debtor_ref text not null references debtor,
    blind bytea not null,
    channel text,
    reason text not null,
    at timestamptz not null
);
create index contact_point_fault_debtor on contact_point_fault (debtor_ref);

create table loan (
    loan_ref text primary key check (length(loan_ref) between 1 and 128),
    debtor_ref text references debtor,
    creditor_ref text, product text,
    status text not null default 'active', status_at timestamptz,
    currency text,
    total_outstanding numeric(28, 8), outstanding_at timestamptz,
    overdue_amount numeric(28, 8), overdue_at timestamptz,
    cured_at timestamptz, rescheduled_at timestamptz, stale_since timestamptz,
    updated_at timestamptz not null
) with (fillfactor = 80);
create index loan_debtor on loan (debtor_ref);

create table installment (
    loan_ref text not null references loan,
    number integer not null,
    due_date date not null,
    amount numeric(28, 8) not null,
    currency text not null,
    amount_at timestamptz not null,
    paid_at timestamptz,
    payment_refs jsonb not null default '[]',
    primary key (loan_ref, number)
) with (fillfactor = 80);

create table payment (
    loan_ref text not null references loan,
    payment_ref text not null,
    amount numeric(28, 8),
    currency text,
    at timestamptz not null,
    reversed_at timestamptz,
    primary key (loan_ref, payment_ref)
);

create table promise (
    loan_ref text not null references loan,
    promise_ref text not null,
    promised_for date not null,
    amount numeric(28, 8), currency text,
    state text not null check (state in ('made', 'kept', 'broken')),
    made_via text,
    at timestamptz not null,
    primary key (loan_ref, promise_ref, promised_for)
);
"""

PERMISSIONS = """
create table consent (
    id uuid primary key,
    debtor_ref text not null references debtor,
    channel text not null, purpose text not null,
    state text not null check (state in ('granted', 'denied', 'withdrawn')),
    at timestamptz not null,
    via text, evidence_ref text,
    recorded_at timestamptz not null,
    unique (debtor_ref, channel, purpose, state, at)
);

create table suppression (
    id uuid primary key,
    debtor_ref text not null references debtor,
    kind text not null check (kind in ('suppress', 'lift')),
    scope text not null check (scope in ('person', 'channel', 'loan', 'contact_point')),
    channel text, loan_ref text, contact_point_ref text,
    reason text not null,
    since timestamptz not null,
    until timestamptz,
    source text not null,
    recorded_at timestamptz not null,
    check ((scope = 'channel') = (channel is not null)),
    check (scope <> 'loan' or loan_ref is not null)
);
create index suppression_debtor on suppression (debtor_ref);

create table hold (
    id uuid primary key,
    debtor_ref text references debtor,
    loan_ref text references loan,
    reason text not null,
    since timestamptz not null,
    until timestamptz,
    source text not null,
    released_at timestamptz,
    check ((debtor_ref is null) <> (loan_ref is null))
);
create index hold_debtor on hold (debtor_ref) where debtor_ref is not null;
create index hold_loan on hold (loan_ref) where loan_ref is not null;

create table other_contact (
    debtor_ref text not null references debtor,
    contact_ref text not null,
    loan_ref text,
    channel text not null,
    at timestamptz not null,
    outcome text not null,
    agent_ref text,
    primary key (debtor_ref, contact_ref)
);
"""

CAMPAIGNS = """
create table content (
    hash bytea primary key,
    kind text not null,
    name text not null,
    body text not null,
    created_at timestamptz not null
);

create table campaign_version (
    id bigint generated always as identity primary key,
    campaign text not null,
    version integer not null check (version > 0),
    definition bytea not null references content,
    manifest jsonb not null,
    fingerprint bytea not null,
    state text not null check (state in ('submitted', 'rejected', 'active', 'paused', 'superseded', 'retired')),
    created_at timestamptz not null,
    activated_at timestamptz,
    unique (campaign, version, fingerprint)
);
create unique index campaign_version_running on campaign_version (campaign) where state in ('active', 'paused');

create table calendar_place (
    campaign text primary key,
    planned_until timestamptz not null,
    after text not null default ''
);

create table stop (
    id uuid primary key,
    scope text not null check (scope in ('all', 'campaign', 'channel', 'provider', 'jurisdiction')),
    name text,
    reason text not null,
    made_by text not null,
    since timestamptz not null,
    lifted_at timestamptz, lifted_by text,
    check ((scope = 'all') = (name is null))
);
create index stop_standing on stop (scope, name) where lifted_at is null;

create table api_key (
    id uuid primary key,
    name text not null,
    role text not null check (role in ('viewer', 'operator', 'author', 'approver', 'admin', 'system')),
    digest bytea not null unique,
    created_at timestamptz not null,
    expires_at timestamptz, revoked_at timestamptz
);
"""

LEDGER = """
create table message (
    id uuid primary key,
    debtor_ref text not null references debtor,
    loan_ref text not null,
    installment_number integer not null,
    occurrence date not null,
    campaign text not null,
    step text not null,
    version_id bigint not null references campaign_version,
    purpose text not null,
    channel text,
    state text not null check (state in ('planned', 'claimed', 'done', 'cancelled', 'denied', 'expired')),
    outcome text,
    reason text, rule text,
    earliest timestamptz not null,
    due_at timestamptz not null,
    expires_at timestamptz not null,
    priority double precision not null default 0,
    attempts smallint not null default 0,
    tried text[] not null default '{}',
    sequence integer not null default 0,
    trigger_id text, trigger_type text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (debtor_ref, loan_ref, installment_number, occurrence, campaign, step),
    check (earliest < expires_at)
) with (fillfactor = 80);
create index message_due on message (due_at, priority desc, id) where state = 'planned';
create index message_planned on message (debtor_ref) where state = 'planned';

create table attempt (
    id uuid primary key,
    message_id uuid not null references message,
    debtor_ref text not null,
    loan_ref text,
    campaign text not null,
    number smallint not null check (number > 0),
    channel text not null,
    contact_point_ref text not null,
    provider text not null,
    sender text not null,
    state text not null check (state in ('sending', 'accepted', 'sent', 'delivered', 'read',
        'rejected', 'not_sent', 'failed', 'undelivered', 'unknown')),
    superseded boolean not null default false,
    provider_ref text,
    template jsonb not null,
    content_hash bytea not null,
    parts smallint not null,
    handed_at timestamptz not null,
    valid_until timestamptz not null,
    settled_at timestamptz,
    failure text, code text,
    looked_up smallint not null default 0,
    look_up_at timestamptz,
    unique (message_id, number)
) with (fillfactor = 80);
create unique index attempt_live on attempt (message_id)
    where state in ('sending', 'accepted', 'sent', 'delivered', 'read', 'unknown') and not superseded;
create index attempt_history on attempt (debtor_ref, handed_at);
create index attempt_unknown on attempt (look_up_at) where state = 'unknown';

create table open_attempt (
    debtor_ref text primary key references debtor,
    attempt_id uuid not null unique references attempt,
    lease_until timestamptz not null
);
create index open_attempt_lease on open_attempt (lease_until);

create table reply (
    id uuid primary key,
    provider text not null,
    provider_ref text not null,
    debtor_ref text,
    message_id uuid,
    channel text not null,
    intent text not null,
    blind bytea not null,
    sealed bytea not null,
    at timestamptz not null,
    unique (provider, provider_ref)
);
create index reply_debtor on reply (debtor_ref);

create table task (
    id uuid primary key,
    debtor_ref text,
    loan_ref text,
    message_id uuid,
    type text not null,
    queue text,
    reason text not null,
    due_at timestamptz,
    created_at timestamptz not null,
    closed_at timestamptz, outcome text, agent_ref text
);
create index task_open on task (created_at) where closed_at is null;
create index task_debtor on task (debtor_ref);

create table inbox (
    source text not null,
    id text not null,
    processed_at timestamptz not null,
    primary key (source, id)
);
create index inbox_age on inbox using brin (processed_at);

create table outbox (
    seq bigint generated always as identity primary key,
    id uuid not null,
    aggregatetype text not null,
    aggregateid text not null,
    type text not null,
    subject text not null,
    payload jsonb not null,
    headers jsonb not null default '{}',
    created_at timestamptz not null
);
"""

APPEND_ONLY = """
create table decision (
    id uuid not null,
    message_id uuid not null,
    debtor_ref text not null,
    stage text not null check (stage in ('plan', 'claim')),
    channel text,
    verdict text not null check (verdict in ('allow', 'defer', 'deny')),
    at timestamptz not null,
    not_before timestamptz, not_after timestamptz,
    reasons jsonb not null,
    packs jsonb not null,
    inputs jsonb not null,
    primary key (id)
) partition by range (id);
create index decision_message on decision (message_id);

create table receipt (
    id uuid not null,
    attempt_id uuid,
    debtor_ref text,
    provider text not null,
    provider_ref text,
    status text not null,
    state text,
    code text,
    raw bytea not null,
    received_at timestamptz not null,
    primary key (id)
) partition by range (id);
create index receipt_attempt on receipt (attempt_id);

create function month_floor_uuid7(moment timestamptz) returns uuid language sql immutable as $$
    select (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;

create function make_month_partition(parent text, month date) returns void language plpgsql as $$
begin
    execute format('create table if not exists %I partition of %I for values from (%L) to (%L)',
        parent || '_' || to_char(month, 'YYYYMM'), parent,
        month_floor_uuid7(month::timestamp at time zone 'UTC'),
        month_floor_uuid7((month + interval '1 month') at time zone 'UTC'));
end $$;

do $$
begin
    for offset_months in 0..26 loop
        perform make_month_partition('decision', (date '2026-11-01' + make_interval(months => offset_months))::date);
        perform make_month_partition('receipt', (date '2026-11-01' + make_interval(months => offset_months))::date);
    end loop;
end $$;
create table decision_other partition of decision default;
create table receipt_other partition of receipt default;

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger consent_append_only before update or delete on consent
    for each statement execute function refuse_change();
create trigger suppression_append_only before update or delete on suppression
    for each statement execute function refuse_change();
create trigger decision_append_only before update or delete on decision
    for each statement execute function refuse_change();
create trigger receipt_append_only before update or delete on receipt
    for each statement execute function refuse_change();
"""

TABLES = [
    "receipt",
    "decision",
    "outbox",
    "inbox",
    "task",
    "reply",
    "open_attempt",
    "attempt",
    "message",
    "api_key",
    "stop",
    "calendar_place",
    "campaign_version",
    "content",
    "other_contact",
    "hold",
    "suppression",
    "consent",
    "promise",
    "payment",
    "installment",
    "loan",
    "contact_point_fault",
    "contact_point",
    "debtor",
]


def upgrade() -> None:
    """Create every table of the ledger."""
    op.execute("set local lock_timeout = '5s'")
    for block in (PROJECTION, PERMISSIONS, CAMPAIGNS, LEDGER, APPEND_ONLY):
        run_script(block)


def run_script(sql: str) -> None:
    """Run several statements at once, in the migration's transaction (the driver prepares single ones only)."""
    op.get_bind().connection.dbapi_connection.run_async(lambda driver: driver.execute(sql))


def downgrade() -> None:
    """Drop every table of the ledger."""
    op.execute("set local lock_timeout = '5s'")
    for table in TABLES:
        op.execute(f"drop table {table}")
    op.execute("drop function refuse_change, make_month_partition, month_floor_uuid7")
