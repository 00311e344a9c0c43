"""What became of everybody a campaign is for, one row a person: by assignment, whoever was reached or held out."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from schemas.money import NO_CURRENCY

_AT_ONCE = 2_000
_PEOPLE = """
with mine as materialized (
    select m.id, m.debtor_ref, m.loan_ref, m.step, m.earliest, m.version_id, m.reason = 'holdout' as held
    from message m where m.campaign = $1 and m.earliest >= $2 and m.earliest < $3
),
people as materialized (
    select debtor_ref, min(earliest) as since, array_agg(distinct step) as steps, array_agg(distinct loan_ref) as loans,
        (array_agg(version_id order by earliest, id))[1] as version_id,
        coalesce((array_agg(held order by earliest, id))[1], false) as held
    from mine group by debtor_ref
),
tries as (
    select m.debtor_ref, count(*) as messages, bool_or(a.state in ('delivered', 'read')) as delivered,
        bool_or(a.state = 'read') as read, coalesce(sum(a.parts) filter (where a.channel = 'sms'), 0) as sms,
        count(*) filter (where a.channel = 'whatsapp') as whatsapp,
        count(*) filter (where a.channel = 'email') as email, count(*) filter (where a.channel = 'voice') as voice
    from mine m join attempt a on a.message_id = m.id
    where a.state not in ('sending', 'rejected', 'not_sent') group by m.debtor_ref
),
clicks as (
    select distinct m.debtor_ref from mine m join click c on c.message_id = m.id where c.kind = 'person'
),
replies as (
    select distinct p.debtor_ref from people p join reply r on r.debtor_ref = p.debtor_ref
    where r.at >= p.since and r.at < p.since + $4
),
promises as (
    select distinct p.debtor_ref from people p join promise o on o.loan_ref = any (p.loans)
    where o.at >= p.since and o.at < p.since + $4
),
payments as (
    select debtor_ref, jsonb_object_agg(coalesce(currency, $5), amount::text) as recovered
    from (
        select p.debtor_ref, y.currency, sum(coalesce(y.amount, 0)) as amount
        from people p join payment y on y.loan_ref = any (p.loans)
        where y.reversed_at is null and y.at >= p.since and y.at < p.since + $4
        group by p.debtor_ref, y.currency
    ) as paid group by debtor_ref
)
select p.debtor_ref, p.since, p.steps, p.version_id, v.version, p.held,
    coalesce(t.messages, 0) as messages, coalesce(t.delivered, false) as delivered, coalesce(t.read, false) as read,
    coalesce(t.sms, 0) as sms, coalesce(t.whatsapp, 0) as whatsapp, coalesce(t.email, 0) as email,
    coalesce(t.voice, 0) as voice, c.debtor_ref is not null as clicked, r.debtor_ref is not null as replied,
    o.debtor_ref is not null as promised, y.recovered
from people p join campaign_version v on v.id = p.version_id
    left join tries t using (debtor_ref) left join clicks c using (debtor_ref)
    left join replies r using (debtor_ref) left join promises o using (debtor_ref)
    left join payments y using (debtor_ref)
"""
_VERSIONS = """
select v.id from campaign_version v
where v.campaign = $1 and (v.activated_at is not null or exists (select from message m where m.version_id = v.id))
"""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person by their first message in the period; `units` counts what the channels charge for."""

    debtor_ref: str
    since: datetime
    steps: tuple[str, ...]
    version_id: int
    version: int
    held: bool
    messages: int
    delivered: bool
    read: bool
    clicked: bool
    replied: bool
    promised: bool
    recovered: Mapping[str, Decimal]
    units: Mapping[str, int]


async def versions(connection: Any, campaign: str) -> list[int]:
    """The ids of the versions that ever ran."""
    return [row["id"] for row in await connection.fetch(_VERSIONS, campaign)]


async def people(
    connection: Any, campaign: str, *, since: datetime, until: datetime, within: timedelta
) -> AsyncIterator[PersonRow]:
    """Everybody whose messages were wanted in the period, held out or not; needs an open transaction."""
    async for row in connection.cursor(_PEOPLE, campaign, since, until, within, NO_CURRENCY, prefetch=_AT_ONCE):
        yield PersonRow(
            debtor_ref=row["debtor_ref"],
            since=row["since"],
            steps=tuple(row["steps"]),
            version_id=row["version_id"],
            version=row["version"],
            held=row["held"],
            messages=row["messages"],
            delivered=row["delivered"],
            read=row["read"],
            clicked=row["clicked"],
            replied=row["replied"],
            promised=row["promised"],
            recovered=_amounts(row["recovered"]),
            units={name: row[name] for name in ("sms", "whatsapp", "email", "voice")},
        )


def _amounts(told: str | None) -> Mapping[str, Decimal]:
    found: dict[str, str] = json.loads(told) if told else {}
    return {currency: Decimal(amount) for currency, amount in found.items()}
