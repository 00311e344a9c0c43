"""Tells the story: sends the events, plays the debtors' part, reads the outcomes back, and checks expectations."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.demo import scenario
from services.demo.scenario import CONSENTS, DEBTORS, LENDING, PEOPLE, SENDER, Person
from services.demo.stage import Stage

_DEADLINE = 90.0


@dataclass(slots=True)
class Line:
    """What came back about one person."""

    person: Person
    events: list[str] = field(default_factory=list)
    why: str = ""
    rule: str = ""
    replied: bool = False

    @property
    def missing(self) -> list[str]:
        """Outcomes still expected."""
        return [name for name in self.person.expects if name not in self.events]

    @property
    def wrong(self) -> list[str]:
        """Outcomes that must never have come."""
        return [name for name in self.person.never if name in self.events]


@dataclass(slots=True)
class Story:
    """The whole of it, as far as it has gone; `tell` hears each outcome in a line as it comes."""

    lines: dict[str, Line] = field(default_factory=lambda: {person.ref: Line(person) for person in PEOPLE})
    counts: Counter[str] = field(default_factory=Counter)
    tell: Callable[[str], None] = lambda _text: None

    @property
    def complete(self) -> bool:
        """Whether everything expected has come."""
        return not any(line.missing for line in self.lines.values())

    @property
    def failures(self) -> list[str]:
        """What did not come, or should not have."""
        return [
            f"{line.person.name}: "
            + ", ".join([f"no {n}" for n in line.missing] + [f"unwanted {n}" for n in line.wrong])
            for line in self.lines.values()
            if line.missing or line.wrong
        ]


async def send_events(stage: Stage) -> None:
    """What the core-banking system sends: events first, one snapshot after them, one event twice, then a payment."""
    late = [person for person in PEOPLE if person.ref == "ana"]
    for person in PEOPLE:
        if person.phone and person.keys:
            stage.twilio.settings.callers[person.phone] = person.keys
        if person not in late:
            await _snapshot(stage, person)
    for person in PEOPLE:
        for loan in range(person.loans):
            kind = "installment.overdue" if person.due == scenario.YESTERDAY else "installment.due"
            await stage.emit(LENDING, kind, f"due-{person.ref}-{loan}", scenario.due(person, loan))
    for person in late:
        await _snapshot(stage, person)
    await stage.emit(LENDING, "installment.due", "due-ana-0", scenario.due(PEOPLE[0], 0))
    await stage.emit(LENDING, "payment.received", "paid-diego", scenario.payment("diego"))


async def follow(stage: Stage, story: Story, stopping: asyncio.Event, *, once: bool) -> None:
    """Read outcomes until the story is complete (or for ever), and answer for the debtors who reply."""
    ends = asyncio.get_running_loop().time() + _DEADLINE
    while not stopping.is_set():
        batches = await stage.outcomes.getmany(timeout_ms=200)
        for records in batches.values():
            for record in records:
                _note(story, record)
        for line in story.lines.values():
            await _answer(stage, line)
        late = asyncio.get_running_loop().time() > ends
        if once and (story.complete or late):
            return


def _note(story: Story, record: Any) -> None:
    headers = dict(record.headers)
    name = headers["ce_type"].decode().removeprefix("io.puntual.").removesuffix(".v1")
    data = json.loads(record.value)
    story.counts[name] += 1
    line = story.lines.get(data.get("debtorRef", ""))
    if line is None:
        return
    line.events.append(name)
    why = _why(name, data)
    if name == "message.scheduled":
        line.why = line.why or why
    elif why:
        line.why, line.rule = why, data.get("ruleRef", "")
    story.tell(f"{line.person.name}: {name} {why}".rstrip())


def _why(name: str, data: dict[str, Any]) -> str:
    """Why it came so, or when it is planned for; empty where the name says it all."""
    if name in ("message.suppressed", "message.cancelled", "message.failed", "message.unknown"):
        failure = data.get("failure", {}).get("code", "")
        return " ".join(part for part in (data.get("reason", failure), data.get("ruleRef", "")) if part)
    return f"→ {data['scheduledFor'][:16]}Z" if name == "message.scheduled" else ""


async def _answer(stage: Stage, line: Line) -> None:
    """The parts of debtors who reply, and of the lawyer who disputes once a reminder is planned."""
    if line.person.ref == "javier" and not line.replied and "message.scheduled" in line.events:
        line.replied = True
        await stage.emit(CONSENTS, "contact.suppressed", "dispute-javier", scenario.dispute("javier"))
    if line.person.reply and not line.replied and "message.delivered" in line.events and line.person.phone:
        line.replied = True
        await stage.twilio.inbound(
            from_address=line.person.phone, to_address=SENDER, body=line.person.reply, url=stage.callback_url
        )


async def _snapshot(stage: Stage, person: Person) -> None:
    await stage.emit(DEBTORS, "debtor.upserted", f"snapshot-{person.ref}", scenario.snapshot(person))
