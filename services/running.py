"""The campaigns that run: loaded from stored content, kept in memory, looked at again when the database says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from campaigns.conditions import Segments
from campaigns.definition import Definition
from campaigns.enrolment import RunningCampaign
from campaigns.parser import parse_definition
from campaigns.segments import parse_segments
from services.store import campaigns as store
from templates.catalog import TemplateCatalog

_FRESH = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class CampaignVersion:
    """A version ready to plan and to render from."""

    id: int
    definition: Definition
    segments: Segments
    templates: TemplateCatalog

    @property
    def running(self) -> RunningCampaign:
        """What the planner reads of it."""
        return RunningCampaign(self.id, self.definition, self.segments)


class RunningCampaigns:
    """Versions by id; immutable once stored, so they are parsed once a process.

    With `approved_only`, as in production, a version runs only if somebody else than its submitter approved it.
    """

    def __init__(self, *, approved_only: bool = False) -> None:
        self._approved_only = approved_only
        self._versions: dict[int, CampaignVersion] = {}
        self._states: dict[int, str] = {}
        self._active: Sequence[RunningCampaign] = ()
        self._paused: frozenset[str] = frozenset()
        self._looked_at: datetime | None = None

    @classmethod
    def fixed(cls, versions: Sequence[CampaignVersion]) -> "RunningCampaigns":
        """These versions as active ones, without a database; for simulations."""
        running = cls()
        running._versions = {version.id: version for version in versions}
        running._become(dict.fromkeys(running._versions, "active"))
        return running

    async def refresh(self, connection: Any, now: datetime) -> None:
        """See which versions run, at most once a second."""
        if self._looked_at is not None and self._looked_at <= now < self._looked_at + _FRESH:
            return
        states = dict(await store.running(connection, approved_only=self._approved_only))
        for version_id in states:
            await self.load(connection, version_id)
        self._become(states)
        self._looked_at = now

    async def load(self, connection: Any, version_id: int) -> CampaignVersion:
        """A version by id, whether it still runs or not."""
        if version_id not in self._versions:
            self._versions[version_id] = _parsed(await store.version(connection, version_id))
        return self._versions[version_id]

    def forget(self) -> None:
        """Look again at the next refresh."""
        self._looked_at = None

    def version(self, version_id: int) -> CampaignVersion:
        """A version that was loaded before."""
        return self._versions[version_id]

    def paused(self, version_id: int) -> bool:
        """Whether the campaign's running version is paused, which holds its older versions too."""
        return self._versions[version_id].definition.campaign in self._paused

    @property
    def longest_limit(self) -> timedelta:
        """The longest period over which any known campaign limits its messages."""
        return max(
            (version.definition.limits.per for version in self._versions.values() if version.definition.limits),
            default=timedelta(0),
        )

    @property
    def active(self) -> Sequence[RunningCampaign]:
        """What new messages are planned from."""
        return self._active

    def _become(self, states: dict[int, str]) -> None:
        self._states = states
        self._active = [self._versions[each].running for each, state in states.items() if state == "active"]
        paused = (self._versions[each] for each, state in states.items() if state == "paused")
        self._paused = frozenset(version.definition.campaign for version in paused)


def _parsed(row: store.VersionRow) -> CampaignVersion:
    segments = parse_segments(row.segments, "segments.yaml").segments if row.segments else Segments()
    definition = parse_definition(row.definition, f"{row.campaign}.yaml", segments)
    if not isinstance(definition, Definition):
        raise ValueError(f"campaign {row.campaign} version {row.version} can't be read any more: {definition[0]}")
    return CampaignVersion(row.id, definition, segments, TemplateCatalog.from_sources(row.templates))
