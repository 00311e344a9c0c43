"""Everything a version of a campaign is made of, by hash: its definition, its segments, its templates with macros."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from campaigns.definition import Definition
from schemas.enums import Channel
from services.store.campaigns import ContentRow, Manifest
from templates.catalog import TemplateCatalog

SEGMENTS = "segments"


@dataclass(frozen=True, slots=True)
class VersionContent:
    """The texts of a version, and the fingerprint over them all: another letter anywhere, another fingerprint."""

    manifest: Manifest
    contents: Sequence[ContentRow]

    @property
    def fingerprint(self) -> bytes:
        """The hash over the hashes of all contents and their names."""
        return self.manifest.fingerprint


def content_of(definition: Definition, segments: str | None, templates: TemplateCatalog) -> VersionContent:
    """What a definition needs to run, wherever its files may go."""
    names = {name for name, _ in wanted_templates(definition)}
    files = {
        path: text
        for template in templates.templates()
        if template.name in names
        for path, text in template.sources.items()
    }
    contents = [_content("definition", definition.campaign, definition.text)]
    contents += [_content(SEGMENTS, SEGMENTS, segments)] if segments is not None else []
    contents += [_content("template", path, text) for path, text in sorted(files.items())]
    manifest = Manifest(
        definition=contents[0].hash,
        segments=contents[1].hash if segments is not None else None,
        templates={row.name: row.hash for row in contents if row.kind == "template"},
    )
    return VersionContent(manifest, contents)


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


def _content(kind: str, name: str, body: str) -> ContentRow:
    return ContentRow(sha256(body.encode()).digest(), kind, name, body)
