"""Tokens in return addresses."""

from uuid import UUID

import pytest

from services.mail_tokens import attempt_of, mail_token

SECRET = b"a secret"
ATTEMPT = UUID("01890000-0000-7000-8000-000000000001")


def test_a_token_leads_back_to_its_attempt_in_any_case() -> None:
    token = mail_token(SECRET, ATTEMPT)
    assert len(token) == 49
    assert attempt_of(SECRET, token) == ATTEMPT
    assert attempt_of(SECRET, token.upper()) == ATTEMPT


@pytest.mark.parametrize(
    "token", ["", "=", f"{ATTEMPT.hex}=0123456789abcdef", f"{ATTEMPT.hex}", f"{mail_token(SECRET, ATTEMPT)}0", "ñ" * 49]
)
def test_what_we_did_not_make_leads_nowhere(token: str) -> None:
    assert attempt_of(SECRET, token) is None
    assert attempt_of(b"another secret", mail_token(SECRET, ATTEMPT)) is None
