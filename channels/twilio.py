"""A Twilio account: its client, what its answers mean, and the signatures of its callbacks."""

import logging
import ssl
from collections.abc import Mapping, Sequence

from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from channels.errors import AnswerLost, ConnectFailed, TooManyRequests
from channels.http import HttpPool, Timeouts
from channels.provider import (
    Found,
    Handover,
    InboundMessage,
    Inconclusive,
    Lookup,
    LookupResult,
    NotFound,
    NotSent,
    RateLimited,
    Receipt,
    Rejected,
    SendResult,
    Unknown,
)
from channels.twilio_channel import LANDLINE, Failure, TwilioChannel
from channels.twilio_http import TwilioHttp
from channels.twilio_signature import is_signed
from schemas.enums import Channel, FailureClass

API_URL = "https://api.twilio.com"
UNREADABLE = "unreadable_reply"
BY_STATUS: Mapping[int, Failure] = {401: (FailureClass.CONFIG, False), 403: (FailureClass.CONFIG, False)}
"""What a refusal with a code we do not know means; any other status is a fault of the request."""

logger = logging.getLogger(__name__)


class TwilioProvider:
    """One account; it sends on `channels`, and still reads receipts and replies of those in `also_reads`."""

    def __init__(
        self,
        provider_id: str,
        *,
        account_sid: str,
        auth_token: str,
        channels: Sequence[TwilioChannel],
        also_reads: Sequence[TwilioChannel] = (),
        base_url: str = API_URL,
        connections: int = 100,
        timeouts: Timeouts | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.id = provider_id
        self.account_sid = account_sid
        self.channels: Sequence[Channel] = tuple(each.channel for each in channels)
        self._channels: dict[Channel, TwilioChannel] = {each.channel: each for each in (*channels, *also_reads)}
        self._token = auth_token.encode()
        self._pool = HttpPool(base_url, size=connections, timeouts=timeouts, tls=tls)
        self._client = Client(account_sid, auth_token, http_client=TwilioHttp(self._pool))
        self._client.api.base_url = base_url.rstrip("/")

    def __repr__(self) -> str:
        return f"<TwilioProvider {self.id}>"

    async def send(self, handover: Handover) -> SendResult:
        """One POST at most; too little time left for the carrier to take it is not sent at all."""
        channel, validity = self._channels[handover.content.channel], handover.validity
        if validity is not None and validity.total_seconds() < channel.least_seconds:
            return NotSent("validity_too_short")
        try:
            return await channel.create(self._client, handover)
        except ConnectFailed as error:
            return NotSent(error.reason)
        except TooManyRequests as error:
            return RateLimited(error.retry_after, error.code)
        except AnswerLost as error:
            return Unknown(error.reason, error.code)
        except TwilioException as error:
            return _refusal(error, channel.codes)
        except Exception as error:
            # The request may have left before whatever this is: only "unknown" is safe to say.
            logger.warning("provider %s: an answer that can't be read (%s)", self.id, type(error).__name__)
            return Unknown("no_answer", UNREADABLE)

    async def find(self, lookup: Lookup) -> LookupResult:
        """One request: by name where it has one, else a listing by address, of which more than one proves nothing."""
        channel = self._channels[lookup.channel]
        try:
            if lookup.provider_ref is not None:
                found = [await channel.named(self._client, lookup.provider_ref)]
            else:
                found = await channel.candidates(self._client, lookup)
        except (ConnectFailed, TooManyRequests, AnswerLost) as error:
            return Inconclusive(error.reason)
        except Exception as error:
            logger.warning("provider %s: a listing that can't be read (%s)", self.id, type(error).__name__)
            return Inconclusive(UNREADABLE)
        if len(found) > 1:
            return Inconclusive("several_fit")
        return Found(found[0].provider_ref, found[0]) if found else NotFound()

    def verify_callback(self, url: str, form: Sequence[tuple[str, str]], headers: Mapping[str, str]) -> bool:
        """Whether this account signed the callback and is the one it names."""
        named = next((value for name, value in form if name == "AccountSid"), self.account_sid)
        return named == self.account_sid and is_signed(self._token, url=url, form=form, headers=headers)

    def parse_receipt(self, form: Sequence[tuple[str, str]]) -> Receipt | None:
        """The receipt in a verified callback."""
        fields = dict(form)
        channel = self._owner(fields)
        return channel.receipt(fields) if channel else None

    def parse_inbound(self, form: Sequence[tuple[str, str]]) -> InboundMessage | None:
        """The reply in a verified callback."""
        fields = dict(form)
        channel = self._owner(fields)
        return channel.inbound(fields) if channel else None

    def available(self) -> int:
        """How many more sends could start at once."""
        return self._pool.available()

    async def close(self) -> None:
        """Let go of all connections."""
        await self._pool.close()

    def _owner(self, fields: Mapping[str, str]) -> TwilioChannel | None:
        return next((each for each in self._channels.values() if each.owns(fields)), None)


def _refusal(error: TwilioException, codes: Mapping[int, Failure]) -> SendResult:
    """Only a 4xx with a code of Twilio's own proves that nothing was handed over."""
    status = getattr(error, "status", None)
    code = getattr(error, "code", None)
    if not isinstance(status, int) or not 400 <= status < 500:
        return Unknown("server_error", str(code or status or UNREADABLE))
    if not isinstance(code, int) or code == status:
        return Unknown("server_error", str(status))
    failure, permanent = codes.get(code) or BY_STATUS.get(status, (FailureClass.BUG, True))
    if failure is FailureClass.RATE_LIMITED:
        return RateLimited(None, str(code))
    return Rejected(failure, str(code), permanent, landline=code in LANDLINE)
