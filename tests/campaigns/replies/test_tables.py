"""Every reply of the tables is understood as the table says."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from campaigns.replies import HoldReason, Intent, PromisedPart, ReplyMeaning, StopScope, Task, understand

TODAY = date(2026, 11, 23)
TABLES = ("table.yaml", "promises.yaml", "held_out.yaml", "held_out_again.yaml")


def rows() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each reply with what it is expected to mean."""
    for name in TABLES:
        for entry in YAML(typ="safe").load(Path(__file__).with_name(name)):
            if "reply" in entry:
                yield entry["reply"], {"intent": "promise", **entry}
            else:
                yield from ((reply, entry["expect"]) for reply in entry["replies"])


def part(written: str) -> PromisedPart:
    day, *money = written.split()
    amount, currency = money or (None, None)
    return PromisedPart(date.fromisoformat(day), Decimal(amount) if amount else None, currency)


def expected(meaning: ReplyMeaning, row: dict[str, Any]) -> ReplyMeaning:
    return ReplyMeaning(
        intent=Intent(row["intent"]),
        stop=StopScope(row["stop"]) if "stop" in row else None,
        wrong_person=row.get("wrong_person", False),
        hold=HoldReason(row["hold"]) if "hold" in row else None,
        promise=tuple(part(written) for written in row.get("promise", ())),
        task=Task(row["task"]) if "task" in row else None,
        language=meaning.language,
        confidence=meaning.confidence,
    )


@pytest.mark.parametrize(("reply", "row"), [pytest.param(*row, id=repr(row[0])) for row in rows()])
def test_a_reply_means_what_the_table_says(reply: str, row: dict[str, Any]) -> None:
    meaning = understand(reply, today=TODAY, currency="MXN")
    assert meaning == expected(meaning, row)


def test_the_tables_are_large_and_hold_no_reply_twice() -> None:
    replies = [reply for reply, _ in rows()]
    assert len(replies) > 800
    assert len(replies) == len(set(replies))
