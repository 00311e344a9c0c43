"""The shape of a jurisdiction pack: contact law of one place, and the lender's own narrower rules, as data."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from campaigns.facts import Inquiry, Recipient
from schemas.enums import Channel, Collector, CreditorType, Purpose

PackId = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?(-[A-Z0-9]{1,3})?$")]
RuleId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Year = Annotated[str, Field(pattern=r"^20[0-9]{2}$")]
AreaCode = Annotated[str, Field(pattern=r"^[0-9]{1,7}$")]
DayOfYear = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _weekdays(word: str) -> str:
    weekdays_of(word)
    return word


def _span(text: str) -> str:
    seconds_of(text)
    return text


def weekdays_of(word: str) -> range:
    """`mon` or `mon-fri` as weekday numbers, Monday 0; ValueError for anything else."""
    first, _, last = word.partition("-")
    if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
        raise ValueError(f"{word!r} is not a weekday or a range of weekdays such as mon-fri")
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    if end < start:
        raise ValueError(f"{word!r} runs backwards; write two entries")
    return range(start, end + 1)


def seconds_of(text: str) -> tuple[int, int]:
    """`07:00-19:00` as seconds after midnight, start inclusive, end exclusive; `24:00` ends a day."""
    start, separator, end = text.partition("-")
    span = (_clock_seconds(start), _clock_seconds(end)) if separator else (0, 0)
    if span[0] >= span[1]:
        raise ValueError(f"{text!r} is not a span of a day such as 07:00-19:00")
    return span


def _clock_seconds(text: str) -> int:
    hours, _, minutes = text.partition(":")
    if len(hours) == len(minutes) == 2 and hours.isdigit() and minutes.isdigit():
        seconds = int(hours) * 3600 + int(minutes) * 60
        if int(minutes) < 60 and seconds <= 86_400:
            return seconds
    raise ValueError(f"{text!r} is not a time of day such as 07:00")


_DAY_WORD = f"({'|'.join(WEEKDAYS)})"
Weekdays = Annotated[str, Field(pattern=f"^{_DAY_WORD}(-{_DAY_WORD})?$"), AfterValidator(_weekdays)]
DaySpan = Annotated[str, Field(pattern=r"^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$"), AfterValidator(_span)]


class PackStatus(StrEnum):
    """Whether counsel of the place has signed the pack."""

    DRAFT = "draft"
    COUNSEL_APPROVED = "counsel_approved"


class Layer(StrEnum):
    """Whose rule it is: the law's, the lender's own, or a messaging platform's."""

    LAW = "law"
    POLICY = "policy"
    PLATFORM = "platform"


class Within(StrEnum):
    """The spans of time that a cap counts in; the week and 168 hours are each counted on their own."""

    LOCAL_DAY = "local_day"
    ISO_WEEK = "iso_week"
    ROLLING_168H = "rolling_168h"


class PackPart(BaseModel):
    """Common strictness: unknown keys are faults, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(PackPart):
    """One rule: who said it and whom it binds; an empty list binds everyone."""

    rule: RuleId
    basis: Layer
    source: str
    creditor_types: tuple[CreditorType, ...] = ()
    collectors: tuple[Collector, ...] = ()
    channels: tuple[Channel, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    effective_from: date | None = None
    effective_until: date | None = None


class Hours(Rule):
    """Permitted local hours; a weekday that is not named is closed."""

    open: dict[Weekdays, tuple[DaySpan, ...]]


class Closure(Rule):
    """Closed local dates: the calendar's holidays, or days named by month and day or by Easter.

    `every_part`: the holidays of every part of the country, while it is not known in which the debtor lives.
    """

    holidays: bool = False
    every_part: bool = False
    yearly: tuple[DayOfYear, ...] = ()
    from_easter: tuple[int, ...] = ()
    on: tuple[date, ...] = ()


class Cap(Rule):
    """At most `max` attempts in each of the spans; `channels` are bound and, by `counts`, counted."""

    max: Annotated[int, Field(ge=1)]
    within: Annotated[tuple[Within, ...], Field(min_length=1)]
    counts: Literal["same_channels", "other_channels"] = "same_channels"
    per: Literal["person", "loan"] = "person"


class Spacing(Rule):
    """Full local calendar days that must lie after an attempt, or a conversation, on the rule's channels."""

    full_days_between: Annotated[int, Field(ge=1)]
    after: Literal["attempt", "conversation"] = "attempt"
    per: Literal["person", "loan"] = "person"


class Exemption(Rule):
    """Caps and spacings of this pack that do not hold back an answer to what the debtor asked for."""

    answers: Annotated[tuple[Inquiry, ...], Field(min_length=1)]
    lifts: Annotated[tuple[RuleId, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _has_no_dates(self) -> "Exemption":
        if self.effective_from is not None or self.effective_until is not None:
            raise ValueError("an exception has no dates: add it to the pack on the day it holds from")
        return self


class Recipients(Rule):
    """Who may be contacted about a debt; whoever is not named may not."""

    allowed: Annotated[tuple[Recipient, ...], Field(min_length=1)]


class Register(Rule):
    """A public register of people who want no such contact, by the names under which flags call it."""

    names: Annotated[tuple[str, ...], Field(min_length=1)]


class Requirement(Rule):
    """A granted consent for the channel and purpose is demanded."""


class Disabled(Rule):
    """A channel that may not be used at all, or only once the lender's use of it is approved."""

    unless: Literal["whatsapp_approved"] | None = None


class Guard(Rule):
    """Seconds before the end of the hours in which nothing more is handed over."""

    seconds: Annotated[int, Field(ge=1, le=7_200)]


class Kept(StrEnum):
    """What is kept for a time of its own: evidence of contacts, providers' raw callbacks, the words of replies."""

    EVIDENCE = "evidence"
    RAW_CALLBACKS = "raw_callbacks"
    REPLY_TEXTS = "reply_texts"


class Retention(Rule):
    """For how many days something is kept: never less than `at_least`, and no more than `at_most` without need."""

    keeps: Annotated[tuple[Kept, ...], Field(min_length=1)]
    at_least: Annotated[int, Field(ge=1, le=36_500)] | None = None
    at_most: Annotated[int, Field(ge=1, le=36_500)] | None = None


class Content(Rule):
    """What a message must carry, by the name of the item, in a first contact or in every message."""

    when: Literal["first_contact", "every_message"]
    needs: Annotated[tuple[RuleId, ...], Field(min_length=1)]
    link_satisfies: tuple[Channel, ...] = ()


class Source(PackPart):
    """Where a rule is written and how it was read: text, secondary source, general knowledge or policy."""

    cite: str
    evidence: Literal["T", "S", "GK", "P"]
    url: str | None = None
    note: str | None = None


class Calendar(PackPart):
    """Public holidays of the `holidays` library, corrected; `golden` lists the dates a self-test expects."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    language: str
    categories: tuple[str, ...] = ("public",)
    subdivisions: bool = False
    extra: tuple[date, ...] = ()
    remove: tuple[date, ...] = ()
    golden: dict[Year, tuple[DayOfYear, ...]] = {}


class AreaCodes(PackPart):
    """Leading digits of national numbers, and every zone in which their holders may live."""

    codes: Annotated[tuple[AreaCode, ...], Field(min_length=1)]
    zones: Annotated[tuple[str, ...], Field(min_length=1)]


class Numbers(PackPart):
    """A country's telephone numbers; one whose area is not listed may be anywhere in the country."""

    calling_codes: Annotated[tuple[AreaCode, ...], Field(min_length=1)]
    areas: tuple[AreaCodes, ...] = ()


class PackFile(PackPart):
    """One pack as it stands in its file, before its parent's rules are added."""

    pack: PackId
    inherits: PackId | None = None
    title: str
    version: Annotated[str, Field(pattern=r"^[0-9]{4}\.[0-9]{1,2}\.[0-9]+$")]
    status: PackStatus
    approved_by: str | None = None
    review_by: date
    first_year: Annotated[int, Field(ge=2020, le=2090)]
    last_year: Annotated[int, Field(ge=2020, le=2090)]
    zones: Annotated[tuple[str, ...], Field(min_length=1)]
    regions: dict[PackId, tuple[str, ...]] = {}
    numbers: Numbers | None = None
    calendar: Calendar | None = None
    replaces: tuple[RuleId, ...] = ()
    hours: tuple[Hours, ...] = ()
    closures: tuple[Closure, ...] = ()
    caps: tuple[Cap, ...] = ()
    spacings: tuple[Spacing, ...] = ()
    exceptions: tuple[Exemption, ...] = ()
    consents: tuple[Requirement, ...] = ()
    disabled: tuple[Disabled, ...] = ()
    guards: tuple[Guard, ...] = ()
    content: tuple[Content, ...] = ()
    retention: tuple[Retention, ...] = ()
    recipients: tuple[Recipients, ...] = ()
    registers: tuple[Register, ...] = ()
    sources: dict[RuleId, Source]
