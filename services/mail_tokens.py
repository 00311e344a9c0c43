"""The token that a mail carries in its return addresses: the attempt, and a proof that the address is of our making."""

import hmac
import re
from uuid import UUID

_LABEL = b"puntual/mail-return\x00"
_BYTES = 8
_TOKEN = re.compile(r"([0-9a-f]{32})=([0-9a-f]{16})", re.IGNORECASE)


def mail_token(secret: bytes, attempt_id: UUID) -> str:
    """49 characters that survive a change of case, as the local part of an address has to."""
    return f"{attempt_id.hex}={_proof(secret, attempt_id)}"


def attempt_of(secret: bytes, token: str) -> UUID | None:
    """The attempt of a token that we made, None for any other text."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    attempt_id = UUID(hex=found[1])
    return attempt_id if hmac.compare_digest(_proof(secret, attempt_id), found[2].lower()) else None


def _proof(secret: bytes, attempt_id: UUID) -> str:
    return hmac.digest(secret, _LABEL + attempt_id.bytes, "sha256")[:_BYTES].hex()
