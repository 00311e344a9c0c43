"""SMS through Twilio's Messages."""

from collections.abc import Mapping

from twilio.rest import Client

from channels import twilio_messages
from channels.provider import Accepted, Handover, InboundMessage, Lookup, Receipt
from channels.twilio_channel import ACCOUNT_CODES, Failure
from schemas.enums import Channel, FailureClass

# https://www.twilio.com/docs/api/errors
CODES: Mapping[int, Failure] = {
    **ACCOUNT_CODES,
    **twilio_messages.MESSAGE_CODES,
    21614: (FailureClass.INVALID_ADDRESS, True),
    21635: (FailureClass.INVALID_ADDRESS, True),
    30005: (FailureClass.INVALID_ADDRESS, True),
    30006: (FailureClass.INVALID_ADDRESS, True),
    30003: (FailureClass.TEMPORARY, False),
    30008: (FailureClass.TEMPORARY, False),
    30017: (FailureClass.TEMPORARY, False),
    30410: (FailureClass.TEMPORARY, False),
    30004: (FailureClass.BLOCKED, True),
    30007: (FailureClass.BLOCKED, True),
    30450: (FailureClass.BLOCKED, True),
    30018: (FailureClass.SENDER_BLOCKED, False),
    30024: (FailureClass.SENDER_BLOCKED, False),
    30032: (FailureClass.SENDER_BLOCKED, False),
    30033: (FailureClass.SENDER_BLOCKED, False),
    30034: (FailureClass.SENDER_BLOCKED, False),
    30001: (FailureClass.RATE_LIMITED, False),
    30022: (FailureClass.RATE_LIMITED, False),
    30023: (FailureClass.RATE_LIMITED, False),
    30027: (FailureClass.RATE_LIMITED, False),
    30036: (FailureClass.EXPIRED, False),
    30863: (FailureClass.POLICY, True),
}


class TwilioSms:
    """The SMS of a Twilio account."""

    channel = Channel.SMS
    codes = CODES
    least_seconds = float(twilio_messages.MIN_VALIDITY_SECONDS)

    def owns(self, form: Mapping[str, str]) -> bool:
        """Messages whose addresses name no other channel."""
        addresses = form.get("From", ""), form.get("To", "")
        return "CallSid" not in form and not any(":" in address for address in addresses)

    async def create(self, client: Client, handover: Handover) -> Accepted:
        """One POST with the text as Body."""
        return await twilio_messages.create(client, handover, to=handover.to, content={"Body": handover.content.text})

    async def candidates(self, client: Client, lookup: Lookup) -> list[Receipt]:
        """Messages to this number that could be the attempt."""
        return await twilio_messages.candidates(client, lookup, to=lookup.to, codes=CODES)

    async def named(self, client: Client, provider_ref: str) -> Receipt:
        """What has become of a message."""
        return await twilio_messages.named(client, provider_ref, CODES)

    def receipt(self, form: Mapping[str, str]) -> Receipt | None:
        """The receipt in a status callback."""
        return twilio_messages.receipt(form, CODES)

    def inbound(self, form: Mapping[str, str]) -> InboundMessage | None:
        """The reply in an inbound callback."""
        return twilio_messages.inbound(form, Channel.SMS)
