"""Problems as RFC 9457 has them, for everything that goes wrong; never a traceback, never a value that was sent."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from services.database import UNAVAILABLE

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
_COME_AGAIN_SECONDS = 2
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_DETAILS = {
    404: "there is nothing at this address; /docs lists the routes",
    405: "this address does not take that method; the Allow header names those it takes",
}


class Fault(BaseModel):
    """One thing that is wrong with a request, and where."""

    at: str = Field(description="the place: body, query, path or header, then the member", examples=["body.reason"])
    message: str = Field(examples=["is required"])


class ProblemDetails(BaseModel):
    """Why a request was refused, after RFC 9457."""

    type: str = Field("about:blank", description="always about:blank: the status says the kind")
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(ge=400, le=599, examples=[422])
    detail: str = Field(examples=["the body can't be used; see errors"])
    errors: list[Fault] | None = None


class Problem(Exception):
    """A refusal: its status, what is wrong and what to do."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep what the answer will say; `more` are members beside the usual ones."""
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = headers
        self.more = more or {}

    def response(self) -> JSONResponse:
        """The answer."""
        body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(self.status).phrase, "status": self.status}
        body["detail"] = self.detail
        if self.errors:
            body["errors"] = [fault.model_dump() for fault in self.errors]
        body.update(self.more)
        return JSONResponse(body, self.status, headers=dict(self.headers or {}), media_type=MEDIA_TYPE)


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI responses of these problems."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"}}},
        }
        for status in statuses
    }


def unavailable(what: str) -> Problem:
    """Something we need is away for the moment."""
    headers = {"Retry-After": str(_COME_AGAIN_SECONDS)}
    return Problem(503, f"{what}: nothing was changed for sure; send the same request again", headers=headers)


def internal_fault() -> JSONResponse:
    """What nobody foresaw."""
    return Problem(500, "an internal fault; the log of the service has its place").response()


def faults_of(details: Sequence[Any], place: str = "") -> list[Fault]:
    """Pydantic's errors without what was sent."""
    return [Fault(at=_place(each["loc"], place), message=_message(each)) for each in details]


def install(app: FastAPI) -> None:
    """Answer every failure with a problem."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _internal)
    for kind in UNAVAILABLE:
        if issubclass(kind, Exception):
            app.add_exception_handler(kind, _database_away)


async def _problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return error.response()


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    detail = _DETAILS.get(error.status_code, str(error.detail))
    headers = {"Allow": ", ".join(_allowed(request))} if error.status_code == 405 else error.headers
    return Problem(error.status_code, detail, headers=headers).response()


def _allowed(request: Request) -> list[str]:
    """Every method this address takes; one route alone knows only its own."""
    return [
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in request.app.routes)
    ]


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return Problem(422, "the request can't be used; see errors", errors=faults_of(error.errors())).response()


async def _database_away(request: Request, error: Exception) -> JSONResponse:
    log.warning("database_unavailable", what="http", error=type(error).__name__)
    return unavailable("the database can't be reached").response()


async def _internal(request: Request, error: Exception) -> JSONResponse:
    return internal_fault()


def _place(location: Sequence[int | str], place: str) -> str:
    parts = [place, *map(str, location)] if place else [str(part) for part in location]
    return ".".join(parts)


def _message(fault: Mapping[str, Any]) -> str:
    if fault["type"] == "missing":
        return "is required"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return message.replace("Input should", "should", 1)
