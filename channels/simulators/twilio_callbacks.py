"""What the simulated Twilio calls back: signed receipts and replies, tried again where no one answers."""

import asyncio
import logging
from collections.abc import Coroutine
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from twilio.request_validator import RequestValidator

from channels.errors import AnswerLost, ConnectFailed
from channels.http import HttpPool, Timeouts
from channels.http_connection import Reply
from channels.simulators.behaviour import ASYNCHRONOUS_CODES, Behaviour, Fault
from channels.simulators.twilio_store import SimulatedMessage

CONNECTIONS = 32
UNREACHABLE = frozenset({30003, 30005, 30006, 30008, 30007, 30004})

logger = logging.getLogger(__name__)


class Callbacks:
    """Sends callbacks in the background until closed."""

    def __init__(self, auth_token: str, behaviour: Behaviour) -> None:
        self._validator = RequestValidator(auth_token)
        self._behaviour = behaviour
        self._pools: dict[str, HttpPool] = {}
        self._tasks: set[asyncio.Task[object]] = set()
        self._gate = asyncio.Semaphore(CONNECTIONS)

    def schedule(self, message: SimulatedMessage) -> None:
        """Call back about this message as its number and the settings want it."""
        self.spawn(self._report(message))

    def spawn(self, work: Coroutine[object, object, object]) -> None:
        """Run in the background until closed."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until everything under way is called back."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Stop, and let go of all connections."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for pool in self._pools.values():
            await pool.close()

    async def post(self, url: str, form: dict[str, str]) -> int | None:
        """The status it was answered with, None where no one answered however often it was tried."""
        reply = await self.exchange(url, form)
        return None if reply is None else reply.status

    async def exchange(self, url: str, form: dict[str, str]) -> Reply | None:
        """The whole answer, None where there was none."""
        request = self._request(url, form)
        parts = urlsplit(url)
        pool = self._pool(f"{parts.scheme}://{parts.netloc}")
        for attempt in range(self._behaviour.settings.callback_attempts):
            try:
                async with self._gate:
                    return await pool.exchange(request)
            except (ConnectFailed, AnswerLost) as error:
                logger.info("callback of %s: %s", form.get("MessageSid", form.get("CallSid")), error.reason)
                await asyncio.sleep(0.05 * 4**attempt)
        return None

    async def _report(self, message: SimulatedMessage) -> None:
        settings = self._behaviour.settings
        fault = self._behaviour.receipt_fault_of(message.to)
        steps = self._steps(message)
        if fault is Fault.RECEIPTS_REVERSED:
            steps.reverse()
        if fault is Fault.RECEIPTS_LATE:
            await asyncio.sleep(settings.receipts_late_by)
        for status, code in steps:
            await asyncio.sleep(settings.receipt_delay)
            message.status, message.error_code = status, code
            message.statuses.append(status)
            if message.callback and fault is not Fault.RECEIPTS_LOST:
                form = _status_form(message, status=status, code=code)
                for _ in range(2 if fault is Fault.RECEIPTS_REPEATED else 1):
                    await self.post(message.callback, form)

    def _steps(self, message: SimulatedMessage) -> list[tuple[str, int | None]]:
        code = self._behaviour.code_of(message.to)
        if code is not None and code in ASYNCHRONOUS_CODES:
            return [("undelivered" if code in UNREACHABLE else "failed", code)]
        return [(status, None) for status in self._behaviour.settings.receipts]

    def _request(self, url: str, form: dict[str, str]) -> bytes:
        parts = urlsplit(url)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        body = urlencode(form).encode()
        signature = self._validator.compute_signature(url.partition("#")[0], form)
        head = (
            f"POST {target} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            "User-Agent: TwilioProxy/1.1\r\n"
            "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
            f"I-Twilio-Idempotency-Token: {uuid4()}\r\n"
            f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode("latin-1") + body

    def _pool(self, origin: str) -> HttpPool:
        if origin not in self._pools:
            self._pools[origin] = HttpPool(origin, size=CONNECTIONS, timeouts=Timeouts(connect=5.0))
        return self._pools[origin]


def inbound_form(
    account_sid: str, *, from_address: str, to_address: str, body: str, extra: dict[str, str]
) -> dict[str, str]:
    """What Twilio posts for a message that came in."""
    sid = f"SM{uuid4().hex}"
    return {
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "AccountSid": account_sid,
        "From": from_address,
        "To": to_address,
        "Body": body,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
        **extra,
    }


def _status_form(message: SimulatedMessage, *, status: str, code: int | None) -> dict[str, str]:
    form = {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "MessageStatus": status,
        "SmsStatus": status,
        "To": message.to,
        "AccountSid": message.account_sid,
        "ApiVersion": "2010-04-01",
    }
    key = "MessagingServiceSid" if message.sender.startswith("MG") else "From"
    form[key] = message.sender
    if code is not None:
        form["ErrorCode"] = str(code)
    return form
