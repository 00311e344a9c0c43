"""Connections to one mail relay, kept between mails; a conversation ends in one of the five answers."""

import asyncio
import ssl
from dataclasses import dataclass
from typing import Literal

import aiosmtplib
from aiosmtplib import SMTP

from channels.http import Timeouts
from channels.provider import Accepted, NotSent, Rejected, SendResult, Unknown
from channels.smtp_codes import Stage, refused
from schemas.enums import FailureClass

MESSAGES_A_CONNECTION = 100
CLOSING = 421
PASSING_LOGIN = frozenset({421, 432, 451, 454})
NETWORK: tuple[type[Exception], ...] = (aiosmtplib.SMTPException, OSError)


@dataclass(frozen=True, slots=True)
class Relay:
    """Where a relay is and how it is spoken to."""

    host: str
    port: int
    tls: Literal["none", "starttls", "tls"] = "starttls"
    login: tuple[str, str] | None = None
    tls_context: ssl.SSLContext | None = None

    def __repr__(self) -> str:
        return f"<Relay {self.host}:{self.port}>"


@dataclass(frozen=True, slots=True)
class Envelope:
    """One mail as the relay sees it; `name` is what a bounce that the relay writes may quote (RFC 3461)."""

    sender: str
    recipient: str
    content: bytes
    message_id: str
    name: str | None


class Connections:
    """At most `size` conversations at a time; each takes one mail, and is kept for the next."""

    def __init__(self, relay: Relay, *, size: int, timeouts: Timeouts) -> None:
        self._relay = relay
        self._size = size
        self._timeouts = timeouts
        self._in_use = 0
        self._idle: list[tuple[SMTP, int]] = []
        self.closed = False

    def available(self) -> int:
        """How many more mails could start at once."""
        return 0 if self.closed else self._size - self._in_use

    async def close(self) -> None:
        """Let go of all."""
        self.closed = True
        while self._idle:
            self._idle.pop()[0].close()
        await asyncio.sleep(0)

    async def deliver(self, envelope: Envelope) -> SendResult:
        """One DATA at most."""
        if not self.available():
            return NotSent("closed" if self.closed else "no_free_connection")
        self._in_use += 1
        try:
            return await self._deliver(envelope)
        finally:
            self._in_use -= 1

    async def _deliver(self, envelope: Envelope) -> SendResult:
        """Over a kept connection, or a fresh one where that was closed before anything was handed over."""
        while self._idle:
            client, count = self._idle.pop()
            if client.is_connected:
                result = await self._converse(client, envelope, count=count)
                if result not in (NotSent("disconnected"), NotSent("closing")):
                    return result
        try:
            client = await self._connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            if error.code in PASSING_LOGIN:
                return NotSent("login_not_possible")
            return Rejected(FailureClass.CONFIG, str(error.code), False)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return NotSent(_why(error))
        return await self._converse(client, envelope, count=0)

    async def _connect(self) -> SMTP:
        relay = self._relay
        client = SMTP(
            hostname=relay.host,
            port=relay.port,
            use_tls=relay.tls == "tls",
            start_tls=relay.tls == "starttls",
            tls_context=relay.tls_context,
            timeout=self._timeouts.call,
        )
        try:
            async with asyncio.timeout(self._timeouts.connect):
                await client.connect()
                await _greet(client)
                if relay.login is not None:
                    await client.login(*relay.login)
        except BaseException:
            client.close()
            raise
        return client

    async def _converse(self, client: SMTP, envelope: Envelope, *, count: int) -> SendResult:
        stage = Stage.SENDER
        try:
            async with asyncio.timeout(self._timeouts.call):
                asked, wanted = _bounce_options(client, envelope)
                await client.mail(envelope.sender, options=asked)
                stage = Stage.RECIPIENT
                await client.rcpt(envelope.recipient, options=wanted)
                stage = Stage.DATA
                await client.data(envelope.content)
        except aiosmtplib.SMTPResponseException as error:
            return await self._refused(client, error, stage, count)
        except NETWORK as error:
            client.close()
            late = isinstance(error, TimeoutError | aiosmtplib.SMTPTimeoutError)
            reason = "no_answer" if late else "disconnected"
            return Unknown(reason) if stage is Stage.DATA else NotSent(reason)
        except BaseException:
            client.close()
            raise
        self._keep(client, count + 1)
        return Accepted(envelope.message_id)

    async def _refused(
        self, client: SMTP, error: aiosmtplib.SMTPResponseException, stage: Stage, count: int
    ) -> SendResult:
        """The text stays here, since it may quote the address."""
        if error.code == CLOSING:
            client.close()
            return Rejected(FailureClass.TEMPORARY, "421", False) if stage is Stage.DATA else NotSent("closing")
        await self._keep_after_refusal(client, count)
        if error.code < 400:
            return Unknown("server_error", str(error.code)) if stage is Stage.DATA else NotSent("unreadable_reply")
        failure, permanent, code = refused(error.code, error.message, stage)
        return Rejected(failure, code, permanent)

    async def _keep_after_refusal(self, client: SMTP, count: int) -> None:
        """A refused mail leaves the conversation in the middle; RSET ends it."""
        try:
            async with asyncio.timeout(self._timeouts.connect):
                await client.rset()
        except NETWORK:
            client.close()
            return
        self._keep(client, count)

    def _keep(self, client: SMTP, count: int) -> None:
        if self.closed or count >= MESSAGES_A_CONNECTION:
            client.close()
        else:
            self._idle.append((client, count))


async def _greet(client: SMTP) -> None:
    """Learn what the relay can do; TLS may have done so already."""
    if not client.is_ehlo_or_helo_needed:
        return
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        await client.helo()


def _bounce_options(client: SMTP, envelope: Envelope) -> tuple[list[str], list[str]]:
    """Ask for bounces that name the mail and do not carry it whole, where the relay knows how (RFC 3461)."""
    if envelope.name is None or not client.supports_extension("dsn"):
        return [], []
    return ["RET=HDRS", f"ENVID={envelope.name.replace('=', '+3D')}"], ["NOTIFY=FAILURE"]


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError | aiosmtplib.SMTPTimeoutError):
        return "connect_timeout"
    cause = error.__cause__ or error
    if isinstance(cause, ConnectionRefusedError):
        return "refused"
    return "tls" if isinstance(cause, ssl.SSLError) else "unreachable"
