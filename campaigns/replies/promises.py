"""Reads which payments a debtor promises, on which days; questions, wishes, conditions and denials are none.

"¿Puedo pagar el viernes?" asks and is no promise; "puedo pagar el viernes" offers and is one.
"""

import re
from datetime import date, timedelta

from campaigns.replies.clauses import Clause, Stance, cut_clauses, read_clause, shift
from campaigns.replies.dates import DAYS_IN_A_WEEK, Calendar, Kind, Mention
from campaigns.replies.meaning import PromisedPart, Prompt
from campaigns.replies.normalise import Reply, Sentence
from campaigns.replies.numbers import spell_digits
from campaigns.replies.pay_classes import CLASSES
from campaigns.replies.phrases import compile_phrases
from campaigns.replies.promise_words import (
    ALTERNATIVES,
    ASKED,
    BARGAIN,
    CONDITION,
    IDIOMS,
    INEXACT_BEFORE,
    TAGS,
    YES_CLAUSE,
)

MAX_PARTS = 12

_IDIOMS = compile_phrases(IDIOMS, CLASSES)
_CONDITION = compile_phrases(CONDITION, CLASSES)
_YES = compile_phrases(YES_CLAUSE, CLASSES)
_BARGAIN = compile_phrases(BARGAIN, CLASSES)
_TAG = compile_phrases(TAGS, CLASSES)
_ASKED = compile_phrases((f"^ {ASKED}",), CLASSES)
_AGAIN = re.compile(r"\b(?:otro|outra|siguiente|seguinte|proxim[oa]|next|following)\b")
_YES_THERE = re.compile(r" (?:si|sim|yes) ")


def find_promise(reply: Reply, calendar_: Calendar, prompt: str | None) -> tuple[PromisedPart, ...]:
    """Return the parts in the order they were written; empty where nothing definite was promised."""
    clauses = [clause for sentence in reply.sentences for clause in _clauses(sentence, calendar_)]
    parts: list[PromisedPart] = []
    last_day: date | None = None
    denied_day = False
    for group in _groups(clauses):
        stands = _stands(group, prompt, denied_day)
        found = _parts(group, calendar_, last_day) if stands else []
        if found is None:
            return ()
        parts.extend(found)
        days = [mention.day for clause in group for mention in clause.mentions if mention.day]
        last_day = days[-1] if days else last_day
        denied_day = denied_day or (group[0].stance is Stance.DENIES and bool(days))
    return tuple({part.date: part for part in reversed(parts)}.values())[::-1][:MAX_PARTS]


def _clauses(sentence: Sentence, calendar_: Calendar) -> list[Clause]:
    text = _IDIOMS.sub("", sentence.text)
    if sentence.question:
        tagged = _TAG.search(text)
        if tagged is None or _ASKED.search(text):
            return []
        text = text[: tagged.start()] + ". "
    if _is_conditional(text):
        return []
    words = spell_digits(text.split()[1:-1], calendar_.language)
    return [read_clause(clause, calendar_) for clause in cut_clauses(words, calendar_.language)]


def _is_conditional(text: str) -> bool:
    if _BARGAIN.search(text) and " si " in text:
        return True
    rest = _YES.sub("", text) if _YES.search(text) else text
    return _CONDITION.search(rest) is not None and not rest.endswith(" si . ")


def _groups(clauses: list[Clause]) -> list[list[Clause]]:
    groups: list[list[Clause]] = []
    joined = (Stance.STATES, Stance.NAMES)
    for clause in clauses:
        if groups and clause.stance in joined and groups[-1][0].stance in joined:
            groups[-1].append(clause)
        else:
            groups.append([clause])
    return groups


def _stands(group: list[Clause], prompt: str | None, denied_day: bool) -> bool:
    stances = {clause.stance for clause in group}
    if Stance.STATES in stances:
        return True
    if stances != {Stance.NAMES}:
        return False
    named = any(clause.mentions for clause in group)
    priced = any(clause.sums for clause in group)
    contrasted = denied_day and any(_YES_THERE.search(clause.text) for clause in group)
    return named and (priced or contrasted or prompt == Prompt.PROMISE)


def _parts(group: list[Clause], calendar_: Calendar, last_day: date | None) -> list[PromisedPart] | None:
    """Return None where the days named cannot be relied on."""
    text, placed = _join(group)
    mentions = [m for clause in placed for m in clause.mentions if m.kind in (Kind.DAY, Kind.IMPOSSIBLE, Kind.SAME_DAY)]
    if any(m.kind is Kind.IMPOSSIBLE for m in mentions) or _is_inexact(text, mentions):
        return None
    days = _merge(text, mentions, last_day)
    if days is None:
        return None
    sums = [s for clause in placed for s in clause.sums]
    currency = next((s.currency for s in sums if s.currency), calendar_.currency)
    items = sorted([(s.start, None, s) for s in sums] + [(start, day, None) for start, day in days], key=lambda i: i[0])
    amount_first = bool(items) and items[0][1] is None
    parts: list[PromisedPart] = []
    for index, (_, day, _unused) in enumerate(items):
        if day is None:
            continue
        beside = index - 1 if amount_first else index + 1
        near = items[beside][2] if 0 <= beside < len(items) else None
        parts.append(PromisedPart(day, near.amount if near else None, (near.currency or currency) if near else None))
    return parts


def _join(group: list[Clause]) -> tuple[str, list[Clause]]:
    text, placed = "", []
    for clause in group:
        placed.append(shift(clause, len(text)))
        text += clause.text
    return text, placed


def _is_inexact(text: str, mentions: list[Mention]) -> bool:
    return any(INEXACT_BEFORE.intersection(text[: mention.start].split()[-2:]) for mention in mentions)


def _merge(text: str, mentions: list[Mention], last_day: date | None) -> list[tuple[int, date]] | None:
    merged: list[tuple[int, date]] = []
    previous_end = -1
    for mention in mentions:
        day = mention.day or (merged[-1][1] if merged else last_day)
        if day and _AGAIN.search(text[mention.start : mention.end]) and day in [earlier for _, earlier in merged]:
            day += timedelta(days=DAYS_IN_A_WEEK)
        if day is None:
            return None
        between = text[previous_end : mention.start].strip() if merged else "-"
        if between in ALTERNATIVES or (not between and day.weekday() != merged[-1][1].weekday()):
            return None
        previous_end = mention.end
        if between in ("", ",") and day.weekday() == merged[-1][1].weekday():
            continue
        merged.append((mention.start, day))
    return merged
