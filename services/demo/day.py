"""Plays a scripted day: moves the clock from act to act, plays the debtors' part, and tells what came of it."""

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, assert_never
from xml.etree import ElementTree

from channels.simulators.twilio_store import SimulatedCall, SimulatedMessage
from services.demo.day_script import CALLER, DAY, SCENERY, SCRIPT, TEXTER, WRITER, ZONE, Act, Actor, Deed, Way
from services.demo.scenario import DEBTORS, LENDING
from services.demo.stage import Stage, stage
from services.settings import Settings

_PATIENCE = 20.0
_QUIET = 0.6
"""Seconds without a further word after which an act is over."""

Tell = Callable[[str], None]
Word = tuple[str, dict[str, Any]]
"""A published event's name and data."""


@dataclass(slots=True)
class Day:
    """What was published about everybody so far, and what went wrong."""

    stage: Stage
    tell: Tell
    heard: dict[str, list[Word]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    async def play(self, script: Sequence[Act]) -> None:
        """Act after act."""
        for act in script:
            await self._act(act)

    async def _act(self, act: Act) -> None:
        self.stage.clock.skip_to(DAY.replace(hour=act.at.hour, minute=act.at.minute).astimezone(UTC))
        twilio, who = self.stage.twilio, act.who
        texts, calls, words = len(twilio.messages), len(twilio.calls), len(self.heard.get(who.ref, ()))
        await self._do(act)
        await self._listen(act, words)
        for call in twilio.calls[calls:]:
            self._show(act, _call(call, who))
        for message in twilio.messages[texts:]:
            self._show(act, [f"Puntual → {who.name} ({_channel(message)}): {_text(message)}"])
        self._judge(act, self.heard.get(who.ref, [])[words:])

    async def _do(self, act: Act) -> None:
        who, twilio = act.who, self.stage.twilio
        twilio.settings.callers[who.phone] = act.keys
        match act.deed:
            case Deed.FALLS_DUE:
                now = self.stage.clock.now()
                await self.stage.emit(DEBTORS, "debtor.upserted", f"day-{who.ref}", _snapshot(who), now)
                await self.stage.emit(LENDING, "installment.due", f"day-due-{who.ref}", _due(who), now)
            case Deed.WRITES:
                prefix, ours = ("whatsapp:", WRITER) if who.way is Way.WHATSAPP else ("", TEXTER)
                self._show(act, [f"{who.name} → Puntual ({who.way}): {act.text}"])
                await twilio.inbound(
                    from_address=prefix + who.phone, to_address=ours, body=act.text, url=self.stage.callback_url
                )
            case Deed.CALLS:
                url = self.stage.callback_url.replace("/inbound", "/voice")
                await twilio.call_in(from_address=who.phone, to_address=CALLER, url=url)
            case _:
                assert_never(act.deed)

    async def _listen(self, act: Act, before: int) -> None:
        """Until all that is expected was published and nothing more comes, or patience ends."""
        loop = asyncio.get_running_loop()
        ends, quiet_since = loop.time() + _PATIENCE, loop.time()
        while loop.time() < ends:
            batches = await self.stage.outcomes.getmany(timeout_ms=100)
            for records in batches.values():
                for record in records:
                    self._note(record)
                    quiet_since = loop.time()
            names = [name for name, _ in self.heard.get(act.who.ref, [])[before:]]
            if all(name in names for name in act.expects) and loop.time() - quiet_since > _QUIET:
                break
        await self.stage.twilio.settled()

    def _note(self, record: Any) -> None:
        name = dict(record.headers)["ce_type"].decode().removeprefix("io.puntual.").removesuffix(".v1")
        data = json.loads(record.value)
        self.heard.setdefault(data.get("debtorRef", ""), []).append((name, data))

    def _judge(self, act: Act, words: Sequence[Word]) -> None:
        names = [name for name, _ in words]
        intents = [data["intent"] for name, data in words if name == "reply.received"]
        if intents:
            self._show(act, [f"   entendido / understood: {', '.join(intents)}"])
        self._show(act, [f"   publicado / published: {', '.join(names) or 'nada / nothing'}"])
        wrong = [f"no {name}" for name in act.expects if name not in names]
        wrong += [f"unwanted {name}" for name in act.never if name in names]
        wrong += [f"understood {intents or 'nothing'} and not {act.intent}"] if act.intent not in ("", *intents) else []
        for each in wrong:
            self.failures.append(f"{act.at:%H:%M} {act.who.name}: {each}")
            self._show(act, [f"   ✗ {each}"])

    def _show(self, act: Act, lines: Iterable[str]) -> None:
        for line in lines:
            self.tell(f"{act.at:%H:%M}  {line}")


async def play_day(settings: Settings, tell: Tell) -> list[str]:
    """Play the whole day; gives what went otherwise than the script says."""
    async with stage(settings, asyncio.Event(), SCENERY) as scene:
        day = Day(scene, tell)
        await day.play(SCRIPT)
        return day.failures


def _call(call: SimulatedCall, who: Actor) -> Iterator[str]:
    """A call as a conversation: what was said, and the keys that followed."""
    pressed = [keys for _, keys in call.asked[1:]]
    for place, script in enumerate(call.scripts):
        said = " ".join(say.text or "" for say in ElementTree.fromstring(script).iter("Say"))
        yield f"Puntual → {who.name} (voice): {said or '…'}"
        if place < len(pressed):
            yield f"{who.name} → Puntual (voice): {'[' + pressed[place] + ']' if pressed[place] else '[silencio]'}"


def _channel(message: SimulatedMessage) -> str:
    return "whatsapp" if message.to.startswith("whatsapp:") else "sms"


def _text(message: SimulatedMessage) -> str:
    content = message.fields.get("ContentSid")
    return message.body if content is None else f"{content} {message.fields.get('ContentVariables', '')}"


def _snapshot(who: Actor) -> dict[str, Any]:
    since = datetime(2026, 1, 10, tzinfo=ZONE).isoformat()
    return {
        "debtorRef": who.ref,
        "revision": 1,
        "displayName": who.name,
        "language": "es-MX",
        "country": "MX",
        "timezone": ZONE.key,
        "contactPoints": [
            {"contactPointRef": f"{who.ref}-1", "kind": "phone", "value": who.phone, "phoneType": "mobile",
             "verified": True}
        ],
        "consents": [
            {"channel": "whatsapp", "purpose": purpose, "state": "granted", "capturedAt": since,
             "capturedVia": "contract"}
            for purpose in ("collections", "service")
        ],
        "loans": [{"loanRef": f"{who.ref}-L", "productCode": who.way.value, "creditorRef": "demo"}],
    }  # fmt: skip


def _due(who: Actor) -> dict[str, Any]:
    return {
        "debtorRef": who.ref,
        "loanRef": f"{who.ref}-L",
        "installmentNumber": 7,
        "dueDate": DAY.date().isoformat(),
        "amountDue": {"total": {"amount": "1050.50", "currency": "MXN"}},
        "totalOutstanding": {"amount": "9800.00", "currency": "MXN"},
    }
