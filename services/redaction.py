"""A second belt: masks what looks like a phone number or a mailbox before a log line leaves the process."""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

MASK = "[redacted]"

_MAILBOX = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_INTERNATIONAL = re.compile(r"\+\d(?:[ ().-]?\d){6,15}")
_BARE_DIGITS = re.compile(r"(?<![\w.+-])\d{10,15}(?![\w-]|\.\d)")
_GROUPED = re.compile(r"(?<![\w-])\(?\d{2,4}\)?[ .-]\d{3,4}[ .-]\d{4}(?![\w-])")
_PATTERNS = (_MAILBOX, _INTERNATIONAL, _BARE_DIGITS, _GROUPED)
_OURS = frozenset({"timestamp", "level", "logger"})


def redacted(text: str) -> str:
    """The text with every phone number and mailbox masked; ids and instants stay as they are."""
    for pattern in _PATTERNS:
        text = pattern.sub(MASK, text)
    return text


def redact_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """A structlog processor that masks every text of an event, however deep."""
    return {key: value if key in _OURS else _redacted_value(value) for key, value in event.items()}


def _redacted_value(value: Any) -> Any:
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, bytes):
        return f"[{len(value)} bytes]"
    if isinstance(value, Mapping):
        return {_redacted_value(key): _redacted_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted_value(item) for item in value]
    if isinstance(value, int | float | bool | None):
        return value
    return redacted(str(value))
