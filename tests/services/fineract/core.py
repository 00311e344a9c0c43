"""A Fineract's REST interface as far as it is asked: one tenant, one user, loans and clients, and bad days."""

import asyncio
import json
from base64 import b64encode
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.test_utils import TestServer

USER, PASSWORD, TENANT = "puntual", "reader-of-loans", "default"
_BASIC = "Basic " + b64encode(f"{USER}:{PASSWORD}".encode()).decode()
_PATH = "/fineract-provider/api/v1"


class FakeFineract:
    """Use as a context; `mood` is how it answers: well, 500, 429, hang, drop, garbage, huge or moved."""

    def __init__(self) -> None:
        self.loans: dict[int, dict[str, Any]] = {}
        self.clients: dict[int, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.mood: list[str] = []
        self.broken: set[int] = set()
        app = web.Application()
        app.router.add_get(_PATH + "/{kind}/{id}", self._answer)
        self._server = TestServer(app)

    async def __aenter__(self) -> "FakeFineract":
        await self._server.start_server()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._server.close()

    @property
    def url(self) -> str:
        """The address to set."""
        return str(self._server.make_url("")).rstrip("/")

    def lend(self, loan_id: int, client_id: int | None, **more: Any) -> None:
        """A loan with two installments, of which the first asks for 1050.50."""
        self.loans[loan_id] = {
            "id": loan_id,
            "accountNo": f"{loan_id:09d}",
            "clientId": client_id,
            "loanProductName": "consumo",
            "status": {"id": 300},
            "currency": {"code": "MXN", "decimalPlaces": 2},
            "repaymentSchedule": {"periods": [{"dueDate": [2026, 10, 1]}, period(1), period(2, [2026, 12, 10])]},
            "delinquent": {"delinquencyPausePeriods": []},
            **more,
        }

    def know(self, client_id: int, phone: str = "+525512345678", **more: Any) -> None:
        """A client with a phone."""
        self.clients[client_id] = {
            "id": client_id,
            "status": {"id": 300},
            "displayName": "Ana Torres",
            "firstname": "Ana",
            "mobileNo": phone,
            **more,
        }

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(urlsplit(str(request.rel_url)).path.removeprefix(_PATH))
        mood = self.mood.pop(0) if self.mood else "well"
        odd = await self._odd(mood, request)
        if odd is not None:
            return odd
        if request.headers.get("Authorization") != _BASIC:
            return web.json_response({"httpStatusCode": "401"}, status=401)
        if request.headers.get("Fineract-Platform-TenantId") != TENANT:
            return web.json_response({"httpStatusCode": "400"}, status=400)
        if int(request.match_info["id"]) in self.broken:
            return web.Response(status=500)
        found = getattr(self, request.match_info["kind"]).get(int(request.match_info["id"]))
        if found is None:
            return web.json_response({"httpStatusCode": "404"}, status=404)
        in_full = "associations" in request.query
        shown = {k: v for k, v in found.items() if in_full or k not in ("repaymentSchedule", "delinquent")}
        return web.Response(text=json.dumps(shown), content_type="application/json")

    async def _odd(self, mood: str, request: web.Request) -> web.StreamResponse | None:
        match mood:
            case "500" | "429" | "403":
                return web.Response(status=int(mood))
            case "hang":
                await asyncio.sleep(60)
            case "drop":
                assert request.transport is not None
                request.transport.abort()
            case "garbage":
                return web.Response(text="<html>maintenance</html>")
            case "huge":
                return web.Response(body=b"[" * (5 * 1024 * 1024))
            case "moved":
                raise web.HTTPFound("http://127.0.0.1:9/elsewhere")
        return None


def period(number: int, due: list[int] | None = None, **more: Any) -> dict[str, Any]:
    """An installment of a schedule, open unless told."""
    return {
        "period": number,
        "dueDate": due or [2026, 11, 24],
        "complete": False,
        "principalOutstanding": 1000,
        "interestOutstanding": 50.5,
        "totalOutstandingForPeriod": 1050.5,
        **more,
    }
