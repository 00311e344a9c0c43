"""JSON as events must be: UTF-8, unique keys, finite numbers, no NUL or lone surrogate, bounded depth."""

import json
import math
import re
from typing import Any

import orjson

from schemas.dead_letter import BadRecord, DeadLetterReason

MAX_DEPTH = 32
_SUSPICIOUS = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def loads(raw: bytes) -> Any:
    """Parse one document; raises BadRecord(invalid_event) that never quotes the text."""
    document = _plain(raw)
    if document is None:
        document = _decoded(raw)
        if _SUSPICIOUS.search(raw):
            check(document)
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
        check(document)
    return document


def _plain(raw: bytes) -> Any:
    """A document that is written as it was read, spaces aside: no key stands twice, no number lost a digit.

    Most documents are, and this takes a third of the strict decoder's time; None for the others.
    """
    if raw.find(b"\\") >= 0:
        return None
    try:
        document = orjson.loads(raw)
        written = orjson.dumps(document)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    return document if written.replace(b" ", b"") == raw.replace(b" ", b"") else None


def _decoded(raw: bytes) -> Any:
    try:
        return _DECODER.decode(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _invalid(f"the JSON is not UTF-8 (byte {error.start})") from None
    except json.JSONDecodeError as error:
        raise _invalid(f"not valid JSON (line {error.lineno}, column {error.colno}): {error.msg}") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise _invalid("the JSON holds a number that is too long") from None


def check(document: Any) -> None:
    """Refuse what a parsed document may not hold: nesting over MAX_DEPTH, NUL, lone surrogates."""
    pending = [(document, 0)]
    while pending:
        value, depth = pending.pop()
        if isinstance(value, str):
            _check_text(value)
        elif isinstance(value, dict | list):
            if depth >= MAX_DEPTH:
                raise _too_deep()
            members = value if isinstance(value, list) else [*value.keys(), *value.values()]
            pending.extend((member, depth + 1) for member in members)


def _check_text(text: str) -> None:
    if _UNSTORABLE.search(text):
        raise _invalid("the JSON holds a NUL character or half of a surrogate pair; remove it")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _invalid("the JSON repeats a key in one object; each key may stand once")
    return members


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _invalid("the JSON holds a number out of range")
    return number


def _no_constant(_name: str) -> Any:
    raise _invalid("NaN and Infinity are not JSON")


def _invalid(message: str) -> BadRecord:
    return BadRecord(DeadLetterReason.INVALID_EVENT, message)


def _too_deep() -> BadRecord:
    return _invalid(f"the JSON is nested deeper than {MAX_DEPTH} levels")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_finite, parse_constant=_no_constant)
