"""What a receipt says of the way it came by."""

import pytest

from channels.carriers import NOTHING, WINDOW_SECONDS, CarrierWindow, CarrierWord, word_of
from channels.provider import Receipt
from channels.twilio import TwilioProvider
from channels.twilio_sms import TwilioSms
from channels.twilio_voice import TwilioVoice

ACCOUNT = "AC" + "0" * 32
GOOD, REFUSED = CarrierWord(good=1), CarrierWord(refused=1)


def read(form: dict[str, str]) -> Receipt:
    account = TwilioProvider("a", account_sid=ACCOUNT, auth_token="t", channels=[TwilioSms(), TwilioVoice()])
    receipt = account.parse_receipt(list(form.items()))
    assert receipt is not None
    return receipt


def sms(status: str, code: str = "", **more: str) -> Receipt:
    return read({"MessageSid": "SM1", "MessageStatus": status, "From": "+1", "To": "+2", "ErrorCode": code, **more})


@pytest.mark.parametrize(
    ("receipt", "word"),
    [
        (sms("sent"), GOOD),
        (sms("delivered"), GOOD),
        (sms("queued"), NOTHING),
        (sms("vanished"), NOTHING),
        (sms("undelivered", "30008"), REFUSED),
        (sms("undelivered", "30007"), REFUSED),
        (sms("failed", "30034"), REFUSED),
        (sms("failed", "30002"), CarrierWord(misconfigured=1)),
        (sms("undelivered", "30003"), NOTHING),
        (sms("undelivered", "30005"), NOTHING),
        (sms("undelivered", "21610"), NOTHING),
        (sms("undelivered", "39999"), NOTHING),
        (read({"CallSid": "CA1", "CallStatus": "no-answer", "From": "+1"}), NOTHING),
        (read({"CallSid": "CA1", "CallStatus": "busy", "From": "+1"}), NOTHING),
        (read({"CallSid": "CA1", "CallStatus": "completed", "From": "+1"}), NOTHING),
    ],
    ids=lambda value: f"{value.status} {value.code}" if isinstance(value, Receipt) else "",
)
def test_a_failure_for_one_persons_sake_says_nothing_of_the_carrier(receipt: Receipt, word: CarrierWord) -> None:
    assert word_of(receipt) == word


def test_a_receipt_names_our_sender_a_service_before_its_number() -> None:
    assert sms("sent").sender == "+1"
    assert sms("sent", MessagingServiceSid="MG1").sender == "MG1"
    assert read({"CallSid": "CA1", "CallStatus": "busy", "From": "+3"}).sender == "+3"


def test_a_minute_later_refusals_are_forgotten() -> None:
    window = CarrierWindow()
    assert not window.is_too_much(CarrierWord(refused=19), 0.0)
    assert not window.is_too_much(CarrierWord(refused=19), WINDOW_SECONDS)
    assert window.is_too_much(REFUSED, WINDOW_SECONDS)
    window.clear()
    assert not window.is_too_much(REFUSED, WINDOW_SECONDS)
