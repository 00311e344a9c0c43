"""The lender's payment page: its address with what is to be paid, signed so that the page can trust it."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from schemas.money import Money

_LABEL = b"puntual/payment-page"
SIGNED = ("loan", "installment", "amount", "currency", "expires", "link")
"""The parameters that the signature covers, in its order; one that is absent counts as empty."""
SIGNATURE = "signature"
_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Payable:
    """What a link asks to be paid; without `amount` the page knows better than we do."""

    loan_ref: str
    installment: int | None
    amount: Money | None
    link_ref: str


def payment_page_key(secret: bytes) -> bytes:
    """The key that the lender's page checks signatures with."""
    return hmac.digest(secret, _LABEL, "sha256")


def payment_address(page: str, payable: Payable, *, key: bytes, expires_at: datetime) -> str:
    """The page's address with a signed query; its own other parameters stay."""
    asked = {
        "loan": payable.loan_ref,
        "installment": str(payable.installment) if payable.installment is not None else "",
        "amount": _plain(payable.amount.amount) if payable.amount else "",
        "currency": payable.amount.currency if payable.amount else "",
        "expires": str(int(expires_at.timestamp())),
        "link": payable.link_ref,
    }
    parts = urlsplit(page)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in SIGNED]
    query = [(name, value) for name, value in kept if name != SIGNATURE]
    query += [(name, value) for name, value in asked.items() if value]
    query.append((SIGNATURE, signature(key, asked)))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), parts.fragment))


def signature(key: bytes, parameters: Mapping[str, str]) -> str:
    """HMAC-SHA256 in hex over a version and the values of `SIGNED`, a line each."""
    lines = [_VERSION, *(parameters.get(name, "") for name in SIGNED)]
    return hmac.digest(key, "\n".join(lines).encode(), "sha256").hex()


def _plain(amount: Decimal) -> str:
    """With two decimals or more, and no zeros beyond them."""
    whole, _, decimals = format(amount.normalize(), "f").partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def is_web_page(address: str) -> bool:
    """Whether somebody may be sent there: a web address with a host and nobody's name or password in it."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False
