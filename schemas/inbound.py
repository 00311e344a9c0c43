"""Every event type that we take in, by its name."""

from schemas.consent_events import CONSENT_EVENTS
from schemas.contact_events import CONTACT_EVENTS
from schemas.debtor_events import DEBTOR_EVENTS
from schemas.envelope import CloudEvent
from schemas.events_base import InboundEvent, parse_as
from schemas.lending_events import LENDING_EVENTS

INBOUND: dict[str, type[InboundEvent]] = {
    model.event_type: model for model in (*LENDING_EVENTS, *DEBTOR_EVENTS, *CONSENT_EVENTS, *CONTACT_EVENTS)
}


def parse_inbound(event: CloudEvent) -> InboundEvent | None:
    """The fact in an event, None for a type we do not use; raises BadRecord where a known type is invalid."""
    model = INBOUND.get(event.type)
    return None if model is None else parse_as(model, event)
