"""The evidence pack of one person: everything that was done and decided, chained entry by entry and signed (Ed25519).

An altered, missing or moved entry breaks the chain at its place; an altered head breaks the signature. Nothing in a
pack is personal: contents are commitments, addresses are references.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.store.timeline import Happened

FORMAT = "puntual-evidence/1"
_LABEL = b"puntual/evidence"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of a pack found: faults in plain words, none for a sound pack."""

    faults: tuple[str, ...]
    entries: int
    public_key: str


class Signer:
    """Signs with a key derived from the deployment's secret, so that every process signs alike."""

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(hmac.digest(secret, _LABEL, "sha256"))

    @property
    def public_key(self) -> str:
        """The public key in base64, to be published beside the packs."""
        return _text(self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, data: bytes) -> str:
        """The signature in base64."""
        return _text(self._key.sign(data))


def signed_by(public_key: str, signature: str, data: bytes) -> bool:
    """Whether a signature (base64) over this was made with the key of this public key (base64)."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), data)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def build(
    debtor_ref: str,
    happened: Iterable[Happened],
    *,
    since: datetime | None,
    until: datetime | None,
    made_at: datetime,
    signer: Signer,
) -> dict[str, Any]:
    """The signed pack of what happened from `since` (inclusive) until `until` (exclusive)."""
    entries: list[dict[str, Any]] = []
    link = _digest(FORMAT.encode())
    for each in happened:
        if (since is None or each.at >= since) and (until is None or each.at < until):
            entry = {"at": each.at.isoformat(), "kind": each.kind, "ref": each.ref, "data": each.data}
            link = _link(link, entry)
            entries.append({**entry, "link": link})
    head = {
        "format": FORMAT,
        "debtorRef": debtor_ref,
        "from": since.isoformat() if since else None,
        "to": until.isoformat() if until else None,
        "madeAt": made_at.isoformat(),
        "entries": len(entries),
        "lastLink": link,
        "publicKey": signer.public_key,
    }
    return {"head": head, "signature": signer.sign(_canonical(head)), "entries": entries}


def check(pack: Any, *, trusted_keys: Collection[str] | None) -> Checked:
    """Whether a pack is as it was signed; `trusted_keys` are those it may be signed with, None for any."""
    try:
        return _check(pack, trusted_keys)
    except (KeyError, TypeError, AttributeError):
        return Checked(("this is not an evidence pack",), 0, "")


def _check(pack: Any, trusted_keys: Collection[str] | None) -> Checked:
    head, entries = pack["head"], pack["entries"]
    faults = []
    if head["format"] != FORMAT:
        faults.append(f"unknown format {head['format']!r}")
    if trusted_keys is not None and head["publicKey"] not in trusted_keys:
        faults.append("signed with another key than this deployment's")
    if not signed_by(head["publicKey"], pack["signature"], _canonical(head)):
        faults.append("the signature does not fit the head: it was altered")
    link = _digest(FORMAT.encode())
    for number, entry in enumerate(entries, start=1):
        given = entry["link"]
        link = _link(link, {name: entry[name] for name in ("at", "kind", "ref", "data")})
        if link != given:
            faults.append(f"entry {number} ({entry['kind']} {entry['at']}) or one before it was altered")
            break
    if len(entries) != head["entries"] or (entries and entries[-1]["link"] != head["lastLink"]):
        faults.append(f"{head['entries']} entries were signed, {len(entries)} are here, or the last is another")
    return Checked(tuple(faults), len(entries), head["publicKey"])


def _link(previous: str, entry: dict[str, Any]) -> str:
    return _digest(previous.encode() + _canonical(entry))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
