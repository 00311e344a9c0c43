"""Makes an attempt of a message that may go now: renders it, checks what the law wants said, prepares the hand-over.

Nothing is written and nobody is called here; the claim commits what this makes before the provider hears of it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import structlog

from campaigns.forecast import Asker
from campaigns.policy import ContactPolicy
from campaigns.required_content import ContentNeed, Speech, required_content
from channels.provider import Handover
from schemas.enums import Channel
from schemas.outcome_words import SuppressedReason
from schemas.values import value
from services import tokens
from services.agency import About
from services.calls.scripts import opened_call
from services.consider import Consideration, Deliver, Suppress, installment_of
from services.content import first_missing
from services.ids import uuid7
from services.intake import open_personal
from services.running import CampaignVersion
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


@value
class Sending:
    """An attempt that is committed and may now be handed over, once."""

    attempt_id: UUID
    message_id: UUID
    way: Way
    handover: Handover


@value
class Made:
    """An attempt to write, and what to hand over once it is committed."""

    attempt: AttemptRow
    sending: Sending
    call: CallRow | None = None
    link: LinkRow | None = None


@dataclass(slots=True)
class Draft:
    """A message that may go now, on its way to an attempt; what is not given at first is filled in by the steps."""

    row: MessageRow
    deliver: Deliver
    version: CampaignVersion
    asker: Asker
    today: date
    personal: Mapping[str, Any]
    rendered: Rendered = field(init=False)
    attempt_id: UUID = field(init=False)
    content_hash: bytes = field(init=False)
    callback_url: str = field(init=False)


class Attempting:
    """The steps from a message that may go to its attempt: begin, word, check, name, make.

    Everything an attempt needs that does not change from message to message is held here.
    """

    def __init__(
        self,
        *,
        policy: ContactPolicy,
        words: Words,
        vault: Vault,
    ) -> None:
        self._policy = policy
        self._words = words
        self._vault = vault
        self._needs = lru_cache(maxsize=1024)(self._required)

    def begin(self, about: Consideration, deliver: Deliver) -> Draft:
        """A message that may go now, with the person's data opened."""
        row, person, asker = about.message, about.person, about.asker
        if asker is None:
            definition = about.version.definition
            speaker, loan = about.speakers[definition.creditor], person.loans[row.loan_ref]
            asker = Asker(self._policy, person, loan, speaker, definition.purpose, about.now)
        return Draft(row, deliver, about.version, asker, asker.today, open_personal(self._vault, person))

    def word(self, draft: Draft) -> Suppress | None:
        """Put it into words; gives why they can't be sent, where a value that the template prints is missing."""
        row, asker, deliver = draft.row, draft.asker, draft.deliver
        try:
            draft.rendered = self._words.render(
                deliver=deliver,
                version=draft.version,
                person=asker.person,
                personal=draft.personal,
                loan=asker.loan,
                installment=installment_of(row, asker.loan),
                message_id=row.id,
                now=asker.now,
                today=draft.today,
                number=row.attempts + 1,
            )
        except RenderProblem as problem:
            log.error("template_failed", message_id=str(row.id), problem=str(problem))
            return Suppress(SuppressedReason.POLICY, f"template:{deliver.content.template}")
        return None

    def check(self, draft: Draft) -> Suppress | None:
        """Why the words can't be sent, where they lack what the law wants said."""
        need = self._missing(draft)
        if need is None:
            return None
        log.error("content_missing", message_id=str(draft.row.id), rule=need.reason.rule)
        return Suppress(SuppressedReason.POLICY, need.reason.rule)

    def name(self, draft: Draft) -> None:
        """Give the attempt its id, and what follows from it."""
        draft.attempt_id = attempt_id = uuid7()
        draft.content_hash = content_hash(attempt_id.bytes, draft.rendered.content)
        draft.callback_url = callback_url(self._words.public_url, self._words.secret, STATUS, attempt_id)

    def make(self, draft: Draft, way: Way, now: datetime) -> Made:
        """The attempt by a way out."""
        attempt, content = _attempt(draft, way, now), draft.rendered.content
        call = None
        if draft.deliver.channel is Channel.VOICE:
            call = opened_call(self._vault, draft.asker.person, attempt, content)
        sending = self._sending(draft, attempt, way, now)
        return Made(attempt, sending, call, self._link(attempt, draft.rendered, now))

    def _link(self, attempt: AttemptRow, rendered: Rendered, now: datetime) -> LinkRow | None:
        """Lives from now on, even where the template prints it only for some."""
        if rendered.link is None:
            return None
        expires_at = now + self._words.link_lives
        return LinkRow(rendered.link, attempt.message_id, attempt.debtor_ref, attempt.number, expires_at)

    def _missing(self, draft: Draft) -> ContentNeed | None:
        """What the law wants said and the words do not say; a person not contacted lately counts as first contact."""
        asker, rendered = draft.asker, draft.rendered
        speaker = asker.speaker
        first_contact = not asker.person.history
        speech = Speech(draft.deliver.channel, asker.purpose, speaker.type, speaker.collector, first_contact)
        needs = self._needs(asker.jurisdictions, speech)
        if not needs:
            return None
        about = About(asker.loan, installment_of(draft.row, asker.loan), draft.today)
        return first_missing(needs, rendered.content, self._words.creditors[speaker.ref], about)

    def _required(self, jurisdictions: tuple[str, ...], speech: Speech) -> tuple[ContentNeed, ...]:
        return required_content(self._policy.law, jurisdictions, speech)

    def _sending(self, draft: Draft, attempt: AttemptRow, way: Way, now: datetime) -> Sending:
        address, content = draft.personal["points"][draft.deliver.contact_point_ref], draft.rendered.content
        handover = Handover(attempt.id, address, way.sender, content, attempt.valid_until - now, draft.callback_url)
        handover = self._words.with_exits(handover, attempt.message_id, attempt.campaign)
        return Sending(attempt.id, attempt.message_id, way, handover)


def _attempt(draft: Draft, way: Way, now: datetime) -> AttemptRow:
    row, deliver, rendered = draft.row, draft.deliver, draft.rendered
    return AttemptRow(
        id=draft.attempt_id,
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
        content_hash=draft.content_hash,
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
    ref = str(attempt_id)
    return f"{public_url}/callbacks/twilio/{kind}/{ref}?k={tokens.sign(secret, kind, ref)}"
