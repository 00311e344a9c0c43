"""What must hold after anything whatever: read from the ledger, the provider's side and what was published.

Nothing here calls the product: windows, caps and ranks are written down a second time, for the places of the tests.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from channels.simulators.twilio_store import SimulatedMessage
from tests.end_to_end.topics import DEAD, OUTBOUND, OutboundEvent
from tests.end_to_end.world import World
from tests.leaks import leaks

ZONE = ZoneInfo("America/Mexico_City")
OPENS, CLOSES = time(8), time(21)
MOST_A_DAY = 1
CONFIRMATION = timedelta(minutes=5)
TOLERANCE = timedelta(seconds=1)
"""An instant is read before its transaction waits for a lock, so two of them may commit in the other order."""

FAILED = {"rejected", "not_sent", "failed", "undelivered"}
OUTCOMES = {"delivered", "read", "failed", "unknown", "expired", "cancelled", "suppressed"}
ALLOWED = {
    "delivered": [{"delivered"}, {"unknown", "delivered"}, {"failed", "delivered"}],
    "read": [{"delivered"}, {"unknown", "delivered"}, {"failed", "delivered"}, set()],
    "failed": [{"failed"}, {"unknown", "failed"}],
    "expired": [{"expired"}, {"unknown", "expired"}],
    "unknown": [{"unknown"}],
    "cancelled": [{"cancelled"}],
    "suppressed": [{"suppressed"}],
    "accepted": [set(), {"unknown"}],
}
"""The final words a message may have been given, by the last of them; a late receipt may overrule the first."""

Row = Any


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything there is to judge by."""

    now: datetime
    messages: dict[UUID, Row]
    attempts: dict[UUID, Row]
    stops: Sequence[Row]
    cancelled: Sequence[UUID]
    counts: Row
    replies: Sequence[Row]
    inbox: set[tuple[str, str]]
    told: set[tuple[str, str]]
    handed: Sequence[SimulatedMessage]
    events: Sequence[OutboundEvent]
    secrets: Sequence[str]
    seen: str
    answers: dict[UUID, Row] = field(default_factory=dict)
    """Messages that answer a reply, which the lender's own cap does not count; confirmations of stops among them."""


async def check(world: World) -> list[str]:
    """Every violation in a world at rest, each as one sentence."""
    return violations(await gather(world))


def violations(evidence: Evidence) -> list[str]:
    """Every violation in the evidence."""
    return [violation for found in judged(evidence).values() for violation in found]


def judged(evidence: Evidence) -> dict[str, list[str]]:
    """The violations in the evidence by the invariant they break; one that holds has none."""
    checks = (
        _rests,
        _known_to_the_ledger,
        _once,
        _finished,
        _within_hours,
        _within_caps,
        _never_after_a_stop,
        _one_final_event,
        _sequences,
        _applied_once,
        _replies_told,
        _nothing_personal,
    )
    return {each.__name__.strip("_").replace("_", " "): list(each(evidence)) for each in checks}


async def gather(world: World) -> Evidence:
    """Read the evidence; repeated records of one event count once."""
    messages = await world.rows("select * from message")
    attempts = await world.rows("select * from attempt order by message_id, number")
    (counts,) = await world.rows(
        "select (select count(*) from outbox) as outbox, (select count(*) from open_attempt) as open"
    )
    stops = await world.rows(
        "select debtor_ref, channel, loan_ref, since, recorded_at as at, until from suppression"
        " where kind = 'suppress' and scope in ('person', 'channel')"
    )
    records = world.topics.records(*OUTBOUND)
    published = "\n".join(f"{record.key!r} {record.value!r} {record.headers!r}" for record in records)
    letters = world.topics.records(*DEAD)
    notes = "\n".join(repr([h for h in letter.headers if h[0].startswith("puntual_dlt_")]) for letter in letters)
    metrics = await world.metrics() if world.serve.alive else ""
    return Evidence(
        now=world.clock.now(),
        messages={row["id"]: row for row in messages},
        attempts={row["id"]: row for row in attempts},
        stops=stops,
        cancelled=[row["id"] for row in messages if row["state"] == "cancelled" and row["attempts"] == 0],
        counts=counts,
        replies=await world.rows("select id, debtor_ref from reply"),
        inbox={(row["source"], row["id"]) for row in await world.rows("select source, id from inbox")},
        told={(event.source, event.id) for event in world.sent},
        handed=world.handed,
        events=world.topics.events(),
        secrets=world.secrets,
        seen="\n".join((published, notes, metrics, world.serve.log)),
        answers={row["message_id"]: row for row in await world.rows("select message_id, kind, at from answer")},
    )


def attempt_of(message: SimulatedMessage) -> UUID:
    """The attempt whose id travels in the callback's address."""
    assert message.callback is not None
    return UUID(message.callback.partition("?")[0].rpartition("/")[2])


def _rests(evidence: Evidence) -> Iterator[str]:
    if evidence.counts["outbox"]:
        yield f"{evidence.counts['outbox']} events are not published"
    if evidence.counts["open"]:
        yield f"{evidence.counts['open']} attempts are open though nothing is under way"


def _known_to_the_ledger(evidence: Evidence) -> Iterator[str]:
    """An attempt is committed before its call, and is called at most once."""
    calls = Counter(attempt_of(message) for message in evidence.handed)
    for attempt_id, times in calls.items():
        if attempt_id not in evidence.attempts:
            yield f"attempt {attempt_id} was handed over and is not in the ledger"
        if times > 1:
            yield f"attempt {attempt_id} was handed over {times} times"


def _once(evidence: Evidence) -> Iterator[str]:
    """No step is handed over again while an earlier hand-over is not proven to have failed."""
    by_key: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for attempt in evidence.attempts.values():
        by_key[_key(evidence.messages[attempt["message_id"]])].append(attempt)
    for key, attempts in by_key.items():
        attempts.sort(key=lambda each: each["handed_at"])
        for earlier, later in pairwise(attempts):
            if earlier["state"] not in FAILED:
                yield f"{key}: handed over again after an attempt that is {earlier['state']}"
            elif earlier["settled_at"] is None or earlier["settled_at"] > later["handed_at"]:
                yield f"{key}: handed over again before the attempt before it had failed"
    taken = Counter(
        _key(evidence.messages[attempt["message_id"]])
        for each in evidence.handed
        if (attempt := evidence.attempts.get(attempt_of(each))) is not None and attempt["state"] not in FAILED
    )
    yield from (f"{key}: the provider took it {times} times" for key, times in taken.items() if times > 1)


def _finished(evidence: Evidence) -> Iterator[str]:
    """Past its expiry a message has a final state; every end has its reason."""
    for message in evidence.messages.values():
        state, outcome, name = message["state"], message["outcome"], f"message {message['id']}"
        if state == "planned" and message["expires_at"] < evidence.now - timedelta(seconds=30):
            yield f"{name} is planned though it expired at {message['expires_at']}"
        if state == "claimed":
            yield f"{name} is claimed though nothing is under way"
        if state not in ("planned", "claimed") and outcome is None:
            yield f"{name} is {state} without an outcome"
        if state in ("cancelled", "denied", "expired") and message["reason"] is None and outcome != "expired":
            yield f"{name} is {state} without a reason"


def _within_hours(evidence: Evidence) -> Iterator[str]:
    for attempt in evidence.attempts.values():
        local = attempt["handed_at"].astimezone(ZONE)
        if _confirms(evidence, attempt):
            continue
        if local.weekday() > 4 or not OPENS <= local.time() < CLOSES:
            yield f"attempt {attempt['id']} was handed over at {local}"


def _within_caps(evidence: Evidence) -> Iterator[str]:
    """Everything but what is proven not sent counts, unknowns too, and a failure until its own message goes on."""
    days: Counter[tuple[str, Any]] = Counter()
    latest = {attempt["message_id"]: attempt["number"] for attempt in evidence.attempts.values()}
    for attempt in evidence.attempts.values():
        overtaken = attempt["state"] in FAILED and attempt["number"] < latest[attempt["message_id"]]
        if attempt["state"] != "not_sent" and not overtaken and attempt["message_id"] not in evidence.answers:
            days[attempt["debtor_ref"], attempt["handed_at"].astimezone(ZONE).date()] += 1
    yield from (f"{debtor} was contacted {n} times on {day}" for (debtor, day), n in days.items() if n > MOST_A_DAY)


def _never_after_a_stop(evidence: Evidence) -> Iterator[str]:
    for attempt in evidence.attempts.values():
        for stop in evidence.stops:
            ours = stop["debtor_ref"] == attempt["debtor_ref"] and stop["channel"] in (None, attempt["channel"])
            begun = max(stop["at"], stop["since"])
            if _confirms(evidence, attempt) and attempt["handed_at"] < begun + CONFIRMATION:
                continue
            if ours and begun + TOLERANCE < attempt["handed_at"] and not _over(stop, attempt["handed_at"]):
                yield f"attempt {attempt['id']} was handed over after a stop of {begun}"
    for attempt in evidence.attempts.values():
        if attempt["message_id"] in evidence.cancelled:
            yield f"attempt {attempt['id']} belongs to a message that was cancelled before any attempt"


def _one_final_event(evidence: Evidence) -> Iterator[str]:
    """Every final state is told exactly once; a late receipt may tell another after `unknown` or `failed`."""
    finals: defaultdict[UUID, list[str]] = defaultdict(list)
    for event in evidence.events:
        kind = event.kind.removeprefix("message.")
        if kind in OUTCOMES - {"read"} and not (kind == "failed" and event.data["willRetry"]):
            finals[UUID(event.data["messageRef"])].append(kind)
    for message in evidence.messages.values():
        outcome, told = message["outcome"], finals.pop(message["id"], [])
        if message["channel"] is None or outcome == "task":
            continue
        if outcome is None:
            if [kind for kind in told if kind != "unknown"]:
                yield f"message {message['id']} is {message['state']} and was told to be {told}"
        elif len(set(told)) != len(told) or set(told) not in ALLOWED[outcome]:
            yield f"message {message['id']} is {outcome} and was told to be {told}"
    yield from (f"message {name} was told of and is not in the ledger" for name in finals)


def _sequences(evidence: Evidence) -> Iterator[str]:
    """The events of a message are numbered from 1 without a gap, and published in that order."""
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for event in evidence.events:
        if event.kind.startswith("message."):
            numbers[event.data["messageRef"]].append(event.sequence)
    for name, found in numbers.items():
        if found != list(range(1, len(found) + 1)):
            yield f"message {name}: its events came with the numbers {found}"


def _applied_once(evidence: Evidence) -> Iterator[str]:
    yield from (f"event {name} was never applied" for name in sorted(evidence.told - evidence.inbox))


def _replies_told(evidence: Evidence) -> Iterator[str]:
    told = Counter(event.data["replyRef"] for event in evidence.events if event.kind == "reply.received")
    for reply in evidence.replies:
        if told[str(reply["id"])] != 1:
            yield f"reply {reply['id']} was published {told[str(reply['id'])]} times"


def _nothing_personal(evidence: Evidence) -> Iterator[str]:
    """No number, name, mailbox or word of a debtor in topics, headers, metrics or logs."""
    for place in leaks(evidence.seen, evidence.secrets):
        yield f"seen outside: {evidence.seen[max(0, place - 60) : place + 60]!r}"


def _confirms(evidence: Evidence, attempt: Row) -> bool:
    """Whether it is the one confirmation of a stop, within its five minutes."""
    answer = evidence.answers.get(attempt["message_id"])
    asked = answer is not None and answer["kind"] == "reply.opt_out"
    return asked and attempt["handed_at"] < answer["at"] + CONFIRMATION


def _key(message: Row) -> tuple[Any, ...]:
    return tuple(message[name] for name in ("debtor_ref", "loan_ref", "installment_number", "campaign", "step"))


def _over(stop: Row, at: datetime) -> bool:
    return stop["until"] is not None and stop["until"] <= at
