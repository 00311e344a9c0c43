"""Recognises a wrong person, what holds further sends, and the plain requests."""

import re

from campaigns.replies.hold_words import ARRANGEMENT, CANNOT_PAY, HOLDS
from campaigns.replies.meaning import HoldReason, Intent, Prompt
from campaigns.replies.normalise import Reply
from campaigns.replies.pay_classes import CLASSES as PAY_CLASSES
from campaigns.replies.person_words import NAMED_WRONG_PERSON, NOT_NAMES, WRONG_PERSON
from campaigns.replies.phrases import compile_phrases
from campaigns.replies.promise_words import NEGATIONS
from campaigns.replies.request_words import NO_WORDS, NOT_PAYING, REQUESTS, SERVICE_WORDS, YES_WORDS
from campaigns.replies.rule_classes import CLASSES
from campaigns.replies.words import ACKNOWLEDGEMENTS, ACKNOWLEDGING_SIGNS, COURTESIES, POLITE

_WRONG_PERSON = compile_phrases(WRONG_PERSON, CLASSES)
_NAMED = re.compile(f"(?<= )(?:{NAMED_WRONG_PERSON})")
_HOLDS = {reason: compile_phrases(phrases, CLASSES) for reason, phrases in HOLDS.items()}
_CANNOT_PAY = compile_phrases(CANNOT_PAY, CLASSES)
_ARRANGEMENT = compile_phrases(ARRANGEMENT, CLASSES)
_NOT_PAYING = compile_phrases(NOT_PAYING, CLASSES)
_REQUESTS = {intent: compile_phrases(phrases, CLASSES) for intent, phrases in REQUESTS.items()}
CLITICS = frozenset(PAY_CLASSES["clitic"].split("|"))
_NO_TROUBLE = compile_phrases(
    ("(no|sin|sem|nao) {hay|tem|se} (problem|problema|worries|preocupe|preocupen|problemas|pasa nada)", "dont worry")
)
_THINGS_THAT_DIE = (
    "cel|celular|telefono|bateria|carro|moto|phone|battery|car|laptop|dog|cat|perr*|gat*|mascota|cachorro"
)
_DEAD_THING = compile_phrases(
    (
        f"{{se}} {{me}} murio {{mi|el|la|o|my}} ({_THINGS_THAT_DIE})",
        f"({_THINGS_THAT_DIE}) {{se}} {{me}} (died|murio|morreu|is dead|has died|fallecio)",
    )
)


def is_wrong_person(reply: Reply, prompt: str | None) -> bool:
    """Say whether the writer is not the person the message was meant for."""
    if prompt == Prompt.IDENTITY and reply.key in NO_WORDS:
        return True
    if _WRONG_PERSON.search(reply.text):
        return True
    return any((match[1] or match[2] or match[3]) not in NOT_NAMES for match in _NAMED.finditer(reply.text))


def find_hold(reply: Reply) -> HoldReason | None:
    """Return the gravest reason in the reply to send nothing more, apart from paid claims and unclear words."""
    text = _DEAD_THING.sub(", ", reply.text)
    return next((reason for reason, pattern in _HOLDS.items() if pattern.search(text)), None)


def cannot_pay(reply: Reply) -> bool:
    """Say whether the debtor denies being able to pay, without more."""
    return _CANNOT_PAY.search(reply.text) is not None


def asks_arrangement(reply: Reply) -> bool:
    """Say whether the debtor asks for time, a plan or a lower amount."""
    return _ARRANGEMENT.search(reply.text) is not None


def find_request(reply: Reply, prompt: str | None) -> Intent | None:
    """Return what the debtor asks for, or None."""
    if prompt == Prompt.OPT_IN and reply.key in YES_WORDS:
        return Intent.OPT_IN
    bare = "".join(word for word in reply.text.split() if word not in POLITE and word not in ".,?")
    if bare in SERVICE_WORDS:
        return SERVICE_WORDS[bare]
    text = _NOT_PAYING.sub(", ", reply.text)
    return next((intent for intent in _REQUESTS if _asks(text, intent)), None)


def _asks(text: str, intent: Intent) -> bool:
    for match in _REQUESTS[intent].finditer(text):
        led_by = [word for word in text[: match.start()].split()[-3:] if word not in CLITICS]
        if intent is Intent.BALANCE or not led_by or led_by[-1] not in NEGATIONS:
            return True
    return False


def is_acknowledgement(reply: Reply) -> bool:
    """Say whether a reply is thanks, a greeting or an "ok" and nothing else, which needs no hold."""
    words = [word for word in _NO_TROUBLE.sub("ok ", reply.text).split() if word not in ".,?"]
    if not words:
        signs = [char for char in reply.raw if not char.isspace()]
        return bool(signs) and all(char in ACKNOWLEDGING_SIGNS for char in signs)
    known = ACKNOWLEDGEMENTS | COURTESIES
    return any(word in ACKNOWLEDGEMENTS for word in words) and all(word in known for word in words)
