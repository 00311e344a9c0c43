"""Renders the words of a message from its version's stored templates and the person's opened data."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from campaigns.person import Installment, Loan, Person
from campaigns.standing import arrears
from channels.provider import Handover
from schemas.enums import Channel
from schemas.message import RenderedMessage
from schemas.money import Money
from schemas.values import value
from services import tokens
from services.agency import About, notice
from services.calls.addresses import start_url
from services.consider import Deliver
from services.creditors import Creditor
from services.link_tokens import link_digest, link_token
from services.mail_tokens import mail_token
from services.running import CampaignVersion
from templates.context import (
    AgencyContext,
    CreditorContext,
    DebtorContext,
    InstallmentContext,
    LoanContext,
    OptOutContext,
    PaymentContext,
    PaymentReference,
    TemplateContext,
)
from templates.placeholders import opt_out_text
from templates.render import render
from templates.template import Template

UNSUBSCRIBE = "unsubscribe"
PAYMENT_LINK = "payment.link"
FEEDBACK_SENDER = "puntual"


@value
class Rendered:
    """The words, the template that they came from, and the hash of the payment link in them, if there is one."""

    content: RenderedMessage
    template: Template
    variant: str | None
    link: bytes | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Everything rendering needs that does not change from message to message."""

    creditors: Mapping[str, Creditor]
    public_url: str
    secret: bytes
    link_lives: timedelta = timedelta(days=30)
    _shown: Mapping[str, CreditorContext] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_shown", {ref: _creditor(each) for ref, each in self.creditors.items()})

    def render(
        self,
        *,
        deliver: Deliver,
        version: CampaignVersion,
        person: Person,
        personal: Mapping[str, Any],
        loan: Loan,
        installment: Installment | None,
        message_id: UUID,
        now: datetime,
        today: Any,
        number: int = 1,
    ) -> Rendered:
        """The message in the debtor's language; raises RenderProblem where a value it prints is missing."""
        definition = version.definition
        language = person.language or definition.language
        template = version.templates.find(deliver.content.template, deliver.channel, language, definition.language)
        assert template is not None
        creditor = self.creditors[definition.creditor]
        address, references = _payment(creditor, installment)
        link = None
        if address is not None and PAYMENT_LINK in template.required:
            address, link = self.payment_link(message_id, number)
        context = TemplateContext(
            debtor=DebtorContext(personal.get("name"), personal.get("first_name"), language),
            creditor=self._shown[definition.creditor],
            loan=partial(loan_context, loan, today),
            installment=installment_context(installment, today),
            payment=PaymentContext(address, references),
            opt_out=OptOutContext(opt_out_text(language, deliver.channel), partial(self.unsubscribe_link, message_id)),
            agency=_agency(creditor, loan, installment, today, template.language),
        )
        return Rendered(render(template, context), template, deliver.content.variant, link)

    def payment_link(self, message_id: UUID, number: int) -> tuple[str, bytes]:
        """The link to the payment page in one attempt's words, and the hash by which it is found again."""
        token = link_token(self.secret, message_id, number)
        return f"{self.public_url}/l/{token}", link_digest(token)

    def unsubscribe_link(self, message_id: UUID) -> str:
        """A link that ends messages by this message's channel; it tells nothing about the debtor."""
        ref = message_id.hex
        return f"{self.public_url}/u/{ref}.{tokens.sign(self.secret, UNSUBSCRIBE, ref)}"

    def with_exits(self, handover: Handover, message_id: UUID, campaign: str) -> Handover:
        """A mail's ways out and back, and where a call asks what to say; other channels have no use for them.

        The campaign is named by a digest: headers are seen by others, and its name may tell what the mail is about.
        """
        if handover.content.channel is Channel.VOICE:
            return replace(handover, answer_url=start_url(self.public_url, self.secret, handover.attempt_id))
        if handover.content.channel is not Channel.EMAIL:
            return handover
        return replace(
            handover,
            unsubscribe_url=self.unsubscribe_link(message_id),
            mail_token=mail_token(self.secret, handover.attempt_id),
            feedback_id=f"{hashlib.sha256(campaign.encode()).hexdigest()[:8]}:{FEEDBACK_SENDER}",
        )


def content_hash(salt: bytes, content: RenderedMessage) -> bytes:
    """A salted commitment to what was handed over; the salt is the attempt's id."""
    return _digest(salt, content.text)


def _creditor(creditor: Creditor) -> CreditorContext:
    return CreditorContext(
        name=creditor.name,
        phone=creditor.phone,
        email=creditor.email,
        complaints=creditor.complaints,
        pay_at=creditor.pay_at,
        address=creditor.address,
        registration=creditor.registration,
    )


def _agency(
    creditor: Creditor, loan: Loan, installment: Installment | None, today: Any, language: str
) -> AgencyContext | None:
    if creditor.agency is None:
        return None
    return AgencyContext(creditor.agency.name, notice(creditor, About(loan, installment, today), language))


def loan_context(loan: Loan, today: Any) -> LoanContext:
    """What templates see of a loan on a local day."""
    owed = arrears(loan, today)
    total, overdue = owed.total_outstanding, owed.overdue_amount
    currency = loan.currency or next((i.amount.currency for i in loan.installments.values()), None)
    return LoanContext(
        ref=loan.loan_ref,
        product=loan.product,
        total_outstanding=Money(total, currency) if total is not None and currency else None,
        overdue_amount=Money(overdue, currency) if currency else None,
        days_past_due=owed.days_past_due,
    )


def installment_context(installment: Installment | None, today: Any) -> InstallmentContext | None:
    """What templates see of an installment on a local day."""
    if installment is None:
        return None
    days = (installment.due_date - today).days
    return InstallmentContext(installment.number, installment.amount, installment.due_date, days)


def _payment(creditor: Creditor, installment: Installment | None) -> tuple[str | None, tuple[PaymentReference, ...]]:
    """Where it can be paid by a link, and the other references."""
    if installment is None or not installment.payment_refs:
        return creditor.pay_at, ()
    refs = installment.payment_refs
    link = next((value for scheme, value in refs if scheme == "link"), creditor.pay_at)
    return link, tuple(PaymentReference(scheme, value) for scheme, value in refs if scheme != "link")


def matches_hash(salt: bytes, digest: bytes) -> Callable[[str], bool]:
    """Whether a text is the one that a commitment was made to, but for white space, which providers may change."""
    return lambda text: _digest(salt, text) == digest


def _digest(salt: bytes, text: str) -> bytes:
    return hashlib.sha256(b"%b\x00%b" % (salt, " ".join(text.split()).encode())).digest()
