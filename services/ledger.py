"""Messages and debtors as people ask about them: read from the ledger, told without personal data."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from campaigns.enrolment import NO_INSTALLMENT
from schemas.api import (
    AttemptAnswer,
    DecisionAnswer,
    ExplanationAnswer,
    MessageAnswer,
    ReasonAnswer,
    TimelineEntry,
    TimelinePage,
)
from services.explanation_words import Language
from services.explanations import Explainer, zone_of
from services.store import attempts, decisions, messages, timeline
from services.store.attempts import AttemptRow
from services.store.decisions import KeptDecision
from services.store.messages import MessageRow
from services.store.timeline import Place


async def message(connection: Any, message_id: UUID) -> MessageAnswer | None:
    """A message with its attempts, None where there is none."""
    row = (await messages.by_id(connection, [message_id])).get(message_id)
    return None if row is None else _message(row, await attempts.of_message(connection, message_id))


async def explanation(connection: Any, message_id: UUID, language: Language) -> ExplanationAnswer | None:
    """Why a message was, or was not, sent; None where there is none."""
    row = (await messages.by_id(connection, [message_id])).get(message_id)
    if row is None:
        return None
    tried = await attempts.of_message(connection, message_id)
    decided = await decisions.of_message(connection, message_id)
    told = Explainer(language, zone_of(decided)).explain(row, tried, decided)
    return ExplanationAnswer(
        message_ref=row.id,
        debtor_ref=row.debtor_ref,
        language=language.value,
        state=row.state,
        outcome=row.outcome,
        summary=told.summary,
        sentences=tuple(told.sentences),
        next_permitted_at=told.next_permitted_at,
        decisions=tuple(_decision(*each) for each in zip(decided, told.decisions, told.reasons, strict=True)),
    )


async def page(connection: Any, debtor_ref: str, *, after: Place, limit: int) -> tuple[TimelinePage, Place | None]:
    """What happened to a debtor after a place, and the place of the next page, where there is one."""
    rows = await timeline.page(connection, debtor_ref, after=after, limit=limit + 1)
    items = tuple(TimelineEntry(at=row.at, kind=row.kind, ref=row.ref, data=row.data) for row in rows[:limit])
    last = rows[limit - 1] if len(rows) > limit else None
    return TimelinePage(debtor_ref=debtor_ref, items=items), (last.at, last.kind, last.ref) if last else None


def _message(row: MessageRow, tried: list[AttemptRow]) -> MessageAnswer:
    return MessageAnswer(
        message_ref=row.id,
        debtor_ref=row.debtor_ref,
        loan_ref=row.loan_ref,
        installment_number=None if row.installment_number == NO_INSTALLMENT else row.installment_number,
        campaign=row.campaign,
        step=row.step,
        purpose=row.purpose,
        channel=row.channel,
        state=row.state,
        outcome=row.outcome,
        reason=row.reason,
        rule=row.rule,
        earliest=row.earliest,
        due_at=row.due_at,
        expires_at=row.expires_at,
        trigger_event_id=row.trigger_id,
        attempts=tuple(map(_attempt, tried)),
    )


def _attempt(row: AttemptRow) -> AttemptAnswer:
    return AttemptAnswer(
        attempt_ref=row.id,
        number=row.number,
        channel=row.channel,
        contact_point_ref=row.contact_point_ref,
        provider=row.provider,
        state=row.state,
        provider_message_ref=row.provider_ref,
        parts=row.parts,
        template=json.loads(row.template),
        handed_at=row.handed_at,
        valid_until=row.valid_until,
        settled_at=row.settled_at,
        failure=row.failure,
        code=row.code,
    )


def _decision(kept: KeptDecision, sentence: str, reasons: Sequence[str]) -> DecisionAnswer:
    versions = {name: value for name, value in kept.packs.items() if name not in ("pack", "version")}
    return DecisionAnswer(
        at=kept.at,
        channel=kept.channel,
        verdict=kept.verdict,
        not_before=kept.not_before,
        not_after=kept.not_after,
        reasons=tuple(
            ReasonAnswer(rule=each["rule"], basis=each["basis"], source=each["source"], sentence=text)
            for each, text in zip(kept.reasons, reasons, strict=True)
        ),
        pack=kept.packs.get("pack"),
        pack_version=kept.packs.get("version"),
        versions=versions,
        inputs=dict(kept.inputs),
        sentence=sentence,
    )
