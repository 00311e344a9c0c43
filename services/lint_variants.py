"""Whether variants that are compared exist in the same languages: else languages are compared, not words."""

from collections.abc import Iterator, Sequence

from campaigns.definition import Definition, Path, Problem
from schemas.enums import Channel
from schemas.told import told
from services.lint_templates import uses
from templates import tags
from templates.catalog import TemplateCatalog


def variant_problems(definition: Definition, templates: TemplateCatalog) -> Iterator[Problem]:
    """Variants that lack a language which another of their comparison has, at their line of `template:`."""
    compared: dict[Path, list[tuple[Path, str]]] = {}
    channels_of: dict[Path, tuple[Channel, ...]] = {}
    for path, name, channels in uses(definition):
        if "variants" in path:
            compared.setdefault(path[:-2], []).append((path, name))
            channels_of[path[:-2]] = channels
    for place, variants in compared.items():
        for channel in channels_of[place]:
            yield from _uneven(definition, variants, channel, templates)


def _uneven(
    definition: Definition, variants: Sequence[tuple[Path, str]], channel: Channel, templates: TemplateCatalog
) -> Iterator[Problem]:
    names = {name for _, name in variants}
    found = [each for each in templates.templates() if each.channel is channel and each.name in names]
    languages = sorted({tags.base(each.language) for each in found})
    for path, name in variants:
        lacking = [language for language in languages if not templates.exists(name, channel, language, language)]
        if lacking and templates.exists(name, channel, definition.language, definition.language):
            files = ", ".join(f"{language}/{name}.{channel}.j2" for language in lacking)
            english = "the variant '{name}' lacks a language that another one has: add {files}"
            spanish = "a la variante '{name}' le falta un idioma que otra tiene: agregue {files}"
            yield definition.problem(path, told(english, spanish, name=name, files=files))
