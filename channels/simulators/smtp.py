"""A mail relay to rehearse against: keeps every message it took, and mailboxes that make trouble on purpose."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

MAX_LINE = 1024 * 1024


class Mailbox(StrEnum):
    """Names before the @ that are not simply delivered."""

    UNKNOWN = "unknown"
    FULL = "full"
    GREYLISTED = "greylisted"
    SPAM = "spam"
    LOST = "lost"
    HANG = "hang"
    GONE = "gone"
    SLOW = "slow"


AT_RCPT = {
    Mailbox.UNKNOWN: "550 5.1.1 No such user",
    Mailbox.FULL: "452 4.2.2 Mailbox full",
    Mailbox.GREYLISTED: "451 4.7.1 Try again later",
}
AT_DATA = {Mailbox.SPAM: "554 5.7.1 Message refused as spam"}
# As in rcpt-550-5.7.1@ and data-452@: refused at that moment with that code.
CHOSEN = re.compile(r"(rcpt|data)-([45]\d\d)(?:-([245]\.\d{1,3}\.\d{1,3}))?")
SLOW_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class SimulatedMail:
    """One message as it was taken."""

    sender: str
    recipient: str
    content: bytes


class SmtpSimulator:
    """Runs while the context is open; `messages` has everything it took, whether it said so or not."""

    def __init__(self, *, port: int = 0) -> None:
        self._wanted_port = port
        self._tasks: set[asyncio.Task[None]] = set()
        self.host = "127.0.0.1"
        self.port = 0
        self.connections = 0
        self.messages: list[SimulatedMail] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self.host, self._wanted_port, limit=MAX_LINE)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self.connections += 1
        try:
            await _Session(self, reader, writer).run()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return
        finally:
            writer.transport.abort()


class _Session:
    def __init__(self, relay: SmtpSimulator, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._relay = relay
        self._reader = reader
        self._writer = writer
        self._sender = ""
        self._recipient = ""

    async def run(self) -> None:
        self._say("220 simulated relay")
        while line := await self._reader.readline():
            verb, _, argument = line.decode("utf-8", "replace").strip().partition(" ")
            if not await self._obey(verb.upper(), argument):
                return

    async def _obey(self, verb: str, argument: str) -> bool:
        match verb:
            case "EHLO" | "HELO":
                self._say("250-simulated\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES")
            case "MAIL":
                self._sender = _address(argument)
                self._say("250 2.1.0 Ok")
            case "RCPT":
                return await self._recipient_is(_address(argument))
            case "DATA":
                return await self._take()
            case "RSET" | "NOOP":
                self._say("250 2.0.0 Ok")
            case "QUIT":
                self._say("221 2.0.0 Bye")
                return False
            case _:
                self._say("502 5.5.2 Command not known")
        return True

    async def _recipient_is(self, address: str) -> bool:
        self._recipient = address
        if self._mailbox() == Mailbox.GONE:
            return False
        self._say(self._refusal("rcpt", AT_RCPT) or "250 2.1.5 Ok")
        return True

    async def _take(self) -> bool:
        self._say("354 End data with <CR><LF>.<CR><LF>")
        content = (await self._reader.readuntil(b"\r\n.\r\n"))[:-3].replace(b"\r\n..", b"\r\n.")
        refusal = self._refusal("data", AT_DATA)
        if refusal is not None:
            self._say(refusal)
            return True
        self._relay.messages.append(SimulatedMail(self._sender, self._recipient, content))
        if self._mailbox() == Mailbox.LOST:
            return False
        if self._mailbox() == Mailbox.SLOW:
            await asyncio.sleep(SLOW_SECONDS)
        if self._mailbox() != Mailbox.HANG:
            self._say(f"250 2.0.0 Ok: queued as {len(self._relay.messages)}")
        return True

    def _refusal(self, moment: str, named: Mapping[Mailbox, str]) -> str | None:
        chosen = CHOSEN.fullmatch(self._mailbox())
        if chosen is not None and chosen[1] == moment:
            return f"{chosen[2]} {chosen[3] or ''} Refused as asked".replace("  ", " ")
        return next((said for box, said in named.items() if box == self._mailbox()), None)

    def _mailbox(self) -> str:
        return self._recipient.partition("@")[0]

    def _say(self, text: str) -> None:
        self._writer.write(text.encode("ascii") + b"\r\n")


def _address(argument: str) -> str:
    return argument.partition("<")[2].partition(">")[0]
