"""The receipts and replies of SMS through Twilio, as its callbacks bring them."""

import pytest

from channels.provider import InboundMessage, Receipt
from channels.twilio import TwilioProvider
from channels.twilio_sms import TwilioSms
from schemas.enums import AttemptState, Channel, FailureClass
from tests.channels.conformance import InboundCase, ReceiptCase

SENDER = "+525550000000"
TO = "+525512345678"


@pytest.fixture
def account() -> TwilioProvider:
    return TwilioProvider("t", account_sid="AC" + "0" * 32, auth_token="token", channels=[TwilioSms()])


def status(word: str, **fields: str) -> list[tuple[str, str]]:
    return list({"MessageSid": "SM1", "MessageStatus": word, "To": TO, "From": SENDER, **fields}.items())


RECEIPT_CASES = [
    ReceiptCase(word, status(word), Receipt("SM1", state, word))
    for word, state in {
        "accepted": AttemptState.ACCEPTED,
        "scheduled": AttemptState.ACCEPTED,
        "queued": AttemptState.ACCEPTED,
        "sending": AttemptState.ACCEPTED,
        "sent": AttemptState.SENT,
        "partially_delivered": AttemptState.SENT,
        "delivered": AttemptState.DELIVERED,
        "read": AttemptState.READ,
        "undelivered": AttemptState.UNDELIVERED,
        "failed": AttemptState.FAILED,
        "canceled": AttemptState.FAILED,
        "teleported": None,
    }.items()
] + [
    ReceiptCase("received is a reply", status("received"), None),
    ReceiptCase("receiving is a reply", status("receiving"), None),
    ReceiptCase("nothing", [], None),
    ReceiptCase("without a name", [("MessageStatus", "sent")], None),
    ReceiptCase(
        "of old",
        [("SmsSid", "SM1"), ("SmsStatus", "delivered")],
        Receipt("SM1", AttemptState.DELIVERED, "delivered"),
    ),
    ReceiptCase(
        "unreachable",
        status("undelivered", ErrorCode="30003"),
        Receipt("SM1", AttemptState.UNDELIVERED, "undelivered", FailureClass.TEMPORARY, "30003"),
    ),
    ReceiptCase(
        "no such handset",
        status("undelivered", ErrorCode="30005"),
        Receipt("SM1", AttemptState.UNDELIVERED, "undelivered", FailureClass.INVALID_ADDRESS, "30005", doubtful=True),
    ),
    ReceiptCase(
        "expired at the carrier",
        status("failed", ErrorCode="30036"),
        Receipt("SM1", AttemptState.FAILED, "failed", FailureClass.EXPIRED, "30036"),
    ),
    ReceiptCase(
        "stopped",
        status("failed", ErrorCode="21610"),
        Receipt("SM1", AttemptState.FAILED, "failed", FailureClass.OPTED_OUT, "21610"),
    ),
    ReceiptCase(
        "a code not known",
        status("failed", ErrorCode="39999"),
        Receipt("SM1", AttemptState.FAILED, "failed", None, "39999"),
    ),
    ReceiptCase(
        "a code that is none",
        status("failed", ErrorCode="oops"),
        Receipt("SM1", AttemptState.FAILED, "failed", None, "oops"),
    ),
    ReceiptCase(
        "good news with a code",
        status("delivered", ErrorCode="30003"),
        Receipt("SM1", AttemptState.DELIVERED, "delivered", None, "30003"),
    ),
    ReceiptCase("an empty code", status("sent", ErrorCode=""), Receipt("SM1", AttemptState.SENT, "sent")),
]


@pytest.mark.parametrize("case", RECEIPT_CASES, ids=lambda case: case.name)
def test_a_receipt_is_read(case: ReceiptCase, account: TwilioProvider) -> None:
    assert account.parse_receipt(case.form) == case.expected


def reply(**fields: str) -> list[tuple[str, str]]:
    form = {"MessageSid": "SM9", "SmsStatus": "received", "From": TO, "To": SENDER, "Body": "Sí, el lunes"}
    return list({**form, **fields}.items())


def read(text: str = "Sí, el lunes", **fields: str) -> InboundMessage:
    return InboundMessage("SM9", Channel.SMS, fields.pop("of", TO), SENDER, text, **fields)  # type: ignore[arg-type]


INBOUND_CASES = [
    InboundCase("plain", reply(), read()),
    InboundCase("of a number written as of old", reply(From="+5215512345678"), read()),
    InboundCase("of a short code", reply(From="12345"), read(of="12345")),
    InboundCase("empty", reply(Body=""), read("")),
    InboundCase("untouched", reply(Body="  BAJA\n"), read("  BAJA\n")),
    InboundCase("a stop Twilio saw", reply(Body="STOP", OptOutType="STOP"), read("STOP", opt_out_hint="STOP")),
    InboundCase("a receipt", status("delivered"), None),
    InboundCase("nothing", [], None),
]


@pytest.mark.parametrize("case", INBOUND_CASES, ids=lambda case: case.name)
def test_a_reply_is_read(case: InboundCase, account: TwilioProvider) -> None:
    assert account.parse_inbound(case.form) == case.expected
