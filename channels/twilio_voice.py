"""Calls through Twilio: once answered, Twilio asks the answer URL what to say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from twilio.rest import Client

from channels.provider import Accepted, Handover, InboundMessage, Lookup, Receipt, Rejected
from channels.twilio_channel import ACCOUNT_CODES, Failure, receipt_of
from channels.twilio_messages import LIST_LIMIT, SLACK
from schemas.enums import AttemptState, Channel, FailureClass

STATUSES: Mapping[str, AttemptState] = {
    "queued": AttemptState.ACCEPTED,
    "initiated": AttemptState.ACCEPTED,
    "ringing": AttemptState.SENT,
    "in-progress": AttemptState.SENT,
    "answered": AttemptState.SENT,
    "completed": AttemptState.UNDELIVERED,
    "busy": AttemptState.UNDELIVERED,
    "no-answer": AttemptState.UNDELIVERED,
    "failed": AttemptState.FAILED,
    "canceled": AttemptState.FAILED,
}
"""A line that was picked up is nobody yet: a call is delivered when the right person says so, by a key.

Until then "completed" says that our words were not spoken; after it, it comes late and changes nothing.
"""
FAILURES: Mapping[str, FailureClass] = {
    "busy": FailureClass.TEMPORARY,
    "no-answer": FailureClass.TEMPORARY,
    "completed": FailureClass.NOT_DELIVERED_BY_CHANNEL,
}
MACHINES = frozenset({"machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax"})
ANSWERED_BY_MACHINE, ANSWERED_BY_SOMEBODY = "answered_by_machine", "answered_by_somebody"

# https://www.twilio.com/docs/api/errors; 112xx: our own answer URL failed, and people hear an apology.
CODES: Mapping[int, Failure] = {
    **ACCOUNT_CODES,
    13224: (FailureClass.INVALID_ADDRESS, True),
    13225: (FailureClass.BLOCKED, True),
    21210: (FailureClass.CONFIG, False),
    21408: (FailureClass.CONFIG, True),
    10004: (FailureClass.RATE_LIMITED, False),
    11200: (FailureClass.CONFIG, False),
    11205: (FailureClass.CONFIG, False),
    12100: (FailureClass.BUG, True),
    12200: (FailureClass.BUG, True),
    12300: (FailureClass.BUG, True),
}

EVENTS = ["initiated", "ringing", "answered", "completed"]
# Short enough to end before most voicemails pick up.
RING_SECONDS = 25
LONGEST_CALL_SECONDS = 180
LONGEST_SECONDS = RING_SECONDS + LONGEST_CALL_SECONDS
"""From dialling to the end of the longest call; a call is not begun with less time left."""


class TwilioVoice:
    """The calls of a Twilio account."""

    channel = Channel.VOICE
    codes = CODES
    least_seconds = float(LONGEST_SECONDS)

    def owns(self, form: Mapping[str, str]) -> bool:
        """Callbacks that name a call."""
        return "CallSid" in form

    async def create(self, client: Client, handover: Handover) -> Accepted | Rejected:
        """One POST to Calls; a call that would have nothing to say is not made."""
        if handover.answer_url is None:
            return Rejected(FailureClass.BUG, "no_answer_url", True)
        call = await client.calls.create_async(
            to=handover.to,
            from_=handover.sender,
            url=handover.answer_url,
            status_callback=handover.callback_url,
            status_callback_event=EVENTS,
            timeout=RING_SECONDS,
            time_limit=LONGEST_CALL_SECONDS,
            machine_detection="Enable",
            async_amd="true",
            async_amd_status_callback=handover.callback_url,
            async_amd_status_callback_method="POST",
        )
        if not isinstance(call.sid, str) or not call.sid:
            raise ValueError("the answer names no call")
        return Accepted(call.sid)

    async def candidates(self, client: Client, lookup: Lookup) -> list[Receipt]:
        """Calls to this number that could be the attempt."""
        listed = await client.calls.list_async(to=lookup.to, limit=LIST_LIMIT, page_size=LIST_LIMIT)
        return [_receipt(each.sid, each.status, None) for each in listed if _fits(each, lookup)]

    async def named(self, client: Client, provider_ref: str) -> Receipt:
        """What has become of a call."""
        call = await client.calls(provider_ref).fetch_async()
        return _receipt(call.sid, call.status, None)

    def receipt(self, form: Mapping[str, str]) -> Receipt | None:
        """The receipt in a status callback of a call; who picked up is told apart, and is no state."""
        ref, status, answered_by = form.get("CallSid"), form.get("CallStatus"), form.get("AnsweredBy")
        if ref and status:
            return _receipt(ref, status.lower(), form.get("ErrorCode"), form.get("From"))
        if ref and answered_by:
            return Receipt(ref, None, ANSWERED_BY_MACHINE if answered_by in MACHINES else ANSWERED_BY_SOMEBODY)
        return None

    def inbound(self, form: Mapping[str, str]) -> InboundMessage | None:
        """None: what is said in a call is a matter of its script."""
        return None


def _receipt(ref: str, status: str, code: str | None, sender: str | None = None) -> Receipt:
    receipt = receipt_of(ref, status=status, code=code, statuses=STATUSES, codes=CODES, sender=sender)
    return receipt if receipt.failure else replace(receipt, failure=FAILURES.get(status))


def _fits(call: Any, lookup: Lookup) -> bool:
    return (
        call.direction == "outbound-api"
        and call._from == lookup.sender
        and call.date_created is not None
        and lookup.started_at - SLACK <= call.date_created <= lookup.ended_at + SLACK
    )
