"""What a simulation came to, as one document that programs read and the reports are made from."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from schemas.enums import Channel
from services.simulation.engine import Span
from services.simulation.report import Report
from services.simulation.tally import Key, Tally

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the reader of a result wants to know it was made with."""

    campaigns: Sequence[Mapping[str, Any]]
    portfolio: str
    span: Span
    part_price: Decimal | None
    currency: str
    paces: Mapping[Channel, float]
    sample_percent: float = 100.0


def result_of(report: Report, terms: Terms) -> dict[str, Any]:
    """The document; lists are in order, counts are of messages unless they say otherwise."""
    tally = report.tally
    tally.shorten()
    return {
        "campaigns": list(terms.campaigns),
        "portfolio": terms.portfolio,
        "from": terms.span.start.isoformat(),
        "days": terms.span.days,
        "sample_percent": terms.sample_percent,
        "rows": tally.rows,
        "unusable_rows": report.unusable,
        "problems": report.problems,
        "debtors": tally.debtors,
        "debtors_contacted": tally.contacted,
        "planned": tally.planned,
        "still_planned": tally.still_planned,
        "messages": sum(tally.days.values()),
        "sms": _cost(tally, terms),
        "by_day": _counted(tally, "day", tally.days, ("day", "channel")),
        "by_hour": _counted(tally, "hour", tally.hours, ("hour", "channel")),
        "by_channel": _by_channel(tally),
        "by_step": _counted(tally, "step", tally.steps, ("campaign", "step", "channel")),
        "by_segment": _counted(tally, "segment", tally.segments, ("segment", "channel")),
        "by_template": _counted(tally, "template", tally.templates, ("template", "language", "channel")),
        "blocked": _blocked(tally),
        "blocked_by_step": _rows(tally.ended, ("campaign", "step", "outcome", "rule")),
        "deferred": _rows(tally.deferred, ("campaign", "step", "rule")),
        "template_failures": _rows(tally.unrendered, ("campaign", "step", "problem")),
        "tasks": _rows(tally.tasks, ("campaign", "step", "type", "day")),
        "holdout": _holdout(tally),
        "events": report.events,
        "events_of_unknown_debtors": report.strangers,
        "load": [_load(tally, channel, pace) for channel, pace in sorted(terms.paces.items())],
    }


def _cost(tally: Tally, terms: Terms) -> dict[str, Any]:
    parts = tally.parts[("all",)]
    if terms.part_price is None:
        return {"parts": parts}
    cost = format(terms.part_price * parts, "f")
    return {"parts": parts, "part_price": format(terms.part_price, "f"), "cost": cost, "currency": terms.currency}


def _counted(tally: Tally, name: str, counter: Counter[Key], columns: tuple[str, ...]) -> Rows:
    """Rows by key, with SMS parts where there are any."""
    rows = _rows(counter, columns)
    for row in rows:
        parts = tally.parts.get((name, *(str(row[column]) for column in columns[:-1])), 0)
        row["parts"] = parts if row["channel"] == Channel.SMS.value else 0
    return rows


def _rows(counter: Counter[Key], columns: tuple[str, ...]) -> Rows:
    return [{**dict(zip(columns, key, strict=True)), "messages": count} for key, count in sorted(counter.items())]


def _by_channel(tally: Tally) -> Rows:
    counts: Counter[str] = Counter()
    for (_, channel), count in tally.days.items():
        counts[channel] += count
    sms_parts = tally.parts[("all",)]
    return [
        {"channel": channel, "messages": count, "parts": sms_parts if channel == Channel.SMS.value else 0}
        for channel, count in sorted(counts.items())
    ]


def _blocked(tally: Tally) -> Rows:
    """By what ended it and which rule: messages, debtors, and the refs of a few of them."""
    counts: Counter[Key] = Counter()
    for (_, _, outcome, rule), count in tally.ended.items():
        counts[(outcome, rule)] += count
    return [
        {
            "outcome": str(key[0]),
            "rule": str(key[1]),
            "messages": count,
            "debtors": tally.blocked_debtors[key],
            "examples": tally.examples.get(key, []),
        }
        for key, count in counts.most_common()
    ]


def _holdout(tally: Tally) -> Rows:
    messages: Counter[str] = Counter()
    for (campaign, _), count in tally.held_out.items():
        messages[campaign] += count
    return [
        {"campaign": campaign, "debtors": tally.held_out_debtors[(campaign,)], "messages": count}
        for campaign, count in sorted(messages.items())
    ]


def _load(tally: Tally, channel: Channel, pace: float) -> dict[str, Any]:
    """What is asked of a channel's senders against their pace; what is over waits, and the wait is worked out."""
    asked = {minute: count for (name, minute), count in tally.minutes.items() if name == channel.value}
    busiest = max(asked, key=lambda minute: asked[minute], default=None)
    waiting, longest, behind = 0.0, 0.0, 0
    last = None
    for minute in sorted(asked):
        if last is not None:
            waiting = max(0.0, waiting - pace * 60 * (minute - last))
        waiting += asked[minute]
        last = minute
        longest = max(longest, waiting / pace)
        behind += waiting > pace * 60
    return {
        "channel": channel.value,
        "per_second": pace,
        "busiest_minute": datetime.fromtimestamp(busiest * 60, UTC).isoformat() if busiest is not None else None,
        "asked_in_it": asked.get(busiest, 0) if busiest is not None else 0,
        "capacity_a_minute": pace * 60,
        "minutes_over": behind,
        "longest_wait_seconds": round(longest, 1),
    }
