"""Request bodies: bounded, strict JSON, checked against their model after the caller is known."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from schemas import strict_json
from schemas.dead_letter import BadRecord
from schemas.envelope import MAX_BYTES, is_json
from services.api.problems import Problem, faults_of

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Given(Generic[M]):
    """A body: as it was sent, and as its model."""

    raw: bytes
    model: M


def body_of(model: type[M]) -> Callable[[Request], Awaitable[Given[M]]]:
    """A dependency that gives the JSON body as `model`."""

    async def given(request: Request) -> Given[M]:
        raw = await read_body(request, MAX_BYTES)
        content_type = request.headers.get("content-type")
        if content_type is None or not is_json(content_type):
            raise Problem(415, "send the body as application/json")
        return Given(raw, _parsed(model, raw))

    return given


async def read_body(request: Request, most: int) -> bytes:
    """The body of a request; 413 as soon as it is over `most` bytes, however it is sent."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > most:
        raise _too_large(most)
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise _too_large(most)
        pieces.append(piece)
    return b"".join(pieces)


def takes(*models: type[BaseModel], media_type: str = "application/json") -> dict[str, Any]:
    """The OpenAPI request body of a route; the models' schemas are among the components."""
    refs = [{"$ref": f"#/components/schemas/{model.__name__}"} for model in models]
    schema = refs[0] if len(refs) == 1 else {"anyOf": refs}
    return {"requestBody": {"required": True, "content": {media_type: {"schema": schema}}}}


def _parsed(model: type[M], raw: bytes) -> M:
    try:
        document = strict_json.loads(raw)
    except BadRecord as error:
        raise Problem(400, error.message) from None
    try:
        return model.model_validate(document, by_alias=True, by_name=False)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        raise Problem(422, "the body can't be used; see errors", errors=faults_of(details, "body")) from None


def _too_large(most: int) -> Problem:
    return Problem(413, f"the body is over {most} bytes", headers={"Connection": "close"})
