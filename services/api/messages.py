"""Messages by HTTP: one with its attempts, and why it was, or was not, sent."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from schemas.api import ExplanationAnswer, MessageAnswer
from services import ledger
from services.api.auth import Guard
from services.api.problems import Problem, refusals
from services.database import Database
from services.explanation_words import Language
from services.keys import Capability


def messages_router(guard: Guard, database: Database) -> APIRouter:
    """The routes of messages."""
    router = APIRouter(
        prefix="/v1/messages",
        tags=["messages"],
        responses=refusals(401, 403, 404, 422, 429, 503),
        dependencies=[Depends(guard.needs(Capability.READ))],
    )

    @router.get("/{message_id}", summary="One message with its attempts")
    async def get_message(message_id: UUID) -> MessageAnswer:
        """Where the message stands and every attempt at a provider; never its text or a number."""
        async with database.reading() as connection:
            found = await ledger.message(connection, message_id)
        if found is None:
            raise _unknown()
        return found

    @router.get("/{message_id}/explanation", summary="Why a message was, or was not, sent")
    async def get_explanation(
        message_id: UUID, language: Annotated[Language, Query(description="es or en")] = Language.ES
    ) -> ExplanationAnswer:
        """Every decision with its rule, basis, source, inputs and versions, and the next permitted instant."""
        async with database.reading() as connection:
            found = await ledger.explanation(connection, message_id, language)
        if found is None:
            raise _unknown()
        return found

    return router


def _unknown() -> Problem:
    return Problem(404, "there is no such message")
