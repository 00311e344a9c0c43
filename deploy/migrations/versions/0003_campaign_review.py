"""Maker and checker of campaigns: who submitted what, who approved exactly that, and everything done to it since.

What was submitted never changes, its state follows an append-only log, and nobody approves what they submitted:
the database refuses it whoever asks.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CUT = "\n\n"
VERSION = """
alter table campaign_version
    add column submitted_by text,
    add column approved_by text,
    add constraint campaign_version_check check (
        approved_by is null or (submitted_by is not null and lower(btrim(approved_by)) <> lower(btrim(submitted_by)))
    );

alter table content add constraint content_check check (hash = sha256(convert_to(body, 'UTF8')));
"""
REVIEW = """
create table campaign_review (
    id bigint generated always as identity primary key,
    version_id bigint not null references campaign_version,
    campaign text not null,
    version integer not null,
    fingerprint bytea not null,
    action text not null check (action in
        ('submitted', 'approved', 'rejected', 'activated', 'paused', 'resumed', 'superseded', 'retired')),
    actor text not null check (length(btrim(actor)) between 1 and 200),
    reason text,
    simulation bytea,
    at timestamptz not null,
    check (action <> 'rejected' or length(btrim(reason)) > 0)
);

create index campaign_review_version on campaign_review (version_id, id);

create index campaign_review_campaign on campaign_review (campaign, id);

create trigger campaign_review_append_only before update or delete on campaign_review
    for each statement execute function refuse_change();

create trigger content_append_only before update or delete on content
    for each statement execute function refuse_change();
"""
GUARDS = """
create function guard_campaign_review() returns trigger language plpgsql as $$
declare
    about campaign_version;
begin
    select * into about from campaign_version where id = new.version_id;
    if (new.campaign, new.version, new.fingerprint)
        is distinct from (about.campaign, about.version, about.fingerprint) then
        raise exception 'a review names exactly the content it is about' using errcode = 'restrict_violation';
    end if;
    if new.action = 'submitted' and new.actor is distinct from about.submitted_by then
        raise exception 'a version is submitted by its submitter' using errcode = 'restrict_violation';
    end if;
    if new.action = 'approved' and about.state = 'rejected' then
        raise exception 'what was rejected is not approved' using errcode = 'restrict_violation';
    end if;
    if new.action = 'approved' and (about.submitted_by is null
        or lower(btrim(new.actor)) = lower(btrim(about.submitted_by))) then
        raise exception 'the approver is never the submitter' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger campaign_review_guard before insert on campaign_review
    for each row execute function guard_campaign_review();

create function guard_campaign_version() returns trigger language plpgsql as $$
declare
    last campaign_review;
begin
    if tg_op = 'DELETE' then
        raise exception 'versions are kept for good' using errcode = 'restrict_violation';
    end if;
    if tg_op = 'INSERT' then
        if new.approved_by is not null or (new.submitted_by is not null and new.state <> 'submitted') then
            raise exception 'a version is submitted before anything else' using errcode = 'restrict_violation';
        end if;
        return new;
    end if;
    if (new.id, new.campaign, new.version, new.definition, new.manifest, new.fingerprint, new.created_at)
        is distinct from
        (old.id, old.campaign, old.version, old.definition, old.manifest, old.fingerprint, old.created_at)
        or (old.submitted_by is not null and new.submitted_by is distinct from old.submitted_by) then
        raise exception 'what was submitted never changes' using errcode = 'restrict_violation';
    end if;
    select * into last from campaign_review where version_id = new.id order by id desc limit 1;
    if new.state <> old.state and new.state is distinct from (case last.action
        when 'approved' then 'active' when 'activated' then 'active' when 'resumed' then 'active'
        else last.action end) then
        raise exception 'a version is in the state that its last review gave it' using errcode = 'restrict_violation';
    end if;
    if new.approved_by is distinct from old.approved_by
        and ('approved', new.approved_by) is distinct from (last.action, last.actor) then
        raise exception 'a version is approved by its last review alone' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger campaign_version_guard before insert or update or delete on campaign_version
    for each row execute function guard_campaign_version();
"""
UNDO = """
drop trigger campaign_version_guard on campaign_version;

drop function guard_campaign_version;

drop trigger content_append_only on content;

drop table campaign_review;

drop function guard_campaign_review;

alter table content drop constraint content_check;

alter table campaign_version
    drop constraint campaign_version_check,
    drop column approved_by,
    drop column submitted_by;
"""


def upgrade() -> None:
    """Add submitter, approver, the log, and the guards."""
    op.execute("set local lock_timeout = '5s'")
    for statements in (VERSION, REVIEW, GUARDS):
        _run(statements)


def downgrade() -> None:
    """Take them away; who approved what is forgotten."""
    op.execute("set local lock_timeout = '5s'")
    _run(UNDO)


def _run(statements: str) -> None:
    """One after another, cut at the empty lines between them: the driver takes one at a time."""
    for statement in statements.strip().split(CUT):
        op.execute(statement)
