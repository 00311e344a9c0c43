"""Cuts a sentence into clauses and says of each whether it states, denies or merely mentions a payment."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from campaigns.replies.amounts import Sum, find_amounts
from campaigns.replies.claim_words import PAST_VERBS
from campaigns.replies.dates import Calendar, Kind, Mention, find_mentions
from campaigns.replies.pay_classes import CLASSES
from campaigns.replies.phrases import compile_phrases, word_set
from campaigns.replies.promise_words import CONTRAST, FILLER, HEDGE, NEGATIONS, PAY, SUBORDINATE

_PAY = compile_phrases(PAY, CLASSES)
_HEDGE = compile_phrases(HEDGE, CLASSES)
_FINITE = frozenset(CLASSES["finite"].split("|"))
_CLITICS = frozenset(CLASSES["clitic"].split("|")) - {"si", "sim", "ya", "ja"}
_JOINERS = frozenset({"y", "e", "and"})
_CONTRASTS = {"pt": CONTRAST, "en": CONTRAST, "es": CONTRAST - {"mas", "so"}, None: CONTRAST - {"mas", "so"}}
_NOUN_MARKS = word_set(
    """
    el mi un su este ese de del al otro sin primer o meu um seu ultimo cada fecha link liga
    """
)


# After "me pagan el viernes" or "pagué 500" a joined clause speaks of another payment.
_OTHER_PAYMENT = frozenset(PAST_VERBS.split("|")) | word_set(
    """
    pagado depositado paid abonado hice fiz sent pagan pagaran depositan depositaran cobro cobramos recibo
    recebo pagam cae caen llega
    """
)
# "el 15 y 30" names two days.
_DAY_PAIR = re.compile(
    r"\b((?:el|dia|the|on|los dias|los) (?:\d|[12]\d|3[01]) (?:y|e|and|o|u|ou|or)) "
    r"(?=(?:[1-9]|[12]\d|3[01]) (?!pesos|mil|dolares|reais|%|soles))"
)


class Stance(Enum):
    """What a clause does about paying."""

    STATES = auto()
    NAMES = auto()
    DENIES = auto()
    ELSE = auto()


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with the days and sums it names."""

    text: str
    stance: Stance
    mentions: tuple[Mention, ...]
    sums: tuple[Sum, ...]


def cut_clauses(words: Sequence[str], language: str | None) -> list[list[str]]:
    """Split at commas, at contrasting words, before "and not", and before a new statement after a denial."""
    clauses: list[list[str]] = [[]]
    contrasts = _CONTRASTS.get(language, CONTRAST)
    for index, word in enumerate(words):
        if word == "," or word in contrasts:
            clauses.append([])
            continue
        if word in _JOINERS and (
            denials(words[index + 1 : index + 3], language) or _OTHER_PAYMENT.intersection(clauses[-1])
        ):
            clauses.append([])
            continue
        if word in _FINITE and _starts_anew(clauses[-1], language):
            clauses.append([])
        clauses[-1].append(word)
    return [clause for clause in clauses if clause]


def denials(words: Sequence[str], language: str | None) -> frozenset[str]:
    """Return the denying words among these; "no" is a preposition in Portuguese."""
    found = NEGATIONS.intersection(words)
    return found - {"no"} if language == "pt" else found


def _starts_anew(before: Sequence[str], language: str | None) -> bool:
    if not denials(before, language):
        return False
    led_by = [word for word in before if word not in _CLITICS]
    return bool(led_by) and led_by[-1] not in NEGATIONS and led_by[-1] not in SUBORDINATE | _NOUN_MARKS


def read_clause(words: Sequence[str], calendar_: Calendar) -> Clause:
    """Return the clause's stance toward paying and what it names."""
    text = ". " + "".join(f"{word} " for word in words) + ". "
    text = _DAY_PAIR.sub(r"\1 el ", text)
    mentions = tuple(find_mentions(text, calendar_))
    blanked = _blank(text, mentions)
    sums = tuple(find_amounts(blanked, calendar_.currency))
    stance = _stance(text, blanked, _blank(blanked, sums), calendar_.language)
    if stance is Stance.STATES and any(mention.kind is Kind.PAST for mention in mentions):
        stance = Stance.ELSE
    return Clause(text, stance, mentions, sums)


def shift(clause: Clause, offset: int) -> Clause:
    """Return the clause with its places counted from the start of a longer text."""
    return replace(
        clause,
        mentions=tuple(replace(m, start=m.start + offset, end=m.end + offset) for m in clause.mentions),
        sums=tuple(replace(s, start=s.start + offset, end=s.end + offset) for s in clause.sums),
    )


def _stance(text: str, blanked: str, bare: str, language: str | None) -> Stance:
    paying = next((match for match in _PAY.finditer(blanked) if not _is_noun(blanked, match)), None)
    before = (blanked[: paying.end()] if paying else text).split()
    if denials(before, language):
        return Stance.DENIES
    if _HEDGE.search(blanked):
        return Stance.ELSE
    if paying:
        return Stance.STATES
    leftover = [word for word in bare.split() if word not in FILLER and word.strip("#.")]
    return Stance.ELSE if leftover else Stance.NAMES


def _is_noun(text: str, match: re.Match[str]) -> bool:
    words = match[0].split()
    before = text[: match.start()].split()
    return len(words) == 1 and words[0] in ("pago", "deposito", "abono", "giro", "quito") and before[-1] in _NOUN_MARKS


def _blank(text: str, spans: Sequence[Mention] | Sequence[Sum]) -> str:
    blanked = text
    for span in spans:
        blanked = blanked[: span.start] + "#" * (span.end - span.start - 1) + " " + blanked[span.end :]
    return blanked
