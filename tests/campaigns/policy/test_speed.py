"""What a decision costs, in time and in memory."""

import gc
import resource
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from campaigns.facts import ContactFact, ContactRequest
from campaigns.policy import ContactPolicy
from schemas.enums import Channel, Verdict
from tests.campaigns.policy.conftest import NOW

AT = datetime(2026, 11, 24, 16, tzinfo=UTC)
EVERYTHING = frozenset({"law", "policy"})
TWENTY = [ContactFact(AT - timedelta(days=10 + n), Channel.SMS, "L-1", "delivered") for n in range(20)]
MOST_SECONDS = 20e-6 * 5  # on a machine that does five things at once
DECISIONS = 1_000_000
MOST_GROWTH = 16_000_000


@pytest.mark.slow
def test_a_decision_with_twenty_contacts_takes_microseconds(policy: ContactPolicy, plain: ContactRequest) -> None:
    request = replace(plain, at=AT, timezone="America/Mexico_City", history=TWENTY, loan="L-1", layers=EVERYTHING)
    assert policy.decide(request, ("MX",), NOW).verdict is Verdict.ALLOW
    best = min(_seconds(policy, request) for _ in range(5))
    assert best < MOST_SECONDS


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_million_decisions_do_not_grow_the_memory(policy: ContactPolicy, plain: ContactRequest) -> None:
    """Over years of instants, many zones and regions, so that every cache fills and is emptied."""
    zones = ["America/Mexico_City", "America/Tijuana", "America/Cancun", None]
    requests = [replace(plain, timezone=zone, history=TWENTY[:2], layers=EVERYTHING) for zone in zones]

    def many(count: int, salt: int) -> None:
        for number in range(count):
            at = AT + timedelta(minutes=(number * 97 + salt) % 2_000_000)
            policy.decide(replace(requests[number % len(requests)], at=at), ("MX",), NOW)

    many(100_000, 0)
    before = _resident()
    many(DECISIONS, 1)
    gc.collect()
    assert _resident() - before < MOST_GROWTH


def _resident() -> int:
    """Bytes of memory this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _seconds(policy: ContactPolicy, request: ContactRequest) -> float:
    """CPU seconds of one decision."""
    started = time.process_time()
    for _ in range(2_000):
        policy.decide(request, ("MX",), NOW)
    return (time.process_time() - started) / 2_000
