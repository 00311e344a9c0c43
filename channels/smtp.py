"""Email through an SMTP relay: until DATA nothing is handed over, after it only a reply tells."""

import asyncio
import logging
import re
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Literal

import aiosmtplib
from aiosmtplib import SMTP

from channels.http import Timeouts
from channels.provider import (
    Accepted,
    Handover,
    InboundMessage,
    Inconclusive,
    Lookup,
    LookupResult,
    NotSent,
    Receipt,
    Rejected,
    SendResult,
    Unknown,
)
from channels.smtp_message import is_address, mail, message_id, sender_address
from schemas.enums import Channel, FailureClass

MESSAGES_A_CONNECTION = 100
# RFC 3463, without its class: whether it is for good is said by the class.
BY_STATUS: Mapping[str, FailureClass] = {
    "1.0": FailureClass.INVALID_ADDRESS,
    "1.1": FailureClass.INVALID_ADDRESS,
    "1.2": FailureClass.INVALID_ADDRESS,
    "1.3": FailureClass.INVALID_ADDRESS,
    "1.6": FailureClass.INVALID_ADDRESS,
    "1.10": FailureClass.INVALID_ADDRESS,
    "2.1": FailureClass.INVALID_ADDRESS,
    "1.7": FailureClass.CONFIG,
    "1.8": FailureClass.CONFIG,
    "2.2": FailureClass.TEMPORARY,
    "2.3": FailureClass.BUG,
    "3.4": FailureClass.BUG,
}
ENHANCED = re.compile(r"\b[245]\.(\d{1,3}\.\d{1,3})\b")

logger = logging.getLogger(__name__)


class _Stage(StrEnum):
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"


class SmtpProvider:
    """One relay, over connections that are kept between mails."""

    def __init__(
        self,
        provider_id: str,
        *,
        host: str,
        port: int,
        tls: Literal["none", "starttls", "tls"] = "starttls",
        login: tuple[str, str] | None = None,
        connections: int = 20,
        timeouts: Timeouts | None = None,
        tls_context: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.id = provider_id
        self.channels: Sequence[Channel] = (Channel.EMAIL,)
        self._host, self._port, self._tls, self._login = host, port, tls, login
        self._tls_context = tls_context
        self._size = connections
        self._timeouts = timeouts or Timeouts()
        self._clock = clock
        self._in_use = 0
        self._closed = False
        self._idle: list[tuple[SMTP, int]] = []

    def __repr__(self) -> str:
        return f"<SmtpProvider {self.id}>"

    async def send(self, handover: Handover) -> SendResult:
        """One DATA at most."""
        if handover.validity is not None and handover.validity.total_seconds() <= 0:
            return NotSent("validity_too_short")
        if not is_address(handover.to):
            return Rejected(FailureClass.INVALID_ADDRESS, "address", True)
        if not is_address(sender_address(handover)):
            return Rejected(FailureClass.CONFIG, "sender", False)
        try:
            content = mail(handover, at=self._clock())
        except ValueError:
            return Rejected(FailureClass.BUG, "header", True)
        if not self.available():
            return NotSent("closed" if self._closed else "no_free_connection")
        self._in_use += 1
        try:
            return await self._deliver(handover, content)
        finally:
            self._in_use -= 1

    async def find(self, lookup: Lookup) -> LookupResult:
        """A relay can't be asked."""
        return Inconclusive("no_listing")

    def verify_callback(self, url: str, form: Sequence[tuple[str, str]], headers: Mapping[str, str]) -> bool:
        """A relay calls no one back."""
        return False

    def parse_receipt(self, form: Sequence[tuple[str, str]]) -> Receipt | None:
        """A relay calls no one back."""
        return None

    def parse_inbound(self, form: Sequence[tuple[str, str]]) -> InboundMessage | None:
        """A relay calls no one back."""
        return None

    def available(self) -> int:
        """How many more mails could start at once."""
        return 0 if self._closed else self._size - self._in_use

    async def close(self) -> None:
        """Let go of all connections."""
        self._closed = True
        while self._idle:
            self._idle.pop()[0].close()
        await asyncio.sleep(0)

    async def _deliver(self, handover: Handover, content: bytes) -> SendResult:
        """Over a kept connection, or a fresh one where that was closed before anything was handed over."""
        while self._idle:
            client, count = self._idle.pop()
            if client.is_connected:
                result = await self._converse(client, handover, content, count=count)
                if result != NotSent("disconnected"):
                    return result
        try:
            client = await self._connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            return Rejected(FailureClass.CONFIG, str(error.code), False)
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            return NotSent(_why(error))
        return await self._converse(client, handover, content, count=0)

    async def _connect(self) -> SMTP:
        client = SMTP(
            hostname=self._host,
            port=self._port,
            use_tls=self._tls == "tls",
            start_tls=self._tls == "starttls",
            tls_context=self._tls_context,
            timeout=self._timeouts.call,
        )
        try:
            async with asyncio.timeout(self._timeouts.connect):
                await client.connect()
                if self._login is not None:
                    await client.login(*self._login)
        except BaseException:
            client.close()
            raise
        return client

    async def _converse(self, client: SMTP, handover: Handover, content: bytes, *, count: int) -> SendResult:
        stage = _Stage.SENDER
        try:
            async with asyncio.timeout(self._timeouts.call):
                await client.mail(sender_address(handover))
                stage = _Stage.RECIPIENT
                await client.rcpt(handover.to)
                stage = _Stage.DATA
                await client.data(content)
        except aiosmtplib.SMTPResponseException as error:
            await self._keep_after_refusal(client, count)
            return _refusal(error, stage)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            client.close()
            lost = isinstance(error, TimeoutError | aiosmtplib.SMTPTimeoutError)
            if stage is _Stage.DATA:
                return Unknown("no_answer" if lost else "disconnected")
            return NotSent("no_answer" if lost else "disconnected")
        except BaseException:
            client.close()
            raise
        self._keep(client, count + 1)
        return Accepted(message_id(handover))

    async def _keep_after_refusal(self, client: SMTP, count: int) -> None:
        """A refused mail leaves the conversation in the middle; RSET ends it."""
        try:
            async with asyncio.timeout(self._timeouts.connect):
                await client.rset()
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            client.close()
            return
        self._keep(client, count)

    def _keep(self, client: SMTP, count: int) -> None:
        if self._closed or count >= MESSAGES_A_CONNECTION:
            client.close()
        else:
            self._idle.append((client, count))


def _refusal(error: aiosmtplib.SMTPResponseException, stage: _Stage) -> Rejected:
    """What a 4xx or 5xx means where it was said; its text stays here, since it may quote the address."""
    code = str(error.code)
    found = ENHANCED.search(error.message)
    detail = found[1] if found else ""
    if found:
        code = f"{code} {found[0]}"
    permanent = error.code >= 500
    known = BY_STATUS.get(detail)
    if known is not None:
        return Rejected(known, code, permanent and known not in (FailureClass.TEMPORARY, FailureClass.CONFIG))
    if not permanent:
        return Rejected(FailureClass.TEMPORARY, code, False)
    if stage is _Stage.SENDER:
        return Rejected(FailureClass.CONFIG, code, False)
    if stage is _Stage.RECIPIENT and not detail.startswith("7."):
        return Rejected(FailureClass.INVALID_ADDRESS, code, True)
    return Rejected(FailureClass.BLOCKED, code, True)


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError | aiosmtplib.SMTPTimeoutError):
        return "connect_timeout"
    cause = error.__cause__ or error
    if isinstance(cause, ConnectionRefusedError):
        return "refused"
    return "tls" if isinstance(cause, ssl.SSLError) else "unreachable"
