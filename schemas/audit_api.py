"""The audit log by HTTP and on the command line; camelCase outside."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from schemas.events_base import Shape


class AuditEntry(Shape):
    """One change: who did what to which subject; never personal data."""

    id: UUID
    at: datetime
    actor: str = Field(description="api:<key>, cli:<user>, console:<user>, or what a review goes by")
    action: str = Field(examples=["stop.made"])
    subject: str = Field(description="a reference", examples=["campaign/aviso/3"])
    details: dict[str, Any] = Field(description="how; depends on the action")


class AuditPage(Shape):
    """What was done, newest first; `next` is the cursor of the following page."""

    items: tuple[AuditEntry, ...]
    next: str | None = None
