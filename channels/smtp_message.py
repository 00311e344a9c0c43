"""A mail as bytes: text and HTML side by side, with the headers that mailbox providers look for.

Built by hand since EmailMessage takes a millisecond for what is the same few headers every time.
"""

import re
from base64 import encodebytes
from email.header import Header
from email.utils import formataddr, formatdate, parseaddr

from channels.provider import Handover

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})")


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
        "Subject": _encoded(content.subject or ""),
        "Date": formatdate(at),
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
    lines = []
    for name, value in headers.items():
        if "\n" in value.replace("\r\n ", "") or "\r" in value.replace("\r\n ", ""):
            raise ValueError(f"a line break in the header {name}")
        lines.append(f"{name}: {value}\r\n")
    return "".join(lines).encode("ascii")


def _encoded(subject: str) -> str:
    if subject.isascii():
        return subject
    if "\n" in subject or "\r" in subject:
        raise ValueError("a line break in the header Subject")
    return Header(subject, "utf-8", maxlinelen=76).encode(linesep="\r\n")


def _part(kind: str, text: str) -> bytes:
    body = encodebytes(text.encode("utf-8")).replace(b"\n", b"\r\n")
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode("ascii") + body
