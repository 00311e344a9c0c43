"""Makes campaigns run: their definition, segments and templates are stored by hash and become the active version."""

from datetime import datetime
from typing import Any

import structlog

from campaigns.catalog import find_segments, load_catalog, read_text
from campaigns.definition import Definition
from services.lint import Surroundings, lint_definition
from services.settings import Settings
from services.store import campaigns as store
from services.version_content import content_of
from templates.catalog import TemplateCatalog

log = structlog.get_logger(__name__)


async def activate_folder(connection: Any, settings: Settings, surroundings: Surroundings, now: datetime) -> list[str]:
    """Make exactly the clean definitions of the folder run; gives their campaigns. For development.

    Those with problems are left out with a warning that names file and line. What ran from the folder and left it is
    retired; what people submitted or approved is theirs to retire. A
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
    await store.retire_others(connection, active, now)
    return active


async def _activate(
    connection: Any, definition: Definition, segments: str | None, templates: TemplateCatalog, now: datetime
) -> None:
    content = content_of(definition, segments, templates)
    await store.activate(
        connection,
        campaign=definition.campaign,
        version=definition.version,
        manifest=content.manifest,
        fingerprint=content.fingerprint,
        contents=content.contents,
        now=now,
    )
