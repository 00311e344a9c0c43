"""Short url-safe signatures for callback addresses and links."""

import base64
import hmac

_BYTES = 16


def sign(secret: bytes, *parts: str) -> str:
    """A 22-character signature over the parts in order; the first part should name the purpose."""
    digest = hmac.digest(secret, _joined(parts), "sha256")[:_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def verify(secret: bytes, token: str, *parts: str) -> bool:
    """Whether `token` is the signature over these parts, compared in constant time."""
    return hmac.compare_digest(sign(secret, *parts).encode("ascii"), token.encode("utf-8", "replace"))


def _joined(parts: tuple[str, ...]) -> bytes:
    """Each part after its length, so that no two lists of parts look alike."""
    encoded = [part.encode("utf-8") for part in parts]
    return b"".join([len(part).to_bytes(4, "big") + part for part in encoded])
