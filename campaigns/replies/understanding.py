"""Puts together what the rules found in a reply: one intent, and the stop, hold, promise and task beside it."""

from dataclasses import dataclass, replace
from datetime import date

from campaigns.replies.claims import claims_payment
from campaigns.replies.dates import Calendar
from campaigns.replies.language import detect_language
from campaigns.replies.meaning import HoldReason, Intent, PromisedPart, ReplyMeaning, StopScope, Task
from campaigns.replies.normalise import Reply, normalise
from campaigns.replies.promises import find_promise
from campaigns.replies.rules import (
    asks_arrangement,
    cannot_pay,
    find_hold,
    find_request,
    is_acknowledgement,
    is_wrong_person,
)
from campaigns.replies.stops import find_stop, limits_contact

CERTAIN = 1.0
CLEAR = 0.9
LIKELY = 0.7
UNSURE = 0.3

GRAVE = frozenset({HoldReason.THREAT, HoldReason.DECEASED, HoldReason.MINOR, HoldReason.LAWYER})
TASKS = {
    HoldReason.DECEASED: Task.CALL_BACK,
    HoldReason.THREAT: Task.CALL_BACK,
    HoldReason.MINOR: Task.CALL_BACK,
    HoldReason.HARDSHIP: Task.CALL_BACK,
    HoldReason.LAWYER: Task.COMPLAINT,
    HoldReason.DISPUTE: Task.COMPLAINT,
    HoldReason.UNCLEAR: Task.UNCLEAR_REPLY,
}
CONFIDENCE = {Intent.OPT_OUT: CERTAIN, Intent.OTHER: UNSURE, Intent.PROMISE: CLEAR, Intent.DISPUTE: LIKELY}
# What a button may carry as its payload besides words; a promise needs a day.
BUTTON_INTENTS = frozenset(Intent) - {Intent.PROMISE, Intent.OTHER, Intent.OPT_OUT}


@dataclass(frozen=True, slots=True)
class _Findings:
    """What each kind of rule found on its own."""

    stop: StopScope | None
    wrong_person: bool
    hold: HoldReason | None
    paid: bool
    promise: tuple[PromisedPart, ...]
    request: Intent | None
    acknowledged: bool


def understand(
    text: str,
    *,
    button: str | None = None,
    opt_out_hint: str | None = None,
    today: date,
    currency: str | None = None,
    last_prompt: str | None = None,
) -> ReplyMeaning:
    """Return what a reply means; never raises, whatever the text.

    `button` is the payload or title of a pressed button, `opt_out_hint` the provider's STOP, START or HELP and
    binding, `today` the debtor's local date, `currency` that of the loan, `last_prompt` a `Prompt`.
    """
    meaning = _read(text, today, currency, last_prompt)
    if button:
        meaning = _with_button(meaning, button, _read(button.replace("_", " "), today, currency, last_prompt))
    return _with_hint(meaning, (opt_out_hint or "").strip().upper())


def _read(text: str, today: date, currency: str | None, prompt: str | None) -> ReplyMeaning:
    reply = normalise(text)
    language = detect_language(reply)
    findings = _find(reply, Calendar(today, language, currency), prompt)
    intent = _intent(findings)
    hold = _hold(findings, intent)
    task = Task.CALL_BACK if intent is Intent.AGENT else TASKS.get(hold) if hold else None
    confidence = CLEAR if findings.acknowledged else CONFIDENCE.get(intent, CLEAR)
    return ReplyMeaning(
        intent, findings.stop, findings.wrong_person, hold, findings.promise, task, language, confidence
    )


def _find(reply: Reply, calendar_: Calendar, prompt: str | None) -> _Findings:
    hold = find_hold(reply)
    request = find_request(reply, prompt)
    if hold in (None, HoldReason.HARDSHIP) and asks_arrangement(reply):
        hold, request = HoldReason.HARDSHIP, Intent.AGENT
    promise = find_promise(reply, calendar_, prompt)
    if hold is None and not promise and cannot_pay(reply):
        hold = HoldReason.HARDSHIP
    if request is None and hold is None and limits_contact(reply):
        hold = HoldReason.UNCLEAR
    return _Findings(
        stop=find_stop(reply),
        wrong_person=is_wrong_person(reply, prompt),
        hold=hold,
        paid=claims_payment(reply, promised=bool(promise)),
        promise=promise,
        request=request,
        acknowledged=is_acknowledgement(reply),
    )


def _intent(found: _Findings) -> Intent:
    if found.stop:
        return Intent.OPT_OUT
    if found.wrong_person:
        return Intent.WRONG_PERSON
    if found.hold in GRAVE:
        return Intent.OTHER
    if found.paid:
        return Intent.PAID_CLAIM
    if found.hold is HoldReason.DISPUTE:
        return Intent.DISPUTE
    if found.promise:
        return Intent.PROMISE
    if found.hold is HoldReason.HARDSHIP:
        return Intent.AGENT if found.request is Intent.AGENT else Intent.OTHER
    return found.request or Intent.OTHER


def _hold(found: _Findings, intent: Intent) -> HoldReason | None:
    if found.hold in GRAVE:
        return found.hold
    if found.paid:
        return HoldReason.PAID_CLAIM
    if found.hold:
        return found.hold
    return HoldReason.UNCLEAR if intent is Intent.OTHER and not found.acknowledged else None


def _with_button(said: ReplyMeaning, button: str, pressed: ReplyMeaning) -> ReplyMeaning:
    payload = button.strip().casefold()
    if payload in BUTTON_INTENTS:
        pressed = _plain(Intent(payload), pressed.language)
    chosen = said if pressed.intent is Intent.OTHER and said.intent is not Intent.OTHER else pressed
    stops = [meaning.stop for meaning in (said, pressed) if meaning.stop]
    if not stops:
        return chosen
    scope = StopScope.EVERY_CHANNEL if StopScope.EVERY_CHANNEL in stops else StopScope.THIS_CHANNEL
    return replace(chosen, intent=Intent.OPT_OUT, stop=scope, confidence=CERTAIN)


def _with_hint(meaning: ReplyMeaning, hint: str) -> ReplyMeaning:
    if hint == "STOP":
        hold = None if meaning.hold is HoldReason.UNCLEAR else meaning.hold
        task = None if meaning.task is Task.UNCLEAR_REPLY else meaning.task
        stop = meaning.stop or StopScope.THIS_CHANNEL
        return replace(meaning, intent=Intent.OPT_OUT, stop=stop, hold=hold, task=task, confidence=CERTAIN)
    if hint == "START":
        return _plain(Intent.OPT_IN, meaning.language)
    if hint == "HELP" and not meaning.stop:
        return _plain(Intent.HELP, meaning.language)
    return meaning


def _plain(intent: Intent, language: str | None) -> ReplyMeaning:
    hold = HoldReason.PAID_CLAIM if intent is Intent.PAID_CLAIM else None
    hold = HoldReason.DISPUTE if intent is Intent.DISPUTE else hold
    task = Task.CALL_BACK if intent is Intent.AGENT else TASKS.get(hold) if hold else None
    return ReplyMeaning(intent, None, intent is Intent.WRONG_PERSON, hold, (), task, language, CERTAIN)
