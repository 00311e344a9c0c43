"""How a simulated call goes: it rings, is answered or not, listens to its script and presses keys."""

import logging
from collections.abc import Iterator
from urllib.parse import urljoin
from xml.etree import ElementTree

from channels.simulators.behaviour import Behaviour, Fault
from channels.simulators.twilio_callbacks import Callbacks
from channels.simulators.twilio_store import SimulatedCall

UNANSWERED = {Fault.CALL_BUSY: "busy", Fault.CALL_NO_ANSWER: "no-answer", Fault.CALL_FAILED: "failed"}
LONGEST_SCRIPT = 20

logger = logging.getLogger(__name__)


class CallRunner:
    """Plays calls in the background; the keys pressed are the settings' `digits`, one a question."""

    def __init__(self, callbacks: Callbacks, behaviour: Behaviour) -> None:
        self._callbacks = callbacks
        self._behaviour = behaviour

    def schedule(self, call: SimulatedCall) -> None:
        """Let the call take its course."""
        self._callbacks.spawn(self._play(call))

    async def _play(self, call: SimulatedCall) -> None:
        await self._tell(call, "initiated", status="initiated")
        await self._tell(call, "ringing", status="ringing")
        fault = self._behaviour.receipt_fault_of(call.to)
        if fault in UNANSWERED:
            await self._tell(call, "completed", status=UNANSWERED[fault])
            return
        await self._tell(call, "answered", status="in-progress")
        await self._listen(call, iter(self._behaviour.settings.digits))
        await self._tell(call, "completed", status="completed")

    async def _listen(self, call: SimulatedCall, keys: Iterator[str]) -> None:
        url: str | None = call.url
        pressed: dict[str, str] = {}
        for _ in range(LONGEST_SCRIPT):
            if url is None:
                return
            reply = await self._callbacks.exchange(url, {**_form(call), **pressed})
            if reply is None or reply.status != 200:
                return
            script = reply.body.decode("utf-8", "replace")
            call.scripts.append(script)
            try:
                step = _next_step(script, keys)
            except ElementTree.ParseError as error:
                logger.warning("call %s: its script is no XML: %s", call.sid, error)
                return
            url = None if step is None else urljoin(url, step[0])
            pressed = {} if step is None else step[1]

    async def _tell(self, call: SimulatedCall, event: str, *, status: str) -> None:
        call.status = status
        if not call.callback or event not in call.events:
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
        "Direction": "outbound-api",
        "ApiVersion": "2010-04-01",
    }


def _next_step(script: str, keys: Iterator[str]) -> tuple[str, dict[str, str]] | None:
    """Where the call goes next and with which keys; None where it ends."""
    for verb in ElementTree.fromstring(script):
        if verb.tag == "Gather":
            key = next(keys, None)
            if key is not None:
                return verb.get("action", ""), {"Digits": key}
            if verb.get("actionOnEmptyResult") == "true":
                return verb.get("action", ""), {"Digits": ""}
        elif verb.tag == "Redirect":
            return (verb.text or "").strip(), {}
        elif verb.tag in ("Hangup", "Dial", "Reject"):
            return None
    return None
