"""What a simulated message says: rendered and checked as the service does, or measured by messages that are alike.

Where a template only prints a value, two values of the same length and alphabet make messages of the same parts. So a
message is rendered once for each shape of its values; whatever else a template does with a value is part of the shape.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from campaigns.person import Installment, Loan, Person
from campaigns.policy import ContactPolicy
from campaigns.question import Speaker
from campaigns.required_content import Speech, required_content
from schemas.enums import Channel
from schemas.message import RenderedMessage
from schemas.money import Money
from services.agency import About
from services.consider import Deliver
from services.content import first_missing
from services.running import CampaignVersion
from services.simulation.debtors import Debtor
from services.words import Words, installment_context, loan_context
from templates.email_body import LONGEST_SUBJECT
from templates.execute import LONGEST, reading_language
from templates.locale_filters import FILTERS_FOR_TEMPLATES
from templates.only_printed import Name, Print, Reading, reading_of
from templates.printed import Amount
from templates.problems import RenderProblem
from templates.template import Template

_MOST_SHAPES = 50_000
_MESSAGE_ID = UUID(int=0)
_SHORT, _MOST_DIGITS = 60, 12
_ROOM = {Channel.EMAIL: 40, Channel.WHATSAPP: 200, Channel.VOICE: 800}
_NEUTRAL = "Ø"
_BASIC = r"A-Za-z0-9.,$:/_+\-ÄÖÑÜäöñüàéèùìòÇØøÅåÆæß"
_ACCENTED = "áíóúÁÍÓÚâêîôûÂÊÎÔÛãõÃÕçÀÈÌÒÙëïËÏ"
_PLAIN = re.compile(f"[{_BASIC}{_ACCENTED}]+(?: [{_BASIC}{_ACCENTED}]+)*")
_GSM7 = re.compile(f"[{_BASIC} ]*")
_NAMES = frozenset({("debtor", "name"), ("debtor", "first_name")})
_ROOTS = frozenset({"debtor", "loan", "installment"})


@dataclass(frozen=True, slots=True)
class Occasion:
    """One message that is due and permitted; `local` is the instant by the debtor's clock."""

    deliver: Deliver
    version: CampaignVersion
    loan: Loan
    installment: Installment | None
    local: datetime
    first_contact: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What came of it: words, or why there are none; `missing` is the rule whose demand they do not meet."""

    template: str
    language: str
    parts: int
    problem: str | None = None
    missing: str | None = None
    content: RenderedMessage | None = None


class Speaking:
    """Says what messages say, under the packs and in the words of one deployment."""

    def __init__(self, words: Words, policy: ContactPolicy, speakers: Mapping[str, Speaker]) -> None:
        self.words = words
        self._policy = policy
        self._speakers = speakers
        self._needs = lru_cache(maxsize=1024)(partial(required_content, policy.law))
        self._readings: dict[str, Reading] = {}
        self._said: dict[tuple[Any, ...], Said] = {}

    def said(self, debtor: Debtor, occasion: Occasion) -> Said:
        """The words themselves."""
        return self._rendered(debtor.person, debtor.personal, occasion)

    def measured(self, debtor: Debtor, occasion: Occasion) -> Said:
        """As `said`, without the words, by what messages of the same shape came to."""
        template = _template(debtor.person, occasion)
        shape = self._shape(debtor, occasion, template)
        if shape is None:
            return self._rendered(debtor.person, debtor.personal, occasion)
        found = self._said.get(shape)
        if found is None:
            found = self._rendered(
                debtor.person, _neutral(debtor.personal, self._reading(template), template), occasion
            )
            if found.missing is not None or not _has_room(found.content):
                return self._rendered(debtor.person, debtor.personal, occasion)
            if len(self._said) >= _MOST_SHAPES:
                self._said.clear()
            found = self._said[shape] = replace(found, content=None)
        return found

    def _rendered(self, person: Person, personal: Mapping[str, Any], occasion: Occasion) -> Said:
        template = _template(person, occasion)
        try:
            rendered = self.words.render(
                deliver=occasion.deliver,
                version=occasion.version,
                person=person,
                personal=personal,
                loan=occasion.loan,
                installment=occasion.installment,
                message_id=_MESSAGE_ID,
                now=occasion.local,
                today=occasion.local.date(),
            )
        except RenderProblem as problem:
            return Said(template.name, template.language, 0, problem=str(problem))
        content = rendered.content
        parts = (content.parts or 0) if occasion.deliver.channel is Channel.SMS else 0
        missing = self._missing(person, occasion, content)
        return Said(template.name, content.language, parts, missing=missing, content=content)

    def _missing(self, person: Person, occasion: Occasion, content: RenderedMessage) -> str | None:
        """The rule that wants said what the words do not say, asked as the service asks before it hands over."""
        definition = occasion.version.definition
        speaker = self._speakers[definition.creditor]
        packs = self._policy.jurisdictions(speaker.jurisdiction, person.country, person.region)
        speech = Speech(
            occasion.deliver.channel,
            definition.purpose,
            speaker.type,
            speaker.collector,
            first_contact=occasion.first_contact,
        )
        needs = self._needs(packs, speech)
        about = About(occasion.loan, occasion.installment, occasion.local.date())
        need = first_missing(needs, content, self.words.creditors[definition.creditor], about) if needs else None
        return need.reason.rule if need is not None else None

    def _reading(self, template: Template) -> Reading:
        reading = self._readings.get(template.hash)
        if reading is None:
            reading = self._readings[template.hash] = reading_of(template)
        return reading

    def _shape(self, debtor: Debtor, occasion: Occasion, template: Template) -> tuple[Any, ...] | None:
        """All that the message depends on, None where a value is of a kind that is better rendered."""
        person, definition, installment = debtor.person, occasion.version.definition, occasion.installment
        reading, values = self._reading(template), _Values(debtor, occasion)
        form_of = _form if template.channel is Channel.SMS else _short_form
        language = reading_language(person.language or definition.language, template.language)
        refs = tuple(installment.payment_refs) if installment is not None else None
        speaker = self._speakers[definition.creditor]
        packs = self._policy.jurisdictions(speaker.jurisdiction, person.country, person.region)
        shape: list[object] = [template.hash, definition.creditor, person.language, packs]
        shape += [definition.language, definition.purpose, occasion.first_contact, refs]
        shape += [values.of(name) for name in reading.reads if name[0] in _ROOTS]
        for printed in reading.prints:
            if printed.name[0] in _ROOTS:
                form = form_of(values.of(printed.name), printed, language)
                if form is None:
                    return None
                shape.append(form)
        return tuple(shape)


class _Values:
    """The values of one message, each worked out when it is asked for."""

    def __init__(self, debtor: Debtor, occasion: Occasion) -> None:
        self._debtor = debtor
        self._occasion = occasion

    def of(self, name: Name) -> Any:
        """A value as templates get it, before it is made ready to print."""
        root, field = name
        occasion = self._occasion
        if root == "debtor":
            return self._debtor.person.language if field == "language" else self._debtor.personal.get(field)
        if root == "installment":
            if field == "days_to_due":
                context = installment_context(occasion.installment, occasion.local.date())
                return context.days_to_due if context is not None else None
            return getattr(occasion.installment, field, None)
        if field == "ref":
            return occasion.loan.loan_ref
        return getattr(loan_context(occasion.loan, occasion.local.date()), field)


def _template(person: Person, occasion: Occasion) -> Template:
    definition, deliver = occasion.version.definition, occasion.deliver
    language = person.language or definition.language
    found = occasion.version.templates.find(deliver.content.template, deliver.channel, language, definition.language)
    assert found is not None
    return found


def _form(value: Any, printed: Print, language: str) -> object | None:
    """What matters of a value that is only printed; None for one with signs that are better looked at."""
    if value is None:
        return "absent"
    if isinstance(value, Money):
        if not value.amount.is_finite():
            return None
        amount = Amount(value, language, Channel.SMS)
        text = str(amount) if printed.filter is None else str(FILTERS_FOR_TEMPLATES[printed.filter](amount))
        return (len(text), value.currency, value.amount < 0, value.amount == 0)
    if isinstance(value, str):
        return (len(value), _GSM7.fullmatch(value) is not None) if _PLAIN.fullmatch(value) else None
    return ("value", value)


def _short_form(value: Any, printed: Print, language: str) -> object | None:
    """What matters of a value that is only printed where nobody counts the letters."""
    if value is None:
        return "absent"
    if isinstance(value, Money):
        finite = value.amount.is_finite() and value.amount.adjusted() < _MOST_DIGITS
        return (value.currency, value.amount == 0) if finite else None
    if isinstance(value, str):
        return "text" if len(value) <= _SHORT and _PLAIN.fullmatch(value) else None
    return bool(value == 0)


def _has_room(content: RenderedMessage | None) -> bool:
    """Whether no amount could make the message too long."""
    if content is None or content.channel is Channel.SMS:
        return True
    most = LONGEST[content.channel]
    pieces = ((content.subject, LONGEST_SUBJECT), (content.text, most), (content.html, most))
    return all(text is None or len(text) + _ROOM[content.channel] <= most for text, most in pieces)


def _neutral(personal: Mapping[str, Any], reading: Reading, template: Template) -> Mapping[str, Any]:
    """The debtor's names, where they are only printed, in letters that no demanded word has.

    Where nobody counts letters they are as long as any that are taken for alike.
    """
    length = None if template.channel is Channel.SMS else _SHORT
    names = {printed.name for printed in reading.prints} & _NAMES
    changed = {field: _like(personal[field], length) for _, field in names if isinstance(personal.get(field), str)}
    return {**personal, **changed}


def _like(text: str, length: int | None) -> str:
    """A text of the same alphabet."""
    length = length or len(text)
    return _NEUTRAL * length if _GSM7.fullmatch(text) else "í" + _NEUTRAL * (length - 1)
