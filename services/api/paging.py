"""Keyset pages: how many, and an opaque cursor that says where the last page ended."""

import base64
import binascii
import json
from datetime import datetime
from typing import Annotated

from fastapi import Query

from services.api.problems import Fault, Problem

Limit = Annotated[int, Query(ge=1, le=200, description="how many items a page has")]
Cursor = Annotated[str | None, Query(max_length=1024, description="`next` of the page before")]


def cursor_of(at: datetime, *more: str) -> str:
    """A cursor after this place."""
    text = json.dumps([at.isoformat(), *more], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def place_of(cursor: str, parts: int) -> tuple[datetime, list[str]]:
    """The instant and the further texts in a cursor; 422 where it is none of ours."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        at, *more = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        instant = datetime.fromisoformat(at)
    except (ValueError, TypeError, binascii.Error):
        raise _no_cursor() from None
    sound = len(more) == parts - 1 and all(isinstance(text, str) and "\x00" not in text for text in more)
    if instant.tzinfo is None or not sound:
        raise _no_cursor()
    return instant, more


def _no_cursor() -> Problem:
    fault = Fault(at="query.cursor", message="must be `next` of the page before, unchanged")
    return Problem(422, "the cursor can't be used", errors=[fault])
