"""Short url-safe signatures for callback addresses and links."""

import base64
import hmac
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

_BYTES = 16


def sign(secret: bytes, *parts: str) -> str:
    """A 22-character signature over the parts in order; the first part should name the purpose."""
    return base64.urlsafe_b64encode(keyed_digest(secret, _joined(parts))[:_BYTES]).rstrip(b"=").decode("ascii")


def verify(secret: bytes, token: str, *parts: str) -> bool:
    """Whether `token` is the signature over these parts, compared in constant time."""
    return hmac.compare_digest(sign(secret, *parts).encode("ascii"), token.encode("utf-8", "replace"))


def keyed_digest(secret: bytes, message: bytes) -> bytes:
    """HMAC-SHA-256; the key is worked in once, which is most of it for a short message."""
    mac = _keyed(secret).copy()
    mac.update(message)
    return mac.finalize()


@lru_cache(maxsize=16)
def _keyed(secret: bytes) -> HMAC:
    return HMAC(secret, SHA256())


def _joined(parts: tuple[str, ...]) -> bytes:
    """Each part after its length, so that no two lists of parts look alike."""
    return b"".join([len(part).to_bytes(4, "big") + part for part in map(str.encode, parts)])
