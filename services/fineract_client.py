"""Fineract's REST interface, read only: paced, few calls at a time, answers kept a while.

Reading twice does no harm, so a call that fails is repeated twice. Answers hold personal data and are never logged.
"""

import asyncio
import json
from base64 import b64encode
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import aiohttp
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from services import telemetry
from services.clock import Clock
from services.settings import Settings

LOAN = "loans/{}"
LOAN_IN_FULL = "loans/{}?associations=repaymentSchedule,collection"
CLIENT = "clients/{}"
_AT_ONCE = 8
_CONNECT_SECONDS = 3.0
_CALL_SECONDS = 10.0
_KEPT = 10_000
_FRESH = timedelta(minutes=10)
_LARGEST = 4 * 1024 * 1024
_TRANSIENT = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, TimeoutError)


class DetailsRefused(Exception):
    """Fineract does not answer us: credentials, rights, tenant or address are wrong. Asking again is of no use."""


class DetailsAway(Exception):
    """Fineract is away, too slow or in trouble; asking again later may help."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON object and the instant at which it was asked for; None where Fineract knows no such thing."""

    body: dict[str, Any] | None
    asked_at: datetime


class FineractClient:
    """Asks one Fineract as one tenant; use as a context."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._base = settings.fineract_url.rstrip("/") + "/fineract-provider/api/v1/"
        self._headers = {
            "Authorization": _basic(settings),
            "Fineract-Platform-TenantId": settings.fineract_tenant,
            "Accept": "application/json",
        }
        self._clock = clock
        self._seconds_each = 1 / settings.fineract_per_second
        self._next_turn = 0.0
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "FineractClient":
        limits = aiohttp.ClientTimeout(total=_CALL_SECONDS, connect=_CONNECT_SECONDS)
        self._session = aiohttp.ClientSession(headers=self._headers, timeout=limits)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def ask(self, path: str, number: str, *, after: datetime | None = None) -> Answer:
        """The answer to a path with the number in it, one that was asked for since `after`.

        Raises DetailsRefused or DetailsAway.
        """
        key = path.format(number)
        kept = self._kept.get(key)
        if kept is not None and kept.asked_at >= max(after or kept.asked_at, self._clock.now() - _FRESH):
            telemetry.FINERACT_DETAILS.labels("kept").inc()
            return kept
        try:
            answer = await self._insist(key)
        except (DetailsAway, DetailsRefused) as problem:
            telemetry.FINERACT_DETAILS.labels("away" if isinstance(problem, DetailsAway) else "refused").inc()
            raise
        telemetry.FINERACT_DETAILS.labels("missing" if answer.body is None else "answered").inc()
        self._keep(key, answer)
        return answer

    async def _insist(self, key: str) -> Answer:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(DetailsAway),
            wait=wait_exponential_jitter(multiplier=0.1, max=2.0),
            stop=stop_after_attempt(3),
            reraise=True,
        ):
            with attempt:
                async with self._slots:
                    await self._turn()
                    return await self._get(key)
        raise AssertionError("tenacity gave up without being told to")

    async def _turn(self) -> None:
        """Wait for this call's place in the pace."""
        now = asyncio.get_running_loop().time()
        turn = max(now, self._next_turn)
        self._next_turn = turn + self._seconds_each
        await asyncio.sleep(turn - now)

    async def _get(self, key: str) -> Answer:
        assert self._session is not None
        asked_at = self._clock.now()
        try:
            async with self._session.get(self._base + key, allow_redirects=False) as response:
                _demand_readable(response.status)
                if response.status == 404:
                    return Answer(None, asked_at)
                return Answer(_object(await _whole(response)), asked_at)
        except _TRANSIENT as error:
            raise DetailsAway(type(error).__name__) from None
        except aiohttp.ClientError as error:
            raise DetailsRefused(type(error).__name__) from None

    def _keep(self, key: str, answer: Answer) -> None:
        self._kept[key] = answer
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


def _basic(settings: Settings) -> str:
    password = settings.fineract_password
    pair = f"{settings.fineract_username}:{'' if password is None else password.get_secret_value()}"
    return "Basic " + b64encode(pair.encode()).decode()


def _demand_readable(status: int) -> None:
    if status == 429 or status >= 500:
        raise DetailsAway(f"HTTP {status}")
    if status not in (200, 404):
        raise DetailsRefused(f"HTTP {status}")


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    raw = bytearray()
    async for chunk in response.content.iter_any():
        raw += chunk
        if len(raw) > _LARGEST:
            raise DetailsAway("the answer is too large")
    return bytes(raw)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise DetailsAway("the answer is not JSON") from None
    if not isinstance(found, dict):
        raise DetailsAway("the answer is not a JSON object")
    return found
