"""Promises whose day is over."""

from datetime import date
from typing import Any

_OVER = """
select distinct l.debtor_ref, p.loan_ref from promise p join loan l using (loan_ref)
where p.state = 'made' and p.promised_for <= $1 and l.debtor_ref is not null limit $2
"""


async def over(connection: Any, *, before: date, limit: int) -> list[tuple[str, str]]:
    """(debtor, loan) with promises still open whose day is `before` or earlier."""
    return [(row["debtor_ref"], row["loan_ref"]) for row in await connection.fetch(_OVER, before, limit)]
