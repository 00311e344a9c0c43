"""The webhooks of automated calls: verified, answered with TwiML, each once."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response

from channels.provider import Provider
from channels.twilio_voice import MACHINES
from channels.twiml import HANG_UP
from services.api.callbacks import Callbacks
from services.calls import addresses
from services.calls.conversation import Conversation
from services.calls.flow import Asked
from services.calls.request import Request as Turn

log = structlog.get_logger(__name__)

_PATIENCE = 10.0
_INBOUND = "inbound"


def calls_router(callbacks: Callbacks, conversation: Conversation) -> APIRouter:
    """Routes for calls; every one answers 403 without a valid signature, and without the token of its address."""
    router = APIRouter(prefix=addresses.PATH, tags=["callbacks"])

    @router.post("")
    async def incoming(request: Request) -> Response:
        """Somebody calls us."""
        found = await callbacks.verified(request)
        if found is None:
            return Response(status_code=403)
        provider, form = found
        return await _answered(conversation, _turn(provider, dict(form), None, seq=0, asked=Asked.START))

    @router.post("/{call_id}")
    async def start(call_id: str, request: Request, k: str = "") -> Response:
        """A call of ours was picked up."""
        found = await callbacks.verified(request)
        if found is None or not addresses.is_start(callbacks.secret, k, call_id):
            return Response(status_code=403)
        provider, form = found
        return await _answered(conversation, _turn(provider, dict(form), UUID(call_id), seq=0, asked=Asked.START))

    @router.post("/{call_id}/{seq}/{asked}")
    async def turn(call_id: str, seq: str, asked: str, request: Request, k: str = "") -> Response:
        """Keys were pressed, or none came in time, or an agent's line ended."""
        found = await callbacks.verified(request)
        if found is None or not addresses.is_turn(callbacks.secret, k, call_id, seq=seq, asked=asked):
            return Response(status_code=403)
        provider, form = found
        return await _answered(
            conversation, _turn(provider, dict(form), UUID(call_id), seq=int(seq), asked=Asked(asked))
        )

    return router


def _turn(provider: Provider, form: Mapping[str, str], call_id: UUID | None, *, seq: int, asked: Asked) -> Turn:
    ours, theirs = form.get("From", ""), form.get("To", "")
    if form.get("Direction", _INBOUND if call_id is None else "") == _INBOUND:
        ours, theirs = theirs, ours
    return Turn(
        provider=provider.id,
        call_ref=form.get("CallSid", ""),
        call_id=call_id,
        seq=seq,
        asked=asked,
        keys=form.get("DialCallStatus" if asked is Asked.AGENT else "Digits", ""),
        debtor_number=theirs,
        our_number=ours,
        machine=form.get("AnsweredBy", "") in MACHINES,
    )


async def _answered(conversation: Conversation, turn: Turn) -> Response:
    """The TwiML, once its effects are committed; where that takes too long the line goes dead, which tells nothing."""
    try:
        document = await asyncio.wait_for(conversation.answer(turn), _PATIENCE)
    except TimeoutError:
        log.warning("call_unanswered", asked=turn.asked.value)
        document = HANG_UP
    return Response(document, media_type="text/xml")
