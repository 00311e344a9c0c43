"""WhatsApp through Twilio's Messages: approved templates by ContentSid, free text inside the 24-hour window."""

import json
from collections.abc import Mapping
from dataclasses import replace

from twilio.rest import Client

from channels import twilio_messages
from channels.provider import Accepted, Handover, InboundMessage, Lookup, Receipt
from channels.twilio_channel import ACCOUNT_CODES, Failure
from schemas.enums import Channel, FailureClass

PREFIX = "whatsapp:"

# https://www.twilio.com/docs/api/errors
CODES: Mapping[int, Failure] = {
    **ACCOUNT_CODES,
    **twilio_messages.MESSAGE_CODES,
    63014: (FailureClass.OPTED_OUT, True),
    63033: (FailureClass.OPTED_OUT, True),
    63003: (FailureClass.NOT_ON_CHANNEL, True),
    63024: (FailureClass.NOT_ON_CHANNEL, True),
    30008: (FailureClass.TEMPORARY, False),
    63009: (FailureClass.TEMPORARY, False),
    63010: (FailureClass.TEMPORARY, False),
    63012: (FailureClass.TEMPORARY, False),
    63013: (FailureClass.BLOCKED, True),
    63026: (FailureClass.BLOCKED, True),
    63020: (FailureClass.SENDER_BLOCKED, False),
    63051: (FailureClass.SENDER_BLOCKED, False),
    63002: (FailureClass.CONFIG, False),
    63007: (FailureClass.CONFIG, False),
    63005: (FailureClass.BUG, True),
    63021: (FailureClass.BUG, True),
    63028: (FailureClass.BUG, True),
    63030: (FailureClass.BUG, True),
    63027: (FailureClass.TEMPLATE_NOT_APPROVED, True),
    63040: (FailureClass.TEMPLATE_NOT_APPROVED, True),
    63041: (FailureClass.TEMPLATE_NOT_APPROVED, True),
    63042: (FailureClass.TEMPLATE_NOT_APPROVED, True),
    63016: (FailureClass.OUTSIDE_WINDOW, True),
    63032: (FailureClass.NOT_DELIVERED_BY_CHANNEL, True),
    63049: (FailureClass.NOT_DELIVERED_BY_CHANNEL, True),
    30022: (FailureClass.RATE_LIMITED, False),
    63017: (FailureClass.RATE_LIMITED, False),
    63018: (FailureClass.RATE_LIMITED, False),
    63038: (FailureClass.RATE_LIMITED, False),
    30036: (FailureClass.EXPIRED, False),
}


class TwilioWhatsApp:
    """The WhatsApp of a Twilio account."""

    channel = Channel.WHATSAPP
    codes = CODES
    least_seconds = float(twilio_messages.MIN_VALIDITY_SECONDS)

    def owns(self, form: Mapping[str, str]) -> bool:
        """Messages with a WhatsApp address at either end."""
        return any(form.get(end, "").startswith(PREFIX) for end in ("From", "To"))

    async def create(self, client: Client, handover: Handover) -> Accepted:
        """One POST with the template and its variables, or with the text where there is no template."""
        accepted = await twilio_messages.create(client, handover, to=_address(handover.to), content=_content(handover))
        return replace(accepted, parts=None)

    async def candidates(self, client: Client, lookup: Lookup) -> list[Receipt]:
        """Messages to this number that could be the attempt; a template's words are the provider's own."""
        return await twilio_messages.candidates(
            client, replace(lookup, text=None, matches=None), to=_address(lookup.to), codes=CODES
        )

    async def named(self, client: Client, provider_ref: str) -> Receipt:
        """What has become of a message."""
        return await twilio_messages.named(client, provider_ref, CODES)

    def receipt(self, form: Mapping[str, str]) -> Receipt | None:
        """The receipt in a status callback."""
        return twilio_messages.receipt(form, CODES)

    def inbound(self, form: Mapping[str, str]) -> InboundMessage | None:
        """The reply in an inbound callback; its sender may be a user id where the phone number is hidden."""
        return twilio_messages.inbound(form, Channel.WHATSAPP)


def _address(phone: str) -> str:
    return phone if phone.startswith(PREFIX) else PREFIX + phone


def _content(handover: Handover) -> dict[str, str]:
    content = handover.content
    if content.content_id is None:
        return {"Body": content.text}
    if not content.content_variables:
        return {"ContentSid": content.content_id}
    variables = json.dumps(content.content_variables, ensure_ascii=False)
    return {"ContentSid": content.content_id, "ContentVariables": variables}
