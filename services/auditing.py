"""Who changed what: every change that a person or a key makes leaves a row, in the transaction of the change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.ids import uuid7
from services.redaction import redacted
from services.store import audit
from services.store.audit import AuditRow

_LONGEST = 200
Detail = str | int | bool | None | Sequence[str]


class Action(StrEnum):
    """What was done."""

    CAMPAIGN_SUBMITTED = "campaign.submitted"
    CAMPAIGN_APPROVED = "campaign.approved"
    CAMPAIGN_REJECTED = "campaign.rejected"
    CAMPAIGN_PAUSED = "campaign.paused"
    CAMPAIGN_RESUMED = "campaign.resumed"
    CAMPAIGN_RETIRED = "campaign.retired"
    CAMPAIGN_SUPERSEDED = "campaign.superseded"
    STOP_MADE = "stop.made"
    STOP_LIFTED = "stop.lifted"
    CLOSURE_MADE = "closure.made"
    CLOSURE_LIFTED = "closure.lifted"
    KEY_MADE = "key.made"
    KEY_REVOKED = "key.revoked"
    USER_MADE = "user.made"
    USER_CHANGED = "user.changed"
    USER_DISABLED = "user.disabled"
    HOLD_MADE = "hold.made"
    HOLD_RELEASED = "hold.released"
    SUPPRESSION_MADE = "suppression.made"
    SUPPRESSION_LIFTED = "suppression.lifted"
    CONSENT_RECORDED = "consent.recorded"
    DEBTOR_ERASED = "debtor.erased"
    EVIDENCE_EXPORTED = "evidence.exported"
    LETTERS_REPLAYED = "dead_letters.replayed"
    RETENTION_APPLIED = "retention.applied"
    TASK_CLOSED = "task.closed"
    PORTFOLIO_IMPORTED = "portfolio.imported"
    LOGIN = "console.login"
    LOGIN_FAILED = "console.login_failed"
    LOGOUT = "console.logout"
    UNMASKED = "personal_data.unmasked"
    LIST_EXPORTED = "list.exported"
    ATTEMPT_DECIDED = "attempt.decided"


async def record(
    connection: Any,
    *,
    actor: str,
    action: Action,
    subject: str,
    details: Mapping[str, Detail] | None = None,
    now: datetime,
) -> None:
    """Write down who did what to which subject, in the caller's transaction.

    `actor` is `api:<key>`, `cli:<user>`, `console:<user>` or the name a review goes by; `subject` a reference
    (`debtor/D-1`, `stop/<id>`). Details are references, words and counts: whatever looks like a number or a
    mailbox is masked, and free text of people stays out.
    """
    told = {name: _plain(value) for name, value in (details or {}).items()}
    await audit.add(
        connection, AuditRow(uuid7(), now, actor.strip()[:_LONGEST] or "?", action.value, subject[:_LONGEST], told)
    )


def _plain(value: Detail) -> Any:
    if isinstance(value, str):
        return redacted(value)[:_LONGEST]
    if value is None or isinstance(value, bool | int):
        return value
    return [redacted(each)[:_LONGEST] for each in value]
