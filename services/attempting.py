"""Makes an attempt of a message that may go now: renders it, checks what the law wants said, prepares the hand-over.

Nothing is written and nobody is called here; the claim commits what this makes before the provider hears of it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import structlog

from campaigns.forecast import Asker
from campaigns.person import Person
from campaigns.policy import ContactPolicy
from campaigns.question import Speaker
from campaigns.required_content import ContentNeed, Speech, required_content
from channels.provider import Handover
from schemas.enums import Channel
from schemas.message import RenderedMessage
from schemas.outcome_words import SuppressedReason
from services import tokens
from services.agency import About
from services.calls.scripts import opened_call
from services.consider import Deliver, Suppress, installment_of
from services.content import first_missing
from services.ids import uuid7
from services.intake import open_personal
from services.running import CampaignVersion, RunningCampaigns
from services.store.attempts import AttemptRow
from services.store.calls import CallRow
from services.store.links import LinkRow
from services.store.messages import MessageRow
from services.vault import Vault
from services.ways import Way
from services.words import Rendered, Words, content_hash
from templates.problems import RenderProblem
from templates.template import Template

log = structlog.get_logger(__name__)

STATUS = "status"


@dataclass(frozen=True, slots=True)
class Sending:
    """An attempt that is committed and may now be handed over, once."""

    attempt_id: UUID
    message_id: UUID
    way: Way
    handover: Handover


@dataclass(frozen=True, slots=True)
class Made:
    """An attempt to write, and what to hand over once it is committed."""

    attempt: AttemptRow
    sending: Sending
    call: CallRow | None = None
    link: LinkRow | None = None


class Attempting:
    """Everything an attempt needs that does not change from message to message."""

    def __init__(
        self,
        *,
        policy: ContactPolicy,
        speakers: Mapping[str, Speaker],
        running: RunningCampaigns,
        words: Words,
        vault: Vault,
    ) -> None:
        self._policy = policy
        self._speakers = speakers
        self._running = running
        self._words = words
        self._vault = vault
        self._needs = lru_cache(maxsize=1024)(self._required)

    def make(self, row: MessageRow, person: Person, deliver: Deliver, way: Way, now: datetime) -> Made | Suppress:
        """The attempt, or why the words can't be sent."""
        version = self._running.version(row.version_id)
        definition = version.definition
        speaker, loan = self._speakers[definition.creditor], person.loans[row.loan_ref]
        asker = Asker(self._policy, person, loan, speaker, definition.purpose, now)
        personal = open_personal(self._vault, person)
        try:
            rendered = self._render(row, version, asker, personal, deliver)
        except RenderProblem as problem:
            log.error("template_failed", message_id=str(row.id), problem=str(problem))
            return Suppress(SuppressedReason.POLICY, f"template:{deliver.content.template}")
        need = self._missing(asker, deliver, rendered, row)
        if need is not None:
            log.error("content_missing", message_id=str(row.id), rule=need.reason.rule)
            return Suppress(SuppressedReason.POLICY, need.reason.rule)
        attempt = _attempt(row, deliver, way, rendered, now)
        address = personal["points"][deliver.contact_point_ref]
        call = None
        if deliver.channel is Channel.VOICE:
            call = opened_call(self._vault, person, attempt, rendered.content)
        sending = self._sending(attempt, way, rendered.content, address, now)
        return Made(attempt, sending, call, self._link(attempt, rendered, now))

    def _link(self, attempt: AttemptRow, rendered: Rendered, now: datetime) -> LinkRow | None:
        """Lives from now on, even where the template prints it only for some."""
        if rendered.link is None:
            return None
        expires_at = now + self._words.link_lives
        return LinkRow(rendered.link, attempt.message_id, attempt.debtor_ref, attempt.number, expires_at)

    def _render(
        self, row: MessageRow, version: CampaignVersion, asker: Asker, personal: Mapping[str, Any], deliver: Deliver
    ) -> Rendered:
        return self._words.render(
            deliver=deliver,
            version=version,
            person=asker.person,
            personal=personal,
            loan=asker.loan,
            installment=installment_of(row, asker.loan),
            message_id=row.id,
            now=asker.now,
            today=asker.now.astimezone(asker.zone).date(),
            number=row.attempts + 1,
        )

    def _missing(self, asker: Asker, deliver: Deliver, rendered: Rendered, row: MessageRow) -> ContentNeed | None:
        """What the law wants said and the words do not say; a person not contacted lately counts as first contact."""
        speaker = asker.speaker
        first_contact = not asker.person.history
        speech = Speech(deliver.channel, asker.purpose, speaker.type, speaker.collector, first_contact)
        needs = self._needs(asker.jurisdictions, speech)
        if not needs:
            return None
        about = About(asker.loan, installment_of(row, asker.loan), asker.now.astimezone(asker.zone).date())
        return first_missing(needs, rendered.content, self._words.creditors[speaker.ref], about)

    def _required(self, jurisdictions: tuple[str, ...], speech: Speech) -> tuple[ContentNeed, ...]:
        return required_content(self._policy.law, jurisdictions, speech)

    def _sending(self, attempt: AttemptRow, way: Way, content: RenderedMessage, address: str, now: datetime) -> Sending:
        url = callback_url(self._words.public_url, self._words.secret, STATUS, attempt.id)
        handover = Handover(attempt.id, address, way.sender, content, attempt.valid_until - now, url)
        handover = self._words.with_exits(handover, attempt.message_id, attempt.campaign)
        return Sending(attempt.id, attempt.message_id, way, handover)


def _attempt(row: MessageRow, deliver: Deliver, way: Way, rendered: Rendered, now: datetime) -> AttemptRow:
    attempt_id = uuid7()
    return AttemptRow(
        id=attempt_id,
        message_id=row.id,
        debtor_ref=row.debtor_ref,
        loan_ref=row.loan_ref,
        campaign=row.campaign,
        number=row.attempts + 1,
        channel=deliver.channel.value,
        contact_point_ref=deliver.contact_point_ref,
        provider=way.provider.id,
        sender=way.sender,
        state="sending",
        superseded=False,
        provider_ref=None,
        template=_record(rendered.template, rendered.variant),
        content_hash=content_hash(attempt_id.bytes, rendered.content),
        parts=rendered.content.parts,
        handed_at=now,
        valid_until=deliver.valid_until,
    )


def _record(template: Template, variant: str | None) -> str:
    """What an attempt keeps of its words."""
    return _record_of(template.name, template.language, template.hash, variant)


@lru_cache(maxsize=1024)
def _record_of(name: str, language: str, digest: str, variant: str | None) -> str:
    return json.dumps({"name": name, "language": language, "hash": digest, "variant": variant})


def callback_url(public_url: str, secret: bytes, kind: str, attempt_id: UUID) -> str:
    """The address at which a provider tells us about an attempt."""
    token = tokens.sign(secret, kind, str(attempt_id))
    return f"{public_url}/callbacks/twilio/{kind}/{attempt_id}?k={token}"
