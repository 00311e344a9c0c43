"""What providers tell us: verify the signature, translate, commit, then answer."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl
from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response
from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from channels.provider import Provider, Receipt
from channels.registry import Registry
from services import tokens
from services.api.direct import DirectRoute, body_of
from services.attempting import STATUS
from services.clock import Clock
from services.receipts import Callback, Receipts
from services.replies import Replies

log = structlog.get_logger(__name__)

_EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
_MOST_BYTES = 64 * 1024
_PATIENCE = 10.0

Form = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Callbacks:
    """What the routes of callbacks need; `public_url` is the address that signatures cover."""

    registry: Registry
    receipts: Receipts
    replies: Replies
    clock: Clock
    public_url: str
    secret: bytes

    async def verified(self, request: Request) -> tuple[Provider, Form] | None:
        """The provider that signed a request, with its form; None where nobody of ours did."""
        return await self.signed(request.scope, request.receive)

    async def signed(self, scope: Scope, receive: Receive) -> tuple[Provider, Form] | None:
        """The same of a request that has no layers around it."""
        body = await body_of(receive, _MOST_BYTES)
        if body is None:
            return None
        form = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        url, headers = self.public_url.rstrip("/") + _raw_target(scope), Headers(scope=scope)
        for provider in self.registry.providers.values():
            if provider.verify_callback(url, form, headers):
                return provider, [(_storable(name), _storable(value)) for name, value in form]
        log.warning("callback_refused", path=scope["path"])
        return None


def callbacks_router(callbacks: Callbacks) -> APIRouter:
    """Routes for Twilio's callbacks; every one answers 403 without a valid signature."""
    router = APIRouter(prefix="/callbacks/twilio", tags=["callbacks"])

    async def status(scope: Scope, receive: Receive) -> int:
        """A receipt; the attempt's id is in the address, with a token that only we can make."""
        attempt_id = UUID(scope["path_params"]["attempt_id"])
        found = await callbacks.signed(scope, receive)
        token = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("k", "")
        if found is None or not tokens.verify(callbacks.secret, token, STATUS, str(attempt_id)):
            return 403
        provider, form = found
        receipt = provider.parse_receipt(form) or _unreadable(form)
        callback = Callback(attempt_id, provider.id, receipt, form, callbacks.clock.now())
        try:
            await callbacks.receipts.take(callback, _PATIENCE)
        except TimeoutError:
            return 503
        return 204

    router.routes.append(DirectRoute(f"{router.prefix}/status/{{attempt_id:uuid}}", status))

    @router.post("/inbound")
    async def inbound(request: Request) -> Response:
        """A reply; answered without words, since what we say goes through the ledger."""
        found = await callbacks.verified(request)
        if found is None:
            return Response(status_code=403)
        provider, form = found
        message = provider.parse_inbound(form)
        answer = Response(_EMPTY_TWIML, media_type="text/xml")
        if message is None:
            log.warning("inbound_unreadable", provider=provider.id)
            return answer
        return answer if await _in_time(callbacks.replies.take(message, provider.id)) else Response(status_code=503)

    return router


def _storable(text: str) -> str:
    """The text without NUL, the one sign that PostgreSQL can't keep; replaced only once the signature was checked."""
    return text.replace("\x00", "\ufffd") if "\x00" in text else text


def _raw_target(scope: Scope) -> str:
    """Path and query exactly as they were sent, since the signature covers them to the letter."""
    path = scope.get("raw_path") or scope["path"].encode()
    query = scope.get("query_string", b"")
    return str((path + (b"?" + query if query else b"")).decode("ascii", "replace"))


async def _in_time(work: Awaitable[None]) -> bool:
    """Whether the work is committed; where it is not in time, the provider is asked to come again."""
    try:
        async with asyncio.timeout(_PATIENCE):
            await work
    except TimeoutError:
        return False
    return True


def _unreadable(form: Form) -> Receipt:
    fields = dict(form)
    return Receipt(fields.get("MessageSid") or fields.get("CallSid") or "unnamed", None, "unreadable")
