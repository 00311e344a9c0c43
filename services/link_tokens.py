"""The short tokens of payment links: made from the deployment's secret, kept only as a hash."""

import hashlib
import re
from uuid import UUID

from services.tokens import keyed_digest

TOKEN = re.compile("[0-9A-Za-z]{12}")
_LABEL = b"puntual/link\x00"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_PAIRS = [low + high for high in _ALPHABET for low in _ALPHABET]
_LENGTH = 12
_BYTES = 9


def link_token(secret: bytes, message_id: UUID, number: int) -> str:
    """The token of one attempt's link: 71 bits that only we can make, the same whenever it is made."""
    digest = keyed_digest(secret, _LABEL + message_id.bytes + number.to_bytes(2, "big"))
    rest, pairs = int.from_bytes(digest[:_BYTES], "big"), []
    for _ in range(_LENGTH // 2):
        rest, pair = divmod(rest, len(_PAIRS))
        pairs.append(_PAIRS[pair])
    return "".join(pairs)


def link_digest(token: str) -> bytes:
    """What is stored of a token, and found by it."""
    return hashlib.sha256(token.encode()).digest()[:16]
