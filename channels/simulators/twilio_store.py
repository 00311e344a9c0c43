"""What the simulated Twilio took, in the shapes of its Messages and Calls resources."""

import json
import math
from collections import defaultdict
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Generic, Protocol, TypeVar
from urllib.parse import urlencode

API = "/2010-04-01/Accounts"
MAX_PAGE = 1000


class Record(Protocol):
    """Anything that is listed by number and found by SID."""

    sid: str
    to: str
    sender: str

    def resource(self) -> dict[str, object]:
        """Its JSON."""


Kept = TypeVar("Kept", bound=Record)


@dataclass(slots=True)
class SimulatedMessage:
    """One accepted message; `at` is seconds since 1970."""

    sid: str
    account_sid: str
    to: str
    sender: str
    body: str
    callback: str | None
    at: float
    fields: dict[str, str]
    status: str = "queued"
    error_code: int | None = None
    statuses: list[str] = field(default_factory=list)

    @property
    def parts(self) -> int:
        """Roughly the SMS parts: 153 or 67 characters in each of several."""
        single, many = (160, 153) if self.body.isascii() else (70, 67)
        return 1 if len(self.body) <= single else math.ceil(len(self.body) / many)

    def resource(self) -> dict[str, object]:
        """The JSON of the Messages resource."""
        stamp = formatdate(self.at).replace("-0000", "+0000")
        service = self.sender if self.sender.startswith("MG") else None
        uri = f"{API}/{self.account_sid}/Messages/{self.sid}"
        return {
            "account_sid": self.account_sid,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": stamp,
            "date_sent": None if self.status in ("queued", "accepted") else stamp,
            "date_updated": stamp,
            "direction": "outbound-api",
            "error_code": self.error_code,
            "error_message": None,
            "from": None if service else self.sender,
            "messaging_service_sid": service,
            "num_media": "0",
            "num_segments": "0" if service else str(self.parts),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }


@dataclass(slots=True)
class SimulatedCall:
    """One call; `scripts` has every TwiML document it was told, in order, `repeats` those it was told again.

    `asked` are the addresses that it asked, each with what was pressed.
    """

    sid: str
    account_sid: str
    to: str
    sender: str
    url: str
    callback: str | None
    events: tuple[str, ...]
    at: float
    fields: dict[str, str]
    status: str = "queued"
    scripts: list[str] = field(default_factory=list)
    repeats: list[str] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    direction: str = "outbound-api"
    sequence: int = 0

    def resource(self) -> dict[str, object]:
        """The JSON of the Calls resource."""
        stamp = formatdate(self.at).replace("-0000", "+0000")
        # "initiated" is a word of callbacks alone.
        status = "queued" if self.status == "initiated" else self.status
        return {
            "account_sid": self.account_sid,
            "answered_by": None,
            "api_version": "2010-04-01",
            "date_created": stamp,
            "date_updated": stamp,
            "direction": self.direction,
            "duration": None,
            "end_time": None,
            "from": self.sender,
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "start_time": None if status == "queued" else stamp,
            "status": status,
            "to": self.to,
            "uri": f"{API}/{self.account_sid}/Calls/{self.sid}.json",
        }


class Store(Generic[Kept]):
    """Everything of one kind that was accepted, in order; `kind` is its name in lists."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self.records: list[Kept] = []
        self._by_sid: dict[str, Kept] = {}
        self._by_number: defaultdict[str, list[Kept]] = defaultdict(list)

    def add(self, record: Kept) -> None:
        """Remember one more."""
        self.records.append(record)
        self._by_sid[record.sid] = record
        self._by_number[record.to].append(record)

    def get(self, sid: str) -> Kept | None:
        """The one with this SID."""
        return self._by_sid.get(sid)

    def page(self, path: str, query: dict[str, str]) -> bytes:
        """A page of the list at `path`, newest first, filtered by To and From."""
        source = self._by_number.get(query["To"], []) if "To" in query else self.records
        sender = query.get("From")
        wanted = [each for each in reversed(source) if sender in (None, each.sender)]
        size = min(max(int(query.get("PageSize", "50")), 1), MAX_PAGE)
        number = int(query.get("Page", "0"))
        shown = wanted[number * size : (number + 1) * size]
        more = len(wanted) > (number + 1) * size
        following = f"{path}?{urlencode({**query, 'Page': number + 1, 'PageSize': size})}" if more else None
        return json.dumps(
            {
                self._kind: [each.resource() for each in shown],
                "page": number,
                "page_size": size,
                "first_page_uri": path,
                "previous_page_uri": None,
                "next_page_uri": following,
                "uri": path,
                "start": number * size,
                "end": number * size + max(len(shown) - 1, 0),
            }
        ).encode()

    def clear(self) -> None:
        """Forget everything."""
        self.records.clear()
        self._by_sid.clear()
        self._by_number.clear()
