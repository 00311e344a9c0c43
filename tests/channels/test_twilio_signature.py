"""Signatures of callbacks, checked against those the SDK makes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from channels.twilio import TwilioProvider
from channels.twilio_signature import is_signed
from channels.twilio_sms import TwilioSms

TOKEN = "the-token"
URL = "https://cb.puntual.test/callbacks/twilio/status/0189?k=abc&b=2"
FORM = [("MessageSid", "SM1"), ("Body", "¿Mañana? ñ€"), ("Empty", ""), ("AccountSid", "AC" + "0" * 32)]


def sign(url: str = URL, form: list[tuple[str, str]] = FORM, *, algorithm: str | None = None) -> dict[str, str]:
    return {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, dict(form), algorithm)}


def check(url: str = URL, form: list[tuple[str, str]] = FORM, headers: dict[str, str] | None = None) -> bool:
    return is_signed(TOKEN.encode(), url=url, form=form, headers=sign() if headers is None else headers)


def test_what_twilio_signed_is_signed() -> None:
    assert check()
    assert check(form=FORM[::-1])
    assert check(headers={"x-twilio-signature": sign()["X-Twilio-Signature"]})


@pytest.mark.parametrize(
    "url",
    [
        URL.replace("https", "http"),
        URL.replace("k=abc&b=2", "b=2&k=abc"),
        URL.replace("?", "/?"),
        URL.replace("cb.", "evil."),
        URL.replace(".test", ".test:8443"),
        URL + "&c=3",
        URL.partition("?")[0],
        "https://cb.puntual.test:notaport/x",
        "",
    ],
)
def test_another_address_is_not_signed(url: str) -> None:
    assert not check(url)


@pytest.mark.parametrize(
    "form",
    [
        [*FORM, ("Extra", "1")],
        FORM[1:],
        [field for field in FORM if field[1]],
        [("MessageSid", "SM2"), *FORM[1:]],
        [],
    ],
)
def test_another_form_is_not_signed(form: list[tuple[str, str]]) -> None:
    assert not check(form=form)


@pytest.mark.parametrize("url", [URL.replace(".test", ".test:443"), URL])
@pytest.mark.parametrize("signed", [URL.replace(".test", ".test:443"), URL])
def test_the_default_port_may_be_written_or_not(url: str, signed: str) -> None:
    assert check(url, headers=sign(signed))


def test_plain_http_and_its_port_80_are_the_same_too() -> None:
    assert check("http://cb:80/x", headers=sign("http://cb/x"))
    assert check("http://[::1]/x", headers=sign("http://[::1]:80/x"))


@pytest.mark.parametrize("given_signature", ["", "x", "ñ" * 28, "A" * 27 + "="])
def test_a_signature_that_is_none_is_refused(given_signature: str) -> None:
    assert not check(headers={"X-Twilio-Signature": given_signature})
    assert not check(headers={})


def test_a_field_given_twice_counts_once_if_it_says_the_same_and_twice_if_not() -> None:
    assert check(form=[*FORM, FORM[0]])
    assert not check(form=[*FORM, ("MessageSid", "SM2")])


def test_a_shared_key_may_sign_with_sha256() -> None:
    settings = {"X-Twilio-Webhooks-Signature-Settings": "key=k1,algorithm=HMAC_SHA256"}
    assert check(headers=sign(algorithm="HMAC_SHA256") | settings)
    assert not check(headers=sign() | settings)
    assert not check(headers=sign() | {"X-Twilio-Webhooks-Signature-Settings": "algorithm=HMAC_MD5"})


def test_a_body_that_is_no_form_is_refused() -> None:
    url = URL + "&bodySHA256=00"
    assert not check(url, [], headers=sign(url, []))


names = st.text(min_size=1, max_size=8)


@given(st.dictionaries(names, st.text(max_size=20), max_size=8))
def test_it_agrees_with_the_sdk_on_any_form(form: dict[str, str]) -> None:
    fields = list(form.items())
    assert check(form=fields, headers=sign(form=fields))


def test_a_callback_of_another_account_is_refused_however_it_is_signed() -> None:
    account = TwilioProvider("t", account_sid="AC" + "0" * 32, auth_token=TOKEN, channels=[TwilioSms()])
    other = [*FORM[:-1], ("AccountSid", "AC" + "1" * 32)]
    assert account.verify_callback(URL, FORM, sign())
    assert not account.verify_callback(URL, other, sign(form=other))
    assert not account.verify_callback(URL, FORM, {})
