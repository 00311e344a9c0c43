"""What the status codes of mail mean, in the relay's answer (SMTP) or in a bounce that came later (RFC 3463)."""

import re
from collections.abc import Mapping
from enum import StrEnum

from schemas.enums import FailureClass

# Without the class in front, which tells whether it is for good.
BY_DETAIL: Mapping[str, FailureClass] = {
    "1.0": FailureClass.INVALID_ADDRESS,
    "1.1": FailureClass.INVALID_ADDRESS,
    "1.2": FailureClass.INVALID_ADDRESS,
    "1.3": FailureClass.INVALID_ADDRESS,
    "1.6": FailureClass.INVALID_ADDRESS,
    "1.10": FailureClass.INVALID_ADDRESS,
    "2.1": FailureClass.INVALID_ADDRESS,
    "4.4": FailureClass.INVALID_ADDRESS,
    "1.7": FailureClass.CONFIG,
    "1.8": FailureClass.CONFIG,
    # What SPF, DKIM and DMARC did not prove: the sender's domain needs repair, for these recipients at least.
    "7.20": FailureClass.CONFIG,
    "7.21": FailureClass.CONFIG,
    "7.22": FailureClass.CONFIG,
    "7.23": FailureClass.CONFIG,
    "7.24": FailureClass.CONFIG,
    "7.25": FailureClass.CONFIG,
    "7.26": FailureClass.CONFIG,
    "7.27": FailureClass.CONFIG,
    "7.515": FailureClass.CONFIG,
    "2.2": FailureClass.TEMPORARY,
    "2.3": FailureClass.BUG,
    "3.4": FailureClass.BUG,
}
# A full mailbox is emptied; a sender address that the relay does not know closes the way for all until it is repaired.
PASSING = frozenset({"2.2", "1.7", "1.8"})
ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3}\.\d{1,3})(?![\d.]*\d)")


class Stage(StrEnum):
    """How far a mail came before the relay refused it."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"


def refused(code: int, text: str, stage: Stage) -> tuple[FailureClass, bool, str]:
    """What a 4xx or 5xx means: its class, whether it is for good, and the codes alone of what was said."""
    found = ENHANCED.search(text)
    detail = found[2] if found else ""
    said = f"{code} {found[0]}" if found else str(code)
    permanent = code >= 500
    if not permanent:
        return FailureClass.TEMPORARY, False, said
    if stage is Stage.SENDER and detail != "3.4":
        return FailureClass.CONFIG, False, said
    known = BY_DETAIL.get(detail)
    if known is not None:
        return known, detail not in PASSING, said
    if stage is Stage.RECIPIENT and not detail.startswith("7."):
        return FailureClass.INVALID_ADDRESS, True, said
    return FailureClass.BLOCKED, True, said


def bounced(status: str, diagnostic: str) -> FailureClass:
    """Why a mail that was accepted came back; a status that says nothing is read from the diagnostic text."""
    found = ENHANCED.search(status) or ENHANCED.search(diagnostic)
    if found is not None and found[2] == "0.0":
        found = ENHANCED.search(diagnostic) or found
    if found is None:
        return FailureClass.NOT_DELIVERED_BY_CHANNEL
    if found[1] == "4":
        return FailureClass.TEMPORARY
    detail = found[2]
    if detail == "0.0" or detail in BY_DETAIL:
        return BY_DETAIL.get(detail, FailureClass.INVALID_ADDRESS)
    return FailureClass.BLOCKED if detail.startswith("7.") else FailureClass.NOT_DELIVERED_BY_CHANNEL


def status_of(*texts: str) -> str | None:
    """The first enhanced status in these texts, None where there is none."""
    return next((found[0] for text in texts if (found := ENHANCED.search(text))), None)
