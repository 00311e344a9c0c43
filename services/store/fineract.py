"""What of a Fineract's loans and clients is not known yet, or was last heard long ago."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

_UNKNOWN_LOANS = """
select w.loan_ref from unnest($1::text[]) w(loan_ref) left join loan l using (loan_ref) where l.debtor_ref is null
"""
_STRANGERS = """
select distinct debtor_ref from loan join debtor d using (debtor_ref)
where loan_ref = any($1) and debtor_ref ~ '^[0-9]{1,18}$'
  and (d.state = 'awaited' or d.state = 'active' and d.revision is null and d.snapshot_at < $2)
"""
_ORPHANS = """
select loan_ref from loan where debtor_ref is null and loan_ref > $1 and loan_ref ~ '^[0-9]{1,18}$'
order by loan_ref limit $2
"""
_NAMELESS = """
with seen as (select debtor_ref, state from debtor where debtor_ref > $1 order by debtor_ref limit $2)
select (select max(debtor_ref) from seen) as last,
       array(select min(loan_ref) from seen join loan using (debtor_ref)
             where state = 'awaited' and debtor_ref ~ '^[0-9]{1,18}$' and loan_ref ~ '^[0-9]{1,18}$'
             group by debtor_ref) as loans
"""


async def loans_without_debtor(connection: Any, loan_refs: Sequence[str]) -> list[str]:
    """Which of some loans nobody said the debtor of."""
    return [row[0] for row in await connection.fetch(_UNKNOWN_LOANS, list(loan_refs))]


async def clients_to_ask(connection: Any, loan_refs: Sequence[str], heard_before: datetime) -> list[str]:
    """Debtors of some loans of whom nothing is known, or nothing new since an instant.

    Whoever a directory with revisions speaks of is left to it.
    """
    return [row[0] for row in await connection.fetch(_STRANGERS, list(loan_refs), heard_before)]


async def orphans(connection: Any, *, after: str, limit: int) -> list[str]:
    """Loans without a debtor, by their refs."""
    return [row[0] for row in await connection.fetch(_ORPHANS, after, limit)]


async def nameless(connection: Any, *, after: str, window: int) -> tuple[str, list[str]]:
    """Of some debtors by their refs: the last one looked at (empty at the end), and a loan of each one unheard of."""
    row = await connection.fetchrow(_NAMELESS, after, window)
    return row["last"] or "", list(row["loans"])
