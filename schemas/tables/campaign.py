"""What staff want said: contents by their hash, and the versions of campaigns that were made of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from schemas.tables.columns import (
    APPEND_ONLY,
    binary,
    document,
    flag,
    instant,
    large,
    number,
    one_of,
    serial,
    text,
    transaction,
)


class Content(SQLModel, table=True):
    """A row is one text that was put forward: definition, segments, template, macro, simulation; never changed."""

    __tablename__ = "content"
    __table_args__: Any = (CheckConstraint("hash = sha256(convert_to(body, 'UTF8'))"), APPEND_ONLY)

    hash: bytes = binary(primary_key=True)
    kind: str = text()
    name: str = text()
    body: str = text()
    created_at: datetime = instant()


class CampaignVersion(SQLModel, table=True):
    """A row is one version of a campaign with exactly the contents it was submitted with.

    `manifest` names every content by its hash, `fingerprint` is the hash over all of them. Of one campaign at most
    one version runs or is paused. What was submitted never changes, and its state follows its reviews: a trigger
    refuses anything else.
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
        CheckConstraint(
            "approved_by is null or (submitted_by is not null"
            " and lower(btrim(approved_by)) <> lower(btrim(submitted_by)))"
        ),
        {"info": {"guarded": True}},
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
    submitted_by: str | None = text(None)
    approved_by: str | None = text(None)


class CampaignReview(SQLModel, table=True):
    """A row is one thing that somebody did to a version: submitted, approved, rejected, paused it, and so on.

    `fingerprint` says to exactly which content; `simulation` is the hash of the simulation that came with it. A
    trigger refuses approval by the submitter.
    """

    __tablename__ = "campaign_review"
    __table_args__: Any = (
        one_of(
            "action",
            ("submitted", "approved", "rejected", "activated", "paused", "resumed", "superseded", "retired"),
        ),
        CheckConstraint("length(btrim(actor)) between 1 and 200"),
        CheckConstraint("action <> 'rejected' or length(btrim(reason)) > 0"),
        Index("campaign_review_version", "version_id", "id"),
        Index("campaign_review_campaign", "campaign", "id"),
        Index("campaign_review_xact", "xact"),
        APPEND_ONLY,
    )

    id: int | None = serial()
    version_id: int = large(foreign_key="campaign_version.id")
    campaign: str = text()
    version: int = number()
    fingerprint: bytes = binary()
    action: str = text()
    actor: str = text()
    reason: str | None = text(None)
    simulation: bytes | None = binary(None)
    at: datetime = instant()
    xact: int = transaction()


class CalendarPlace(SQLModel, table=True):
    """A row is one calendar campaign and how far its planning has come.

    Everything up to `planned_until` is planned; of the turn under way, every debtor up to `after`.
    """

    __tablename__ = "calendar_place"

    campaign: str = text(primary_key=True)
    planned_until: datetime = instant()
    after: str = text("", otherwise="''")


class CatchUp(SQLModel, table=True):
    """A row is one version that became active, and how far it is planned for what was known before it."""

    __tablename__ = "catch_up"

    version_id: int = large(primary_key=True, foreign_key="campaign_version.id")
    after: str = text("", otherwise="''")
    done: bool = flag(False, otherwise="false")
