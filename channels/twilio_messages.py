"""What SMS and WhatsApp share at Twilio: the Messages resource, its statuses, receipts and replies."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from twilio.rest import Client

from channels.http_connection import Reply
from channels.phones import canonical
from channels.provider import Accepted, Handover, InboundMessage, Lookup, Receipt
from channels.twilio_channel import Failure, receipt_of
from channels.twilio_http import response_of
from schemas.enums import AttemptState, Channel, FailureClass

STATUSES: Mapping[str, AttemptState] = {
    "accepted": AttemptState.ACCEPTED,
    "scheduled": AttemptState.ACCEPTED,
    "queued": AttemptState.ACCEPTED,
    "sending": AttemptState.ACCEPTED,
    "sent": AttemptState.SENT,
    # Some parts arrived: never to be sent again, and not to be called delivered.
    "partially_delivered": AttemptState.SENT,
    "delivered": AttemptState.DELIVERED,
    "read": AttemptState.READ,
    "failed": AttemptState.FAILED,
    "canceled": AttemptState.FAILED,
    "undelivered": AttemptState.UNDELIVERED,
}

MESSAGE_CODES: Mapping[int, Failure] = {
    21610: (FailureClass.OPTED_OUT, True),
    21606: (FailureClass.CONFIG, False),
    21701: (FailureClass.CONFIG, False),
    21703: (FailureClass.CONFIG, False),
    21704: (FailureClass.CONFIG, False),
    21705: (FailureClass.CONFIG, False),
    21408: (FailureClass.CONFIG, True),
    21612: (FailureClass.CONFIG, True),
    21602: (FailureClass.BUG, True),
    21603: (FailureClass.BUG, True),
    21617: (FailureClass.BUG, True),
    21620: (FailureClass.BUG, True),
    21656: (FailureClass.BUG, True),
    21654: (FailureClass.TEMPLATE_NOT_APPROVED, True),
    21655: (FailureClass.TEMPLATE_NOT_APPROVED, True),
    21611: (FailureClass.RATE_LIMITED, False),
}

MIN_VALIDITY_SECONDS = 6
MAX_VALIDITY_SECONDS = 36_000
LIST_LIMIT = 200
SLACK = timedelta(seconds=5)


def sender_parameters(sender: str) -> dict[str, str]:
    """A number or short code goes as From, a Messaging Service by its SID."""
    return {"MessagingServiceSid": sender} if sender.startswith("MG") else {"From": sender}


def validity_parameters(validity: timedelta | None) -> dict[str, int]:
    """Whole seconds, rounded down, so that nothing is handed over after the window's end."""
    if validity is None:
        return {}
    return {"ValidityPeriod": min(int(validity.total_seconds()), MAX_VALIDITY_SECONDS)}


async def create(client: Client, handover: Handover, *, to: str, content: Mapping[str, str]) -> Accepted:
    """One POST to Messages; `content` under the API's own names. A refusal is the SDK's own exception."""
    data = {
        "To": to,
        "StatusCallback": handover.callback_url,
        **content,
        **sender_parameters(handover.sender),
        **validity_parameters(handover.validity),
    }
    uri = f"/Accounts/{client.account_sid}/Messages.json"
    reply: Reply = await client.http_client.post(client, uri, data)
    if not 200 <= reply.status < 300:
        raise client.api.v2010.exception("POST", uri, response_of(reply), "Unable to create record")
    message: dict[str, object] = orjson.loads(reply.body)
    ref = message.get("sid")
    if not isinstance(ref, str) or not ref:
        raise ValueError("the answer names no message")
    parts = str(message.get("num_segments") or "")
    return Accepted(ref, int(parts) if parts.isdecimal() and parts != "0" else None)


async def candidates(client: Client, lookup: Lookup, *, to: str, codes: Mapping[int, Failure]) -> list[Receipt]:
    """The account's messages to this address that fit in sender, words and time.

    There is no filter by DateSent: a message that still waits at Twilio has no such date.
    """
    listed = await client.messages.list_async(to=to, limit=LIST_LIMIT, page_size=LIST_LIMIT)
    return [_receipt(found, codes) for found in listed if _fits(found, lookup)]


async def named(client: Client, sid: str, codes: Mapping[int, Failure]) -> Receipt:
    """What has become of a message."""
    return _receipt(await client.messages(sid).fetch_async(), codes)


def receipt(form: Mapping[str, str], codes: Mapping[int, Failure]) -> Receipt | None:
    """The receipt in a status callback of a message."""
    ref = form.get("MessageSid") or form.get("SmsSid")
    status = form.get("MessageStatus") or form.get("SmsStatus")
    if not ref or not status or status.lower() in ("receiving", "received"):
        return None
    sender = form.get("MessagingServiceSid") or form.get("From")
    return receipt_of(
        ref, status=status.lower(), code=form.get("ErrorCode"), statuses=STATUSES, codes=codes, sender=sender
    )


def inbound(form: Mapping[str, str], channel: Channel) -> InboundMessage | None:
    """The reply in a message callback; one without words is a reply too."""
    ref = form.get("MessageSid") or form.get("SmsSid")
    if not ref or "From" not in form or "Body" not in form or "MessageStatus" in form:
        return None
    return InboundMessage(
        provider_ref=ref,
        channel=channel,
        from_address=_phone(form["From"]),
        to_address=form.get("To", ""),
        text=form["Body"],
        button=form.get("ButtonPayload") or form.get("ButtonText") or None,
        opt_out_hint=form.get("OptOutType") or None,
    )


def _receipt(found: Any, codes: Mapping[int, Failure]) -> Receipt:
    return receipt_of(found.sid, status=found.status, code=_text(found.error_code), statuses=STATUSES, codes=codes)


def _fits(found: Any, lookup: Lookup) -> bool:
    return (
        found.direction == "outbound-api"
        and lookup.sender in (found.from_, found.messaging_service_sid)
        and (lookup.text is None or _words(lookup.text) == _words(found.body))
        and (lookup.matches is None or lookup.matches(found.body or ""))
        and found.date_created is not None
        and lookup.started_at - SLACK <= found.date_created <= lookup.ended_at + SLACK
    )


def _words(text: str | None) -> list[str]:
    return (text or "").split()


def _text(code: object) -> str | None:
    return None if code is None else str(code)


def _phone(address: str) -> str:
    """Canonical where it is a phone number, else as it came: a reply is never dropped for its number."""
    plain = address.removeprefix("whatsapp:")
    return canonical(plain) or plain
