"""What many decisions leave in memory."""

import gc
import resource
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from campaigns.facts import ContactFact, ContactRequest
from campaigns.policy import ContactPolicy
from schemas.enums import Channel
from tests.campaigns.policy.conftest import NOW

AT = datetime(2026, 11, 24, 16, tzinfo=UTC)
EVERYTHING = frozenset({"law", "policy"})
TWENTY = [ContactFact(AT - timedelta(days=10 + n), Channel.SMS, "L-1", "delivered") for n in range(20)]
MOST_GROWTH = 16_000_000


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "decisions",
    [pytest.param(100_000, marks=pytest.mark.slow), pytest.param(1_000_000, marks=pytest.mark.long)],
)
def test_decisions_do_not_grow_the_memory(policy: ContactPolicy, plain: ContactRequest, decisions: int) -> None:
    """Over years of instants, many zones and regions, so that every cache fills and is emptied."""
    zones = ["America/Mexico_City", "America/Tijuana", "America/Cancun", None]
    requests = [replace(plain, timezone=zone, history=TWENTY[:2], layers=EVERYTHING) for zone in zones]

    def many(count: int, salt: int) -> None:
        for number in range(count):
            at = AT + timedelta(minutes=(number * 97 + salt) % 2_000_000)
            policy.decide(replace(requests[number % len(requests)], at=at), ("MX",), NOW)

    many(100_000, 0)
    before = _resident()
    many(decisions, 1)
    gc.collect()
    assert _resident() - before < MOST_GROWTH


def _resident() -> int:
    """Bytes of memory this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
