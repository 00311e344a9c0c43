"""A rendered message: the exact content that a provider is asked to hand over."""

from dataclasses import field

from schemas.enums import Channel, Encoding
from schemas.values import value


@value
class RenderedMessage:
    """Content for one channel: `text` for all (body, text part or call script), the rest where it applies."""

    channel: Channel
    text: str
    language: str
    subject: str | None = None
    html: str | None = None
    encoding: Encoding | None = None
    parts: int = 1
    content_id: str | None = None
    content_variables: dict[str, str] = field(default_factory=dict)
    voice: str | None = None
