"""Signatures of callback addresses and links."""

import pytest

from services.tokens import sign, verify

SECRET = b"a secret of a test"


def test_a_signature_is_short_url_safe_and_verifies() -> None:
    token = sign(SECRET, "callback", "019a", "status")
    assert len(token) == 22
    assert token.replace("-", "").replace("_", "").isalnum()
    assert verify(SECRET, token, "callback", "019a", "status")


@pytest.mark.parametrize(
    "parts",
    [
        ("callback", "019a", "inbound"),
        ("callback", "019astatus"),
        ("callback", "019", "astatus"),
        ("link", "019a", "status"),
        ("callback", "019a", "status", ""),
    ],
)
def test_a_signature_holds_for_its_own_parts_only(parts: tuple[str, ...]) -> None:
    assert not verify(SECRET, sign(SECRET, "callback", "019a", "status"), *parts)


@pytest.mark.parametrize("token", ["", "x", "ñ", "A" * 22, "A" * 5000, "\udc80"])
def test_a_token_nobody_signed_is_refused_quietly(token: str) -> None:
    assert not verify(SECRET, token, "callback", "019a")


def test_another_secret_signs_differently() -> None:
    assert not verify(b"another", sign(SECRET, "link", "1"), "link", "1")
