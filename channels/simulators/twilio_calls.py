"""How a simulated call goes: it rings, is answered or not, follows its script and presses keys."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree import ElementTree

from channels.simulators.behaviour import Behaviour, Fault
from channels.simulators.twilio_callbacks import Callbacks
from channels.simulators.twilio_store import SimulatedCall

UNANSWERED = {Fault.CALL_BUSY: "busy", Fault.CALL_NO_ANSWER: "no-answer", Fault.CALL_FAILED: "failed"}
LONGEST_SCRIPT = 40
HANGS_UP = "hangup"
INBOUND = "inbound"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Next:
    """Where a script goes on, and what is posted there beside the call's own fields."""

    url: str
    fields: dict[str, str]


class CallRunner:
    """Plays calls in the background; who is called presses what the settings say, and machines press nothing."""

    def __init__(self, callbacks: Callbacks, behaviour: Behaviour) -> None:
        self._callbacks = callbacks
        self._behaviour = behaviour

    def schedule(self, call: SimulatedCall) -> None:
        """Let the call take its course."""
        self._callbacks.spawn(self._play(call))

    async def receive(self, call: SimulatedCall) -> None:
        """Somebody calls in: the script is followed to its end."""
        call.status = "in-progress"
        await self._listen(call, iter(self._behaviour.keys_of(call.sender)))
        call.status = "completed"

    async def _play(self, call: SimulatedCall) -> None:
        await self._tell(call, "initiated", status="initiated")
        await self._tell(call, "ringing", status="ringing")
        fault = self._behaviour.receipt_fault_of(call.to)
        if fault in UNANSWERED:
            await self._tell(call, "completed", status=UNANSWERED[fault])
            return
        await self._tell(call, "answered", status="in-progress")
        keys = () if self._is_machine(call) else self._behaviour.keys_of(call.to)
        await self._listen(call, iter(keys))
        await self._tell(call, "completed", status="completed")

    async def _listen(self, call: SimulatedCall, keys: Iterator[str]) -> None:
        step: Next | None = Next(call.url, {})
        for _ in range(LONGEST_SCRIPT):
            if step is None:
                return
            script = await self._ask(call, step)
            if script is None:
                return
            if len(call.scripts) == 1:
                await self._detect(call)
            try:
                following = self._next_step(script, keys)
            except ElementTree.ParseError as error:
                logger.warning("call %s: its script is no XML: %s", call.sid, error)
                return
            step = Next(urljoin(step.url, following.url), following.fields) if following else None

    async def _ask(self, call: SimulatedCall, step: Next) -> str | None:
        """What the call is told at an address, asked as often as the settings want."""
        form = {**_form(call), **step.fields}
        call.asked.append((step.url, step.fields.get("Digits", "")))
        told: list[str] = []
        for _ in range(self._behaviour.settings.script_requests):
            reply = await self._callbacks.exchange(step.url, form)
            if reply is None or reply.status != 200:
                return None
            told.append(reply.body.decode("utf-8", "replace"))
        call.scripts.append(told[0])
        call.repeats += told[1:]
        return told[0]

    def _next_step(self, script: str, keys: Iterator[str]) -> Next | None:
        """Where the call goes next and with what; None where it ends."""
        for verb in ElementTree.fromstring(script):
            if verb.tag == "Gather":
                key = next(keys, "")
                if key == HANGS_UP:
                    return None
                if key or verb.get("actionOnEmptyResult") == "true":
                    return Next(verb.get("action", ""), {"Digits": key[: int(verb.get("numDigits", "99"))]})
            elif verb.tag == "Redirect":
                return Next((verb.text or "").strip(), {})
            elif verb.tag == "Dial":
                ended = {"DialCallStatus": self._behaviour.settings.agent, "DialCallDuration": "30"}
                return Next(verb.attrib["action"], ended) if "action" in verb.attrib else None
            elif verb.tag in ("Hangup", "Reject"):
                return None
        return None

    def _is_machine(self, call: SimulatedCall) -> bool:
        return call.to in self._behaviour.settings.machines

    async def _detect(self, call: SimulatedCall) -> None:
        """Tell who answered, where that was asked for; that takes as long as the first words."""
        answered_by = "machine_start" if self._is_machine(call) else "human"
        url = call.fields.get("AsyncAmdStatusCallback")
        if url and call.fields.get("MachineDetection"):
            form = {"CallSid": call.sid, "AccountSid": call.account_sid, "AnsweredBy": answered_by}
            await self._callbacks.post(url, {**form, "MachineDetectionDuration": "2500"})

    async def _tell(self, call: SimulatedCall, event: str, *, status: str) -> None:
        call.status = status
        lost = self._behaviour.receipt_fault_of(call.to) is Fault.RECEIPTS_LOST
        if not call.callback or event not in call.events or lost:
            return
        form = {**_form(call), "SequenceNumber": str(call.sequence), "CallbackSource": "call-progress-events"}
        if event == "completed":
            form["CallDuration"] = "0" if status != "completed" else "12"
        call.sequence += 1
        await self._callbacks.post(call.callback, form)


def _form(call: SimulatedCall) -> dict[str, str]:
    return {
        "CallSid": call.sid,
        "AccountSid": call.account_sid,
        "From": call.sender,
        "To": call.to,
        "CallStatus": call.status,
        "Direction": call.direction,
        "ApiVersion": "2010-04-01",
    }
