"""What comes back by mail: bounces (RFC 3464 and what is no standard), complaints (RFC 5965), and people's answers.

Nothing of it is signed: a mail counts for an attempt by the token of its address, or by the id of the mail it quotes.
"""

import hashlib
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses
from typing import TypeVar
from uuid import UUID

from flufl.bounce import all_failures

from channels.mail_text import header_text, own_words, part_text
from channels.smtp_codes import bounced, status_of
from schemas.enums import AttemptState, FailureClass

T = TypeVar("T")

LONGEST_REPORT = 200_000
LONGEST_NAME = 400
BOUNCE_PREFIX = "b"
TOKEN = re.compile(r"([A-Za-z0-9._-]+)\+([0-9a-f]{32}=[0-9a-f]{16})@", re.IGNORECASE)
BARE_TOKEN = re.compile(r"[0-9a-f]{32}(?:=|\+3D)[0-9a-f]{16}", re.IGNORECASE)
OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^>\s]{1,255}>", re.IGNORECASE)
ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
DAEMON = re.compile(r"(mailer-daemon|postmaster|mail-daemon|mdaemon)@", re.IGNORECASE)
UNWANTED = frozenset({"abuse", "fraud", "other", "opt-out", "opt-out-list", "miscategorized"})
STATE_OF = {"failed": AttemptState.UNDELIVERED, "delivered": AttemptState.DELIVERED}
# Few on purpose: a person's stop that is taken for a machine's note would be lost.
MACHINE_HEADERS = ("X-Autoreply", "X-Autorespond")


# Its tracebacks would quote the mail.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)


class NoMail(ValueError):
    """What was handed in is not a mail."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a mail server says of a mail that it had accepted; `state` is None for a delay or what can't be read."""

    state: AttemptState | None
    status: str
    failure: FailureClass | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Complaint:
    """A reader called the mail unwanted; `kind` is the provider's word for it."""

    kind: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person wrote; `leaving` that they wrote to the mailbox for those who want no more mail."""

    text: str
    from_address: str
    to_address: str
    message_id: str
    leaving: bool


@dataclass(frozen=True, slots=True)
class Automatic:
    """A machine's courtesy: out of office, read receipts, reports of other kinds."""


@dataclass(frozen=True, slots=True)
class Returned:
    """One mail that came back, with the tokens and the mails of ours that it names, the surest first."""

    content: Bounce | Complaint | Reply | Automatic
    tokens: tuple[str, ...]
    quoted: tuple[UUID, ...]


def read_returned(raw: bytes, recipient: str = "") -> Returned:
    """Read a mail; `recipient` is the envelope's, where the mail server tells it. Raises NoMail."""
    message = message_from_bytes(raw, policy=compat32)
    if not message.keys():
        raise NoMail("this is no mail: it has no headers")
    addressed = _addressed(message, recipient)
    found = TOKEN.findall(addressed)
    content = _content(message, raw, [prefix.lower() for prefix, _ in found])
    tokens = [token for _, token in found]
    if not isinstance(content, Reply):
        tokens += [token.replace("+3D", "=").replace("+3d", "=") for token in BARE_TOKEN.findall(_quoted(message))]
    names = _references(message) if isinstance(content, Reply) else f"{_references(message)} {_quoted(message)}"
    return Returned(content, _once(tokens), _once([UUID(each) for each in OURS.findall(names)]))


def _addressed(message: Message, recipient: str) -> str:
    return " ".join([recipient, *(str(value) for name in ADDRESSED for value in message.get_all(name, []))]) + " "


def _content(message: Message, raw: bytes, prefixes: list[str]) -> Bounce | Complaint | Reply | Automatic:
    kinds = {part.get_content_type(): part for part in message.walk()}
    if (report := kinds.get("message/feedback-report")) is not None:
        return _complaint(report)
    delivery = kinds.get("message/delivery-status") or kinds.get("message/global-delivery-status")
    if delivery is not None and (bounce := _by_the_book(delivery)) is not None:
        return bounce
    if "message/disposition-notification" in kinds:
        return Automatic()
    leaving = any(prefix != BOUNCE_PREFIX for prefix in prefixes)
    daemon = _from_daemon(message)
    if daemon or (_automatic(message) and not leaving):
        return _as_machines_write(message) or (_unreadable(message) if daemon else Automatic())
    return _reply(message, raw, leaving)


def _complaint(report: Message) -> Complaint | Automatic:
    """A report that the mail was wanted after all, or about its signatures, is no complaint."""
    kind = next((word for block in _blocks(report) if (word := _word(block, "Feedback-Type"))), "abuse")
    return Complaint(kind) if kind in UNWANTED else Automatic()


def _by_the_book(report: Message) -> Bounce | None:
    """The gravest word of a delivery report; mail of ours has one recipient, but an alias may have many."""
    found = [(_word(block, "Action"), block) for block in _blocks(report)]
    told = [pair for pair in found if pair[0]]
    if not told:
        return None
    action, block = next((pair for pair in told if pair[0] == "failed"), told[0])
    status, diagnostic = _word(block, "Status"), header_text(block, "Diagnostic-Code")
    failure = bounced(status, diagnostic) if action == "failed" else None
    return Bounce(STATE_OF.get(action), f"dsn-{action}"[:40], failure, status_of(status, diagnostic))


def _as_machines_write(message: Message) -> Bounce | None:
    """What many mail servers wrote before there was a standard."""
    try:
        passing, lasting = all_failures(message)
    except Exception:
        # Its readers take the shape of a mail for granted; what none can read stays a note on the attempt.
        return None
    if not passing and not lasting:
        return None
    text = _quoted(message)
    if not lasting:
        return Bounce(None, "bounce-delayed", None, status_of(text))
    code = status_of(text)
    return Bounce(AttemptState.UNDELIVERED, "bounce-failed", bounced(code or "", ""), code)


def _unreadable(message: Message) -> Bounce:
    return Bounce(None, "bounce-unreadable", None, status_of(_quoted(message)))


def _reply(message: Message, raw: bytes, leaving: bool) -> Reply:
    return Reply(
        text=own_words(message),
        from_address=_address(message, "From"),
        to_address=_address(message, "To"),
        message_id=_name(message, raw),
        leaving=leaving,
    )


def _from_daemon(message: Message) -> bool:
    path = message.get("Return-Path")
    return (path is not None and str(path).strip() == "<>") or DAEMON.search(str(message.get("From", ""))) is not None


def _automatic(message: Message) -> bool:
    """Whether a machine wrote it (RFC 3834, and what was usual before)."""
    submitted = _word(message, "Auto-Submitted")
    if submitted and not submitted.startswith("no"):
        return True
    return _word(message, "Precedence") == "auto_reply" or any(
        message.get(name) is not None for name in MACHINE_HEADERS
    )


def _blocks(report: Message) -> Iterator[Message]:
    """The groups of fields of a report, however the parser cut them."""
    payload = report.get_payload()
    parts = payload if isinstance(payload, list) else [message_from_string(str(payload))]
    for part in parts:
        if isinstance(part, Message):
            yield part
            rest = part.get_payload()
            if isinstance(rest, str):
                yield from (message_from_string(text) for text in re.split(r"\r?\n\r?\n", rest) if text.strip())


def _quoted(message: Message) -> str:
    """Everything a report says: its texts, its fields, the headers of the mail that it returns."""
    texts = []
    for part in message.walk():
        texts += [f"{name}: {value}" for name, value in part.items()] if part is not message else []
        if not part.is_multipart():
            texts.append(part_text(part))
    return "\n".join(texts)[:LONGEST_REPORT]


def _references(message: Message) -> str:
    return f"{message.get('In-Reply-To', '')} {message.get('References', '')}"


def _address(message: Message, name: str) -> str:
    found = getaddresses([str(value) for value in message.get_all(name, [])])
    return next((address.strip() for _, address in found if "@" in address), "")


def _name(message: Message, raw: bytes) -> str:
    """The mail's own id; a digest where it has none, so that the same mail is taken once."""
    named = str(message.get("Message-ID", "")).strip()[:LONGEST_NAME]
    return named or f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _word(block: Message, name: str) -> str:
    return str(block.get(name, "")).partition(";")[0].partition("(")[0].strip().lower()


def _once(values: list[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
