"""`POST /v1/events`: CloudEvents by HTTP into the same inbox as those from Kafka."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from schemas.api import EventResult, EventsAnswer
from schemas.dead_letter import BadRecord, DeadLetterReason
from schemas.envelope import MAX_BYTES, STRUCTURED, CloudEvent
from schemas.http_binding import BATCH, decode_request
from services.api.auth import Caller, Guard
from services.api.bodies import read_body
from services.api.problems import Problem, refusals
from services.api.writing import Answer, IdempotencyKey, Writes, write_of
from services.intake import Intake
from services.keys import Capability
from services.submission import Received, read, submit

MOST_EVENTS = 1000
_MOST_BYTES = MOST_EVENTS * (MAX_BYTES + 2)
_STATUS = {DeadLetterReason.TOO_LARGE: 413, DeadLetterReason.BAD_FRAMING: 415}
_SINGLE = {STRUCTURED + "+json", "application/json"}
_EXAMPLE = {
    "specversion": "1.0",
    "id": "7f0c",
    "source": "urn:core:demo",
    "type": "io.puntual.installment.due.v1",
    "time": "2026-11-21T06:00:00Z",
    "data": {
        "debtorRef": "D-1",
        "loanRef": "L-1001",
        "installmentNumber": 7,
        "dueDate": "2026-11-24",
        "amountDue": {"total": {"amount": "1050.50", "currency": "MXN"}},
    },
}
_ATTRIBUTES = ("specversion", "id", "source", "type")
_EVENT = {
    "type": "object",
    "required": list(_ATTRIBUTES),
    "properties": {name: {"type": "string", "minLength": 1} for name in _ATTRIBUTES} | {"data": {"type": "object"}},
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            STRUCTURED + "+json": {"schema": _EVENT, "example": _EXAMPLE},
            BATCH: {
                "schema": {"type": "array", "items": _EVENT, "maxItems": MOST_EVENTS},
                "example": [_EXAMPLE],
            },
        },
    }
}


def events_router(guard: Guard, writes: Writes, intake: Intake) -> APIRouter:
    """The route of events."""
    router = APIRouter(prefix="/v1", tags=["events"])
    Allowed = Annotated[Caller, Depends(guard.needs(Capability.EVENTS))]

    @router.post(
        "/events",
        summary="Tell what happened",
        response_model=EventsAnswer,
        responses=refusals(400, 401, 403, 413, 415, 422, 429, 503),
        openapi_extra=_BODY,
    )
    async def post_events(request: Request, caller: Allowed, idempotency_key: IdempotencyKey = None) -> Response:
        """One CloudEvent (structured, or binary with `ce-` headers) or a batch of up to 1,000, each 64 KiB at most.

        Events are handled in their order and each once, by source and id. A batch is answered with 200 and says for
        each event whether it was accepted, repeated, ignored or rejected; a single event that is rejected is a 422.
        """
        body = await read_body(request, _most_bytes(request))
        events = _decoded(request, body)
        readings = [read(event, writes.clock.now()) for event in events]
        write = write_of(request, caller, idempotency_key, _signature(request) + body)

        async def work(connection: Any) -> Answer:
            received = await submit(connection, intake, readings, writes.clock.now())
            return _answer(events, received, batch=_is_batch(request, body))

        return await writes.once(write, work)

    return router


def _media(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _is_batch(request: Request, body: bytes) -> bool:
    return _media(request) == BATCH or (_media(request) == "application/json" and body.lstrip()[:1] == b"[")


def _is_binary(request: Request) -> bool:
    return any(name.startswith("ce-") for name in request.headers) and not _media(request).startswith(STRUCTURED)


def _most_bytes(request: Request) -> int:
    media = _media(request)
    if media not in (BATCH, *_SINGLE) and not _is_binary(request):
        expected = f"{STRUCTURED}+json, {BATCH}, or ce- headers with application/json"
        raise Problem(415, f"send events as {expected}")
    return _MOST_BYTES if media in (BATCH, "application/json") and not _is_binary(request) else MAX_BYTES


def _decoded(request: Request, body: bytes) -> list[CloudEvent | BadRecord]:
    try:
        events = decode_request(request.headers, body)
    except BadRecord as error:
        raise Problem(_STATUS.get(error.reason, 400), error.message) from None
    if len(events) > MOST_EVENTS:
        raise Problem(413, f"a batch holds at most {MOST_EVENTS} events; this one has {len(events)}")
    return events


def _signature(request: Request) -> bytes:
    """The attributes that stand in headers, which are part of what is asked for."""
    named = sorted(f"{name}:{value}" for name, value in request.headers.items() if name.startswith("ce-"))
    return "\n".join(named).encode()


def _answer(events: Sequence[CloudEvent | BadRecord], received: Sequence[Received], *, batch: bool) -> Answer:
    results = tuple(_result(place, *pair) for place, pair in enumerate(zip(events, received, strict=True)))
    counts = Counter(result.status for result in results)
    answer = EventsAnswer(**counts, results=results).model_dump(mode="json", by_alias=True)
    if counts["rejected"] and not batch:
        raise Problem(422, f"the event was rejected: {received[0].reason}", more=answer)
    return Answer(200, answer)


def _result(index: int, event: CloudEvent | BadRecord, received: Received) -> EventResult:
    named = event if isinstance(event, CloudEvent) else None
    return EventResult(
        index=index,
        id=named.id if named else None,
        source=named.source if named else None,
        status=received.fate.value,
        reason=received.reason,
    )
