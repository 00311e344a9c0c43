"""What staff want said: contents by their hash, and the versions of campaigns that were made of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from schemas.tables.columns import binary, document, instant, number, one_of, serial, text


class Content(SQLModel, table=True):
    """A row is one text that was active once: a definition, a segment, a template or a macro; never changed."""

    __tablename__ = "content"

    hash: bytes = binary(primary_key=True)
    kind: str = text()
    name: str = text()
    body: str = text()
    created_at: datetime = instant()


class CampaignVersion(SQLModel, table=True):
    """A row is one version of a campaign with exactly the contents it was submitted with.

    `manifest` names every content by its hash, `fingerprint` is the hash over all of them. Of one campaign at most
    one version runs or is paused.
    """

    __tablename__ = "campaign_version"
    __table_args__: Any = (
        CheckConstraint("version > 0"),
        one_of("state", ("submitted", "rejected", "active", "paused", "superseded", "retired")),
        UniqueConstraint("campaign", "version", "fingerprint"),
        Index(
            "campaign_version_running",
            "campaign",
            unique=True,
            postgresql_where=sql("state in ('active', 'paused')"),
        ),
    )

    id: int | None = serial()
    campaign: str = text()
    version: int = number()
    definition: bytes = binary(foreign_key="content.hash")
    manifest: dict[str, Any] = document()
    fingerprint: bytes = binary()
    state: str = text()
    created_at: datetime = instant()
    activated_at: datetime | None = instant(None)


class CalendarPlace(SQLModel, table=True):
    """A row is one calendar campaign and how far its planning has come.

    Everything up to `planned_until` is planned; of the turn under way, every debtor up to `after`.
    """

    __tablename__ = "calendar_place"

    campaign: str = text(primary_key=True)
    planned_until: datetime = instant()
    after: str = text("", otherwise="''")
