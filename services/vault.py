"""Personal data at rest: sealed under a key per person, wrapped by a deployment key; found by a blind index.

Tokens are `version | length of key id | key id | nonce | ciphertext and tag` (AES-256-GCM); what is sealed
under a person's key has an empty key id, since the wrapped key names the deployment key.
"""

import hmac
import os
from collections.abc import Callable, Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.keyring import KEY_BYTES, DeploymentKey

_VERSION = 1
_NONCE_BYTES = 12
_TAG_BYTES = 16
_BLIND_BYTES = 16
_PERSON_KEY_CONTEXT = b"puntual/person-key"
_BLIND_INDEX_LABEL = b"puntual/blind-index"


class VaultProblem(Exception):
    """Something sealed cannot be opened; the text never holds the data."""


class UnknownKey(VaultProblem):
    """Sealed under a deployment key that is not among the keys of PUNTUAL_PII_KEYS."""


class NotAuthentic(VaultProblem):
    """Altered, cut short, or sealed for another key or context."""


class Vault:
    """Seals and opens under the deployment keys, newest first; the last one also keys the blind index.

    New tokens use the newest key; older keys stay listed for as long as anything sealed under them is kept,
    and the oldest for good, since the index is derived from it.
    """

    def __init__(self, keys: Sequence[DeploymentKey], *, cached_persons: int = 20_000) -> None:
        if not keys:
            raise VaultProblem("no deployment key; set PUNTUAL_PII_KEYS")
        self._newest = keys[0]
        self._ciphers = {key.id: AESGCM(key.secret) for key in keys}
        self._index_key = hmac.digest(keys[-1].secret, _BLIND_INDEX_LABEL, "sha256")
        self._person: Callable[[bytes], AESGCM] = lru_cache(maxsize=cached_persons)(self._unwrap)

    def new_person_key(self) -> bytes:
        """A new random key for one person, wrapped; deleting it erases everything sealed under it."""
        return self.seal_raw(os.urandom(KEY_BYTES), _PERSON_KEY_CONTEXT)

    def seal(self, wrapped_key: bytes, plaintext: bytes, context: bytes) -> bytes:
        """Seal under a person's key; `context` (table, column, owner) must be the same when opened."""
        return _sealed(self._person(wrapped_key), b"", plaintext, context)

    def open(self, wrapped_key: bytes, token: bytes, context: bytes) -> bytes:
        """What was sealed under a person's key; raises VaultProblem."""
        _key_id, body = _split(token)
        return _opened(self._person(wrapped_key), body, context)

    def seal_raw(self, plaintext: bytes, context: bytes) -> bytes:
        """Seal under the newest deployment key, for what belongs to no known person."""
        return _sealed(self._ciphers[self._newest.id], self._newest.id.encode(), plaintext, context)

    def open_raw(self, token: bytes, context: bytes) -> bytes:
        """What `seal_raw` sealed; raises VaultProblem."""
        key_id, body = _split(token)
        return _opened(self._cipher(key_id), body, context)

    def blind(self, value: str) -> bytes:
        """A keyed 16-byte index of a canonical value (E.164 number, lower-case mailbox)."""
        return hmac.digest(self._index_key, value.encode(), "sha256")[:_BLIND_BYTES]

    @staticmethod
    def commit(salt: bytes, text: str) -> bytes:
        """A salted 32-byte commitment to a text, for evidence that outlives the text."""
        return hmac.digest(salt, text.encode(), "sha256")

    def _unwrap(self, wrapped_key: bytes) -> AESGCM:
        return AESGCM(self.open_raw(wrapped_key, _PERSON_KEY_CONTEXT))

    def _cipher(self, key_id: str) -> AESGCM:
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise UnknownKey(f"sealed under key {key_id!r}; add that key to PUNTUAL_PII_KEYS")
        return cipher


def _sealed(cipher: AESGCM, key_id: bytes, plaintext: bytes, context: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return bytes((_VERSION, len(key_id))) + key_id + nonce + cipher.encrypt(nonce, plaintext, context)


def _split(token: bytes) -> tuple[str, bytes]:
    """Key id and the rest (nonce, ciphertext, tag) of a token."""
    if len(token) < 2 or token[0] != _VERSION:
        raise NotAuthentic("not a sealed value of this version")
    end = 2 + token[1]
    body = token[end:]
    if len(body) < _NONCE_BYTES + _TAG_BYTES:
        raise NotAuthentic("a sealed value was cut short")
    return token[2:end].decode("ascii", "replace"), body


def _opened(cipher: AESGCM, body: bytes, context: bytes) -> bytes:
    try:
        return cipher.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], context)
    except InvalidTag:
        raise NotAuthentic("a sealed value was altered, or belongs to another key or context") from None
