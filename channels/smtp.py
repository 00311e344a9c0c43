"""Email through an SMTP relay: until DATA nothing is handed over, after it only a reply tells."""

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from channels.http import Timeouts
from channels.provider import (
    Handover,
    InboundMessage,
    Inconclusive,
    Lookup,
    LookupResult,
    NotSent,
    Receipt,
    Rejected,
    SendResult,
)
from channels.smtp_connection import Connections, Envelope, Relay
from channels.smtp_message import (
    HERE,
    MailReturns,
    envelope_sender,
    in_ascii,
    is_address,
    mail,
    message_id,
    sender_address,
)
from schemas.enums import Channel, FailureClass


class SmtpProvider:
    """One relay; what comes back by mail is read by `smtp_bounces`, since a relay calls no one."""

    def __init__(
        self,
        provider_id: str,
        *,
        host: str,
        port: int,
        tls: Literal["none", "starttls", "tls"] = "starttls",
        login: tuple[str, str] | None = None,
        connections: int = 20,
        returns: MailReturns = HERE,
        timeouts: Timeouts | None = None,
        tls_context: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.id = provider_id
        self.channels: Sequence[Channel] = (Channel.EMAIL,)
        relay = Relay(host, port, tls, login, tls_context)
        self._connections = Connections(relay, size=connections, timeouts=timeouts or Timeouts())
        self._returns = returns
        self._clock = clock

    def __repr__(self) -> str:
        return f"<SmtpProvider {self.id}>"

    async def send(self, handover: Handover) -> SendResult:
        """One DATA at most."""
        if handover.validity is not None and handover.validity.total_seconds() <= 0:
            return NotSent("validity_too_short")
        handover = replace(handover, to=in_ascii(handover.to))
        if not is_address(handover.to):
            return Rejected(FailureClass.INVALID_ADDRESS, "address", True)
        if not is_address(sender_address(handover)):
            return Rejected(FailureClass.CONFIG, "sender", False)
        try:
            content = mail(handover, at=self._clock(), returns=self._returns)
        except ValueError:
            return Rejected(FailureClass.BUG, "header", True)
        sender = envelope_sender(handover, self._returns)
        return await self._connections.deliver(
            Envelope(sender, handover.to, content, message_id(handover), handover.mail_token)
        )

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
        return self._connections.available()

    async def close(self) -> None:
        """Let go of all connections."""
        await self._connections.close()
