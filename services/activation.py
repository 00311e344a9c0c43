"""Makes campaigns run: their definition, segments and templates are stored by hash and become the active version."""

from datetime import datetime
from hashlib import sha256
from typing import Any

import structlog

from campaigns.catalog import find_segments, load_catalog, read_text
from campaigns.definition import Definition
from schemas.enums import Channel
from services.lint import Surroundings, lint_definition
from services.settings import Settings
from services.store import campaigns as store
from templates.catalog import TemplateCatalog

log = structlog.get_logger(__name__)


async def activate_folder(connection: Any, settings: Settings, surroundings: Surroundings, now: datetime) -> list[str]:
    """Make exactly the clean definitions of the folder run; gives their campaigns. For development.

    Those with problems are left out with a warning that names file and line; what left the folder is retired. A
    channel without a provider is no reason to leave a definition out: the step passes it over.
    """
    catalog = load_catalog(settings.campaigns_dir)
    for problem in catalog.problems:
        log.warning("campaign_not_active", problem=str(problem))
    segments_path = find_segments(settings.campaigns_dir)
    segments = read_text(segments_path) if segments_path else None
    templates = surroundings.templates or TemplateCatalog.load(settings.templates_dir)
    active = []
    for definition in catalog.definitions:
        problems = lint_definition(definition, surroundings)
        for problem in problems:
            log.warning("campaign_not_active", problem=str(problem))
        if not problems:
            await _activate(connection, definition, segments, templates, now)
            active.append(definition.campaign)
    await store.retire_others(connection, active)
    return active


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
