"""Finds the days that a clause names and puts them on the debtor's calendar."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from campaigns.replies import date_words as words

# A day without a year that lies behind us means next year only when that is nearer than this.
LOOK_AHEAD_DAYS = 200
MONTH_FIRST_CURRENCY = "USD"
DAYS_IN_A_WEEK = 7


class Kind(Enum):
    """What a stretch of words that speaks of time amounts to."""

    DAY = auto()
    IMPOSSIBLE = auto()
    PAST = auto()
    VAGUE = auto()
    SAME_DAY = auto()
    CLOCK = auto()


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a clause that names a time; `day` is set for Kind.DAY alone."""

    start: int
    end: int
    kind: Kind
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """What fixes a date's meaning: the debtor's today, the language, and the currency as a hint of the country."""

    today: date
    language: str | None
    currency: str | None


Resolver = Callable[["re.Match[str]", Calendar], date | None]


def find_mentions(clause: str, calendar_: Calendar) -> list[Mention]:
    """Return the mentions of a clause in order; earlier rules win over later ones where they overlap."""
    text = clause
    mentions: list[Mention] = []
    for pattern, kind, resolve in (*_RULES[:3], *_weekday_rules(calendar_.language), *_RULES[3:]):
        for match in pattern.finditer(text):
            day = resolve(match, calendar_) if resolve else None
            found = kind if not resolve or day else Kind.IMPOSSIBLE
            mentions.append(Mention(match.start(), match.end(), found, day))
        text = pattern.sub(lambda match: "#" * (len(match[0]) - 1) + " ", text)
    return sorted(mentions, key=lambda mention: mention.start)


def _not_past(day: date, calendar_: Calendar) -> date | None:
    return day if day >= calendar_.today else None


def _build(year: int, month: int, day: int) -> date | None:
    if not (1 <= month <= 12 and 2000 <= year <= 2199 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def _day_of_month(day: int, month: int, year: str | None, calendar_: Calendar) -> date | None:
    today = calendar_.today
    if year:
        named = _build(int(year) if len(year) == 4 else 2000 + int(year), month, day)
        return _not_past(named, calendar_) if named else None
    this_year = _build(today.year, month, day)
    if this_year and this_year >= today:
        return this_year
    next_year = _build(today.year + 1, month, day)
    return next_year if next_year and (next_year - today).days <= LOOK_AHEAD_DAYS else None


def _iso(match: "re.Match[str]", calendar_: Calendar) -> date | None:
    return _day_of_month(int(match["d"]), int(match["m"]), match["y"], calendar_)


def _numeric(match: "re.Match[str]", calendar_: Calendar) -> date | None:
    first, second = int(match["a"] or match["a2"]), int(match["b"] or match["b2"])
    year = match["y"] or match["y2"]
    if calendar_.language != "en" or first == second:
        return _day_of_month(first, second, year, calendar_)
    if first > 12 or second > 12:
        return _day_of_month(max(first, second), min(first, second), year, calendar_)
    if calendar_.currency == MONTH_FIRST_CURRENCY:
        return _day_of_month(second, first, year, calendar_)
    return None


def _number(word: str) -> int:
    return int(word) if word.isdigit() else 1


def _named_month(match: "re.Match[str]", calendar_: Calendar) -> date | None:
    return _day_of_month(_number(match["d"]), words.MONTHS[match["m"]], match["y"], calendar_)


def _today(match: "re.Match[str]", calendar_: Calendar) -> date | None:
    return calendar_.today


def _tomorrow(match: "re.Match[str]", calendar_: Calendar) -> date | None:
    return calendar_.today + timedelta(days=1)


def _after_tomorrow(match: "re.Match[str]", calendar_: Calendar) -> date | None:
    return calendar_.today + timedelta(days=2)


def _in_days(match: "re.Match[str]", calendar_: Calendar) -> date | None:
    count = _number(match["n"] or match["n2"])
    unit = match["unit"] or match["unit2"]
    return calendar_.today + timedelta(days=count * (DAYS_IN_A_WEEK if unit.startswith(("sem", "week")) else 1))


def _next_month(today: date) -> tuple[int, int]:
    return (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _month_end(match: "re.Match[str]", calendar_: Calendar) -> date | None:
    today = calendar_.today
    if match["year"]:
        return date(today.year, 12, 31)
    if match["named"]:
        month = words.MONTHS[match["named"]]
        return _last_day(today.year + (month < today.month), month)
    return _last_day(*_next_month(today)) if match["next"] else _last_day(today.year, today.month)


def _fortnight(match: "re.Match[str]", calendar_: Calendar) -> date | None:
    start = calendar_.today + timedelta(days=1 if match["next"] or match["after"] else 0)
    return start.replace(day=15) if start.day <= 15 else _last_day(start.year, start.month)


def _bare_day(match: "re.Match[str]", calendar_: Calendar) -> date | None:
    day, today = _number(match["d"] or match["bare"]), calendar_.today
    if match["next"]:
        return _build(*_next_month(today), day)
    return _build(today.year, today.month, day) if day >= today.day else _build(*_next_month(today), day)


def _weekday(match: "re.Match[str]", calendar_: Calendar) -> date | None:
    today = calendar_.today
    target = (words.SHARED_WEEKDAYS | words.PT_WEEKDAYS)[match["w"]]
    ahead = (target - today.weekday() - 1) % 7 + 1
    day = today + timedelta(days=ahead)
    if match["week"] or match["week2"]:
        day = today + timedelta(days=DAYS_IN_A_WEEK - today.weekday() + target)
    if match["day"]:
        return _matching(target, int(match["day"]), calendar_)
    return day


def _matching(target: int, day: int, calendar_: Calendar) -> date | None:
    today = calendar_.today
    for year, month in ((today.year, today.month), _next_month(today)):
        candidate = _build(year, month, day)
        if candidate and candidate >= today and candidate.weekday() == target:
            return candidate
    return None


def _weekday_pattern(names: "dict[str, int]") -> "re.Pattern[str]":
    listed = "|".join(sorted(names, key=len, reverse=True))
    portuguese = "|".join(words.PT_WEEKDAYS)
    return re.compile(
        rf"(?<= )(?:(?P<week2>{words.NEXT_WEEK}) (?:, )?)?(?:(?:el|la|on|na|no|a|este|esta|"
        rf"{words.NEXT}|{words.THIS}|coming|dia) )*"
        rf"(?P<w>(?:{listed})(?= )|(?:{portuguese})(?= feira ))(?: feira)?(?: "
        rf"(?P<week>{words.NEXT_WEEK})| (?:{words.NEXT_AFTER}))?"
        rf"(?: (?:dia |el |, |the )?(?P<day>\d{{1,2}})(?= )(?! (?:de |del |of |do "
        rf")?(?:{words.MONTH}|pesos|mil|%|k|am|pm) ))? "
    )


def _past_weekday_pattern(names: "dict[str, int]") -> "re.Pattern[str]":
    listed = "|".join(sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<= )(?:last (?:{listed})|(?:{listed})(?: feira)? (?:pasado|anterior|passad[ao])) ")


_WEEKDAY_PATTERNS = {
    lang: (_past_weekday_pattern(names), _weekday_pattern(names)) for lang, names in words.WEEKDAYS.items()
}
_FULL_DATE = (
    r"(?:, )?(?:el |the |dia )?(?:\d{1,2}[/-]\d"
    rf"|\d{{1,2}} {words.ORDINAL}{words.OF}(?:{words.MONTH}) |(?:{words.MONTH}) \d)"
)
# "el viernes 4 de diciembre": the date decides.
_DATED_WEEKDAY = {
    language: re.compile(rf"(?<= )(?:{'|'.join(names)})(?: feira)? (?={_FULL_DATE})")
    for language, names in words.WEEKDAYS.items()
}


def _weekday_rules(language: str | None) -> "tuple[tuple[re.Pattern[str], Kind, Resolver | None], ...]":
    past, coming = _WEEKDAY_PATTERNS[language]
    return ((_DATED_WEEKDAY[language], Kind.CLOCK, None), (past, Kind.PAST, None), (coming, Kind.DAY, _weekday))


def _rule(
    expression: str, kind: Kind, resolve: Resolver | None = None
) -> "tuple[re.Pattern[str], Kind, Resolver | None]":
    return re.compile(rf"(?<= )(?:{expression})"), kind, resolve


_RULES = (
    _rule(words.AFTER_TOMORROW, Kind.DAY, _after_tomorrow),
    _rule(words.CLOCK, Kind.CLOCK),
    _rule(words.PAST, Kind.PAST),
    _rule(words.ISO, Kind.DAY, _iso),
    _rule(words.NUMERIC, Kind.DAY, _numeric),
    _rule(words.DAY_MONTH, Kind.DAY, _named_month),
    _rule(words.MONTH_DAY, Kind.DAY, _named_month),
    _rule(words.IN_DAYS, Kind.DAY, _in_days),
    _rule(words.SAME_DAY, Kind.SAME_DAY),
    _rule(words.MONTH_END, Kind.DAY, _month_end),
    _rule(words.FORTNIGHT, Kind.DAY, _fortnight),
    _rule(words.DAY, Kind.DAY, _bare_day),
    _rule(words.TODAY, Kind.DAY, _today),
    _rule(words.TOMORROW, Kind.DAY, _tomorrow),
    _rule(words.VAGUE, Kind.VAGUE),
)
