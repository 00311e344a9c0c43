"""Whether a callback was signed by Twilio: one HMAC over the public address and the sorted form."""

import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

SIGNATURE = "x-twilio-signature"
SETTINGS = "x-twilio-webhooks-signature-settings"
HASHES = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}
DEFAULT_PORTS = {"https": 443, "http": 80}


def is_signed(token: bytes, *, url: str, form: Sequence[tuple[str, str]], headers: Mapping[str, str]) -> bool:
    """Whether `headers` hold the account's signature of `url` and `form` (https://www.twilio.com/docs/usage/security).

    Twilio signs with or without the default port, whatever the address says, so both are tried.
    """
    given = _header(headers, SIGNATURE)
    hash_name = _algorithm(_header(headers, SETTINGS))
    if not given or hash_name not in HASHES or "bodySHA256=" in url:
        return False
    tail = "".join(name + value for name, value in sorted(set(form)))
    expected = given.encode("utf-8", "surrogatepass")
    if _fits(token, url + tail, hash_name, expected):
        return True
    other = _other_port_form(url)
    return other is not None and _fits(token, other + tail, hash_name, expected)


def _fits(token: bytes, text: str, hash_name: str, expected: bytes) -> bool:
    mac = hmac.digest(token, text.encode("utf-8", "surrogatepass"), HASHES[hash_name])
    return hmac.compare_digest(b64encode(mac), expected)


def _header(headers: Mapping[str, str], name: str) -> str | None:
    found = headers.get(name)
    if found is not None:
        return found
    return next((value for key, value in headers.items() if key.lower() == name), None)


def _algorithm(settings: str | None) -> str:
    for part in (settings or "").split(","):
        name, _, value = part.partition("=")
        if name.strip() == "algorithm" and value.strip():
            return value.strip().upper()
    return "HMAC_SHA1"


def _other_port_form(url: str) -> str | None:
    """The same address with its default port added or left out; None where it names another port."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    default = DEFAULT_PORTS.get(parts.scheme)
    if default is None or port not in (None, default):
        return None
    prefix, rest = f"{parts.scheme}://", url[len(parts.scheme) + 3 :]
    end = len(parts.netloc)
    host = parts.netloc if port is None else parts.netloc.rpartition(":")[0]
    return prefix + (f"{host}:{default}" if port is None else host) + rest[end:]
