"""The campaigns that run: loaded from stored content, kept in memory, looked at again when the database says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog

from campaigns.catalog import find_segments, load_catalog, read_text
from campaigns.conditions import Segments
from campaigns.definition import Definition
from campaigns.enrolment import RunningCampaign
from campaigns.parser import parse_definition
from campaigns.segments import parse_segments
from schemas.enums import Channel
from services.store import campaigns as store
from templates.catalog import TemplateCatalog

log = structlog.get_logger(__name__)

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
    """Versions by id; immutable once stored, so they are parsed once a process."""

    def __init__(self) -> None:
        self._versions: dict[int, CampaignVersion] = {}
        self._states: dict[int, str] = {}
        self._looked_at: datetime | None = None

    async def refresh(self, connection: Any, now: datetime) -> None:
        """See which versions run, at most once a second."""
        if self._looked_at is not None and self._looked_at <= now < self._looked_at + _FRESH:
            return
        self._states = dict(await store.running(connection))
        for version_id in self._states:
            await self.load(connection, version_id)
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
        campaign = self._versions[version_id].definition.campaign
        return any(
            state == "paused" and self._versions[running].definition.campaign == campaign
            for running, state in self._states.items()
        )

    @property
    def active(self) -> Sequence[RunningCampaign]:
        """What new messages are planned from."""
        return [self._versions[version_id].running for version_id, state in self._states.items() if state == "active"]


async def activate_folder(connection: Any, *, campaigns_dir: Path, templates_dir: Path, now: datetime) -> list[str]:
    """Store and activate every clean definition of a folder; gives the campaigns. For development.

    Definitions with problems are left out, with a warning that names file and line.
    """
    catalog, templates = load_catalog(campaigns_dir), TemplateCatalog.load(templates_dir)
    for problem in catalog.problems:
        log.warning("campaign_not_active", problem=str(problem))
    segments_path = find_segments(campaigns_dir)
    segments = read_text(segments_path) if segments_path else None
    active = []
    for definition in catalog.definitions:
        missing = missing_templates(definition, templates)
        if missing:
            log.warning("campaign_not_active", problem=f"{definition.file}: no template {', '.join(missing)}")
            continue
        await _activate(connection, definition, segments, templates, now)
        active.append(definition.campaign)
    return active


def missing_templates(definition: Definition, templates: TemplateCatalog) -> list[str]:
    """Templates that a definition names and that no channel of its step can be rendered with."""
    return [
        name
        for name, channels in wanted_templates(definition)
        if not any(templates.find(name, channel, definition.language, definition.language) for channel in channels)
    ]


def wanted_templates(definition: Definition) -> list[tuple[str, tuple[Channel, ...]]]:
    """Every template name of a definition with the channels it may go by."""
    found: list[tuple[str, tuple[Channel, ...]]] = []
    for step in definition.steps:
        names = [step.template, *(variant.template for variant in step.variants)]
        found += [(name, step.channels) for name in names if name]
        for choice in step.choose:
            names = [choice.template, *(variant.template for variant in choice.variants)]
            found += [(name, choice.channels or step.channels) for name in names if name]
    return found


async def _activate(
    connection: Any, definition: Definition, segments: str | None, templates: TemplateCatalog, now: datetime
) -> None:
    names = {name for name, _ in wanted_templates(definition)}
    files = {
        path: text
        for template in templates.templates()
        if template.name in names
        for path, text in template.sources.items()
    }
    contents = [_content("definition", definition.campaign, definition.text)]
    contents += [_content("segments", "segments", segments)] if segments is not None else []
    contents += [_content("template", path, text) for path, text in sorted(files.items())]
    manifest = store.Manifest(
        definition=contents[0].hash,
        segments=contents[1].hash if segments is not None else None,
        templates={row.name: row.hash for row in contents if row.kind == "template"},
    )
    await store.activate(
        connection,
        campaign=definition.campaign,
        version=definition.version,
        manifest=manifest,
        fingerprint=sha256(manifest.to_json().encode()).digest(),
        contents=contents,
        now=now,
    )


def _content(kind: str, name: str, body: str) -> store.ContentRow:
    return store.ContentRow(sha256(body.encode()).digest(), kind, name, body)


def _parsed(row: store.VersionRow) -> CampaignVersion:
    segments = parse_segments(row.segments, "segments.yaml").segments if row.segments else Segments()
    definition = parse_definition(row.definition, f"{row.campaign}.yaml", segments)
    if not isinstance(definition, Definition):
        raise ValueError(f"campaign {row.campaign} version {row.version} can't be read any more: {definition[0]}")
    return CampaignVersion(row.id, definition, segments, TemplateCatalog.from_sources(row.templates))
