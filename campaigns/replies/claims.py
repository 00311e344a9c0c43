"""Recognises that a debtor says to have paid already, or asks whether the payment arrived."""

import re

from campaigns.replies.claim_words import NEVER_PAID, NOT_I, PAID_CLAIMS, PAST_VERBS, PRESENT_TOO, SURELY_PAID, UNPAID
from campaigns.replies.normalise import Reply
from campaigns.replies.pay_classes import CLASSES
from campaigns.replies.phrases import compile_phrases

WORDS_BEFORE = 3

_PHRASES = compile_phrases(PAID_CLAIMS, CLASSES)
_PAST_VERB = re.compile(rf"(?<= )(?:{PAST_VERBS}) (?!(?:{NOT_I}) )")


def claims_payment(reply: Reply, *, promised: bool) -> bool:
    """Say whether a reply claims a payment; denied, awaited and conditional ones are no claim.

    "Ya pago" may be a past without its accent: beside a promise it is not taken for one.
    """
    text = reply.text
    return any(
        not _is_undone(text[: match.start()], match[0].split()[0])
        and not (promised and PRESENT_TOO.intersection(match[0].split()[1:2]))
        for pattern in (_PHRASES, _PAST_VERB)
        for match in pattern.finditer(text)
    )


def _is_undone(before: str, first_word: str) -> bool:
    clause = re.split(r"[.,?] ", before[-80:])[-1].split()[-WORDS_BEFORE:]
    undoing = NEVER_PAID if first_word in SURELY_PAID else UNPAID
    return any(word in undoing for word in clause)
