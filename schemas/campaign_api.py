"""Bodies of the HTTP interface about campaigns; camelCase outside."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from schemas.events_base import Day, Shape, Word

Source = Annotated[str, Field(strict=True, min_length=1, max_length=65_536)]


class CampaignBody(Shape):
    """A definition with what it leans on; templates of the same path stand in for those of the deployment."""

    definition: Source = Field(description="the definition's YAML", examples=["campaign: aviso\nversion: 1\n…"])
    segments: Source | None = Field(default=None, description="the named segments' YAML; the deployment's if left out")
    templates: dict[str, Source] = Field(default_factory=dict, examples=[{"es/aviso.sms.j2": "Hola"}])


class SubmissionBody(CampaignBody):
    """A version put forward, with the simulation that its approver will look at."""

    simulation: dict[str, Any] | None = Field(
        default=None, description="the `result` of a simulation of exactly this; kept, and bound to the approval"
    )


class SimulationBody(CampaignBody):
    """A small portfolio to run a definition over, sending nothing; rows have the columns of a portfolio file."""

    start: Day = Field(alias="from", examples=["2026-11-24"])
    days: Annotated[int, Field(strict=True, ge=1, le=366)]
    portfolio: Annotated[list[dict[str, str]], Field(min_length=1, max_length=2_000)]


class ReviewBody(Shape):
    """What is done to a campaign: to one version where it is named, and why."""

    version: Annotated[int, Field(strict=True, ge=1)] | None = None
    reason: Word | None = Field(default=None, description="a rejection needs one")


class VersionAnswer(Shape):
    """A version of a campaign."""

    campaign: str
    version: int
    state: str = Field(examples=["submitted"])
    waits_for_approval: bool
    fingerprint: str = Field(description="the hash over everything the version is made of")
    submitted_by: str | None = None
    approved_by: str | None = None
    created_at: datetime
    activated_at: datetime | None = None


class ReviewAnswer(Shape):
    """One thing that was done to a version."""

    version: int
    fingerprint: str
    action: str = Field(examples=["approved"])
    actor: str
    reason: str | None = None
    simulation: str | None = None
    at: datetime


class CampaignsPage(Shape):
    """Versions, oldest first; `next` is the cursor of the following page."""

    items: tuple[VersionAnswer, ...]
    next: str | None = None


class CampaignAnswer(Shape):
    """A campaign with all its versions and everything done to them, oldest first."""

    campaign: str
    versions: tuple[VersionAnswer, ...]
    history: tuple[ReviewAnswer, ...]
    texts: dict[str, str] = Field(description="of the version that runs, else of the newest")


class ReportAnswer(Shape):
    """What a campaign achieves, as `puntual campaigns report --json` prints it."""

    report: dict[str, Any]


class SimulationAnswer(Shape):
    """What a simulation came to, as `puntual campaigns simulate --json` prints it."""

    result: dict[str, Any]
