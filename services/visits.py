"""Who follows a link: a person, or one of the machines that look at links before people do."""

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

QUICK = timedelta(seconds=10)
BURST = timedelta(seconds=10)
BURST_LINKS = 5
"""So many different links within `BURST` from one address and browser are a machine's round."""

_PREVIEWS = re.compile(
    r"whatsapp|facebookexternalhit|facebot|meta-external|slackbot|slack-imgproxy|twitterbot|telegrambot|linkedinbot"
    r"|discordbot|skypeuripreview|microsoftpreview|bingpreview|googlebot|google-safety|googleimageproxy|applebot"
    r"|yahoomailproxy|yandexbot|baiduspider|duckduckbot|petalbot|pinterestbot|redditbot|vkshare"
    r"|mimecast|proofpoint|urldefense|barracuda|cloudmark|fireeye|trendmicro|sophos|symantec|messagelabs|forcepoint"
    r"|zscaler|cisco-?email|ironport|safelinks|microsoft office|ms-office|iframely|embedly"
    r"|bot\b|crawler|spider|preview|scanner|monitor|headlesschrome|phantomjs|puppeteer|playwright|lighthouse"
    r"|curl/|wget/|python|aiohttp|httpx|go-http-client|okhttp|java/|libwww|axios|node-fetch|undici|ruby|perl",
    re.IGNORECASE,
)
_PHONES = re.compile(r"iphone|ipad|android|mobile", re.IGNORECASE)
_LOOKING_AHEAD = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)


class Scanner(StrEnum):
    """How a machine was told from a person."""

    HEAD = "head"
    AGENT = "agent"
    PREFETCH = "prefetch"
    QUICK = "quick"
    BURST = "burst"


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for a link, as far as it is looked at."""

    method: str
    agent: str
    language: str
    purpose: str
    address: str

    @classmethod
    def of(cls, method: str, headers: Mapping[str, str], address: str) -> "Visit":
        """What a request's headers say."""
        purpose = " ".join(headers.get(name, "") for name in ("sec-purpose", "purpose", "x-purpose", "x-moz"))
        agent, language = headers.get("user-agent", ""), headers.get("accept-language", "")
        return cls(method, agent[:500], language[:200], purpose[:100], address)


def declared(visit: Visit) -> Scanner | None:
    """What a machine says of itself; it is shown no payment page, so that no preview can tell of a payment."""
    if visit.method == "HEAD":
        return Scanner.HEAD
    if _LOOKING_AHEAD.search(visit.purpose):
        return Scanner.PREFETCH
    return Scanner.AGENT if not visit.agent or _PREVIEWS.search(visit.agent) else None


def suspected(visit: Visit, *, handed_at: datetime | None, now: datetime, links_of_late: int) -> Scanner | None:
    """What only looks like a machine: it is let through, since a person would have to be, but does not count."""
    if links_of_late >= BURST_LINKS - 1 and _is_public(visit.address):
        return Scanner.BURST
    quick = handed_at is not None and now - handed_at < QUICK
    return Scanner.QUICK if quick and (not visit.language or not _PHONES.search(visit.agent)) else None


def origin(secret: bytes, visit: Visit, now: datetime) -> bytes:
    """Tells visits of one address and browser together for a day, and nothing else about them."""
    parts = f"puntual/visit\x00{now.date()}\x00{visit.address}\x00{visit.agent}"
    return hashlib.sha256(hmac.digest(secret, parts.encode(), "sha256")).digest()[:8]


def _is_public(address: str) -> bool:
    """An address of a private network is a proxy's of our own, behind which is everybody."""
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False
