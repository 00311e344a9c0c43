"""Every router of a process that answers HTTP: callers with a key, providers with a signature, readers with a token."""

from fastapi import APIRouter

from services.api.callbacks import Callbacks, callbacks_router
from services.api.calls import calls_router
from services.api.links import links_router
from services.api.unsubscribe import unsubscribe_router
from services.api.v1 import v1_routers
from services.links import Links
from services.wiring import Parts, make_conversation


def public_routers(parts: Parts) -> list[APIRouter]:
    """The API, the callbacks of providers, and the exits of messages."""
    callbacks = Callbacks(
        registry=parts.registry,
        receipts=parts.receipts,
        replies=parts.replies,
        clock=parts.clock,
        public_url=parts.settings.public_url,
        secret=parts.secret,
    )
    unsubscribe = unsubscribe_router(optouts=parts.optouts, secret=parts.secret)
    calls = calls_router(callbacks, make_conversation(parts))
    links = links_router(Links(parts.database, parts.running, parts.publisher, parts.words, parts.clock))
    return [*v1_routers(parts), callbacks_router(callbacks), calls, unsubscribe, links]
