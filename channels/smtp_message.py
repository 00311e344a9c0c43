"""A mail as bytes: text and HTML side by side, with the headers that mailbox providers look for.

Built by hand since EmailMessage takes a millisecond for what is the same few headers every time.
"""

import re
from base64 import encodebytes
from email.header import Header
from email.utils import formataddr, formatdate, parseaddr

from channels.provider import Handover

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})")

CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def is_address(text: str) -> bool:
    """Whether a mail can be addressed so; nothing that could end an SMTP command passes."""
    return ADDRESS.fullmatch(text) is not None


def message_id(handover: Handover) -> str:
    """Names the mail, without its angle brackets; the same for the same attempt."""
    return f"{handover.attempt_id}@{sender_address(handover).rpartition('@')[2]}"


def sender_address(handover: Handover) -> str:
    """The address part of the sender, empty where it has none."""
    return parseaddr(handover.sender)[1]


def mail(handover: Handover, *, at: float) -> bytes:
    """The whole mail; `at` is seconds since 1970. Raises ValueError for a header with a line break."""
    content = handover.content
    boundary = f"=_{handover.attempt_id.hex}"
    headers = {
        "From": formataddr(parseaddr(handover.sender), charset="utf-8"),
        "To": handover.to,
        "Subject": content.subject or "",
        "Date": formatdate(at).replace("-0000", "+0000"),
        "Message-ID": f"<{message_id(handover)}>",
        "MIME-Version": "1.0",
        "Auto-Submitted": "auto-generated",
        "Content-Language": content.language,
    }
    if handover.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{handover.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    head = _head(headers)
    text = _part("plain", content.text)
    if content.html is None:
        return head + text
    both = (text, _part("html", content.html))
    parts = b"".join(b"--%b\r\n%b\r\n" % (boundary.encode(), part) for part in both)
    kind = f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'.encode()
    return head + kind + parts + f"--{boundary}--\r\n".encode()


def _head(headers: dict[str, str]) -> bytes:
    for name, value in headers.items():
        if CONTROL.search(value):
            raise ValueError(f"a line break or control character in the header {name}")
    return "".join(f"{name}: {_encoded(value)}\r\n" for name, value in headers.items()).encode("ascii")


def _encoded(value: str) -> str:
    return value if value.isascii() else Header(value, "utf-8", maxlinelen=76).encode(linesep="\r\n")


def _part(kind: str, text: str) -> bytes:
    body = encodebytes(text.encode("utf-8")).replace(b"\n", b"\r\n")
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode("ascii") + body
