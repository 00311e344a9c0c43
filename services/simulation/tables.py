"""A simulation's result as tables for people; the same tables stand in the terminal and in the HTML report."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table; cells are texts and numbers, numbers stand right."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | int | float]]


def tables_of(result: Result) -> list[Table]:
    """Every table that has something to say."""
    found = [
        _summary(result),
        _pivot("Messages by day", result["by_day"], "day"),
        _pivot("Messages by local hour", result["by_hour"], "hour"),
        _plain("Messages by step", result["by_step"], ("campaign", "step", "channel", "messages", "parts")),
        _pivot("Messages by segment", result["by_segment"], "segment"),
        _plain("Messages by template", result["by_template"], ("template", "language", "channel", "messages", "parts")),
        _blocked(result),
        _plain("Blocked, by step", result["blocked_by_step"], ("campaign", "step", "outcome", "rule", "messages")),
        _plain("Had to wait", result["deferred"], ("campaign", "step", "rule", "messages")),
        _plain("Template failures", result["template_failures"], ("campaign", "step", "problem", "messages")),
        _tasks(result),
        _plain("Held out", result["holdout"], ("campaign", "debtors", "messages")),
        _load(result),
        Table("Rows that can't be used", ("problem",), [[problem] for problem in result["problems"]]),
    ]
    return [table for table in found if table.rows]


def _summary(result: Result) -> Table:
    sms = result["sms"]
    rows: list[list[str | int | float]] = [
        ["debtors", result["debtors"]],
        ["debtors contacted", result["debtors_contacted"]],
        ["messages", result["messages"]],
        ["SMS parts", sms["parts"]],
    ]
    if "cost" in sms:
        rows.append(["SMS cost", f"{sms['cost']} {sms['currency']}"])
    rows.append(["due after the last day", result["still_planned"]])
    rows.append(["rows that can't be used", result["unusable_rows"]])
    if result.get("events"):
        rows.append(["events", result["events"]])
        rows.append(["events of debtors who are not in the portfolio", result["events_of_unknown_debtors"]])
    percent = result["sample_percent"]
    estimated = f", estimated from {percent:g}% of the debtors" if percent < 100 else ""
    return Table(f"{result['days']} days from {result['from']}{estimated}", ("", "count"), rows)


def _pivot(title: str, given: Sequence[dict[str, Any]], name: str) -> Table:
    """One row a value, one column a channel."""
    channels = sorted({row["channel"] for row in given})
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    parts: dict[str, int] = defaultdict(int)
    for row in given:
        counts[row[name]][row["channel"]] = row["messages"]
        parts[row[name]] += row["parts"]
    rows: list[list[str | int | float]] = [
        [value, *[found.get(channel, 0) for channel in channels], parts[value]] for value, found in counts.items()
    ]
    return Table(title, (name, *channels, "SMS parts"), rows)


def _plain(title: str, given: Sequence[dict[str, Any]], columns: Sequence[str]) -> Table:
    return Table(title, columns, [[row[column] for column in columns] for row in given])


def _blocked(result: Result) -> Table:
    columns = ("outcome", "rule", "messages", "debtors", "examples")
    rows = [[*[row[name] for name in columns[:-1]], ", ".join(row["examples"])] for row in result["blocked"]]
    return Table("Blocked, by rule", columns, rows)


def _tasks(result: Result) -> Table:
    counts: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in result["tasks"]:
        counts[row["campaign"], row["step"], row["type"]] += row["messages"]
    return Table("Tasks for people", ("campaign", "step", "type", "tasks"), [[*k, n] for k, n in counts.items()])


def _load(result: Result) -> Table:
    columns = (
        "channel",
        "per second",
        "busiest minute (UTC)",
        "asked in it",
        "fits in a minute",
        "minutes over",
        "longest wait, s",
    )
    rows = [list(row.values()) for row in result["load"] if row["busiest_minute"] is not None]
    return Table("Load on providers", columns, rows)
