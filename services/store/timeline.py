"""Everything that happened to one debtor, oldest first, a page at a time; nothing personal is read."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_BRANCHES = (
    """
    select created_at, 'message', id::text, jsonb_build_object('campaign', campaign, 'step', step, 'loanRef', loan_ref,
        'installmentNumber', nullif(installment_number, -1), 'channel', channel, 'state', state, 'outcome', outcome,
        'reason', reason, 'rule', rule, 'dueAt', due_at, 'expiresAt', expires_at, 'updatedAt', updated_at)
    from message where debtor_ref = $1
    """,
    """
    select handed_at, 'attempt', id::text, jsonb_build_object('messageRef', message_id, 'number', number,
        'channel', channel, 'contactPointRef', contact_point_ref, 'provider', provider, 'state', state,
        'failure', failure, 'code', code, 'parts', parts, 'settledAt', settled_at,
        'validUntil', valid_until, 'template', template, 'contentHash', encode(content_hash, 'hex'))
    from attempt where debtor_ref = $1
    """,
    """
    select d.at, 'decision', d.id::text, jsonb_build_object('messageRef', d.message_id, 'channel', d.channel,
        'verdict', d.verdict, 'notBefore', d.not_before, 'notAfter', d.not_after, 'reasons', d.reasons,
        'pack', d.packs -> 'pack', 'packVersion', d.packs -> 'version')
    from decision d where d.message_id in (select id from message where debtor_ref = $1)
    """,
    """
    select r.received_at, 'receipt', r.id::text, jsonb_build_object('attemptRef', r.attempt_id,
        'provider', r.provider, 'status', r.status, 'state', r.state, 'code', r.code)
    from receipt r where r.attempt_id in (select id from attempt where debtor_ref = $1)
    """,
    """
    select c.created_at, 'call', c.id::text, jsonb_build_object('messageRef', c.message_id, 'attemptRef', c.attempt_id,
        'loanRef', c.loan_ref, 'inbound', c.inbound, 'outcome', coalesce(c.outcome,
            (select replace(r.status, '-', '_') from receipt r where r.attempt_id = c.attempt_id and not c.inbound
                and r.status in ('answered_by_machine', 'busy', 'no-answer', 'failed', 'canceled')
                order by r.id limit 1),
            case when exists (select from call_step s where s.call_id = c.id) then 'unconfirmed' end),
        'turns', (select coalesce(jsonb_agg(jsonb_build_object('at', s.at, 'asked', s.step) order by s.seq), '[]')
            from call_step s where s.call_id = c.id))
    from call c where c.attempt_id in (select id from attempt where debtor_ref = $1)
    """,
    """
    select at, 'reply', id::text, jsonb_build_object('messageRef', message_id, 'channel', channel, 'intent', intent)
    from reply where debtor_ref = $1
    """,
    """
    select at, 'click', id::text, jsonb_build_object('messageRef', message_id,
        'linkRef', left(encode(digest, 'hex'), 16), 'by', kind, 'reason', reason)
    from click where debtor_ref = $1
    """,
    """
    select at, 'consent', id::text, jsonb_build_object('channel', channel, 'purpose', purpose, 'state', state,
        'via', via, 'evidenceRef', evidence_ref, 'recordedAt', recorded_at)
    from consent where debtor_ref = $1
    """,
    """
    select since, case kind when 'lift' then 'suppression.lifted' else 'suppression' end, id::text,
        jsonb_build_object('scope', scope, 'channel', channel, 'loanRef', loan_ref,
        'contactPointRef', contact_point_ref, 'reason', reason, 'until', until, 'source', source,
        'recordedAt', recorded_at)
    from suppression where debtor_ref = $1
    """,
    """
    select since, 'hold', id::text, jsonb_build_object('loanRef', loan_ref, 'reason', reason, 'until', until,
        'source', source, 'releasedAt', released_at)
    from hold where debtor_ref = $1 or loan_ref in (select loan_ref from loan where debtor_ref = $1)
    """,
    """
    select released_at, 'hold.released', id::text, jsonb_build_object('loanRef', loan_ref, 'reason', reason)
    from hold where (debtor_ref = $1 or loan_ref in (select loan_ref from loan where debtor_ref = $1))
        and released_at is not null
    """,
    """
    select created_at, 'task', id::text, jsonb_build_object('messageRef', message_id, 'loanRef', loan_ref,
        'type', type, 'queue', queue, 'reason', reason, 'dueAt', due_at)
    from task where debtor_ref = $1
    """,
    """
    select closed_at, 'task.closed', id::text, jsonb_build_object('outcome', outcome, 'agentRef', agent_ref)
    from task where debtor_ref = $1 and closed_at is not null
    """,
    """
    select at, 'contact', contact_ref, jsonb_build_object('channel', channel, 'outcome', outcome,
        'loanRef', loan_ref, 'agentRef', agent_ref)
    from other_contact where debtor_ref = $1
    """,
    """
    select p.at, 'promise', concat_ws('/', p.loan_ref, p.promise_ref, p.promised_for),
        jsonb_build_object('loanRef', p.loan_ref, 'promisedFor', p.promised_for,
        'state', p.state, 'via', p.made_via)
    from promise p join loan l using (loan_ref) where l.debtor_ref = $1
    """,
    """
    select p.at, 'payment', concat_ws('/', p.loan_ref, p.payment_ref),
        jsonb_build_object('loanRef', p.loan_ref, 'reversedAt', p.reversed_at)
    from payment p join loan l using (loan_ref) where l.debtor_ref = $1
    """,
)
_PAGE = f"""
select at, kind, ref, data::text as data from ({" union all ".join(_BRANCHES)}) as happened (at, kind, ref, data)
where (at, kind collate "C", ref collate "C") > ($2, $3, $4)
order by at, kind collate "C", ref collate "C" limit $5
"""
_LATEST = f"""
select at, kind, ref, data::text as data from ({" union all ".join(_BRANCHES)}) as happened (at, kind, ref, data)
where $2::timestamptz is null or (at, kind collate "C", ref collate "C") < ($2, $3, $4)
order by at desc, kind collate "C" desc, ref collate "C" desc limit $5
"""
_KNOWN = "select true from debtor where debtor_ref = $1"


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing; `kind` says what, `ref` which."""

    at: datetime
    kind: str
    ref: str
    data: dict[str, Any]


Place = tuple[datetime, str, str]
"""Where a page ended: instant, kind, ref."""

BEGINNING: Place = (datetime.min.replace(tzinfo=UTC), "", "")


async def known(connection: Any, debtor_ref: str) -> bool:
    """Whether we ever heard of a debtor."""
    return bool(await connection.fetchval(_KNOWN, debtor_ref))


async def page(connection: Any, debtor_ref: str, *, after: Place, limit: int) -> list[Happened]:
    """Up to `limit` things that come after a place."""
    rows = await connection.fetch(_PAGE, debtor_ref, *after, limit)
    return [Happened(row["at"], row["kind"], row["ref"], json.loads(row["data"])) for row in rows]


async def latest(connection: Any, debtor_ref: str, *, before: Place | None, limit: int) -> list[Happened]:
    """Up to `limit` things that come before a place, the last first; None: from the end."""
    rows = await connection.fetch(_LATEST, debtor_ref, *(before or (None, "", "")), limit)
    return [Happened(row["at"], row["kind"], row["ref"], json.loads(row["data"])) for row in rows]
