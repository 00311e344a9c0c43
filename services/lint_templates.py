"""Whether every template that a definition names exists for its channels and is sound in every language."""

from collections.abc import Iterator
from difflib import get_close_matches

from campaigns.definition import Choice, Definition, Path, Problem, Step
from schemas.enums import Channel
from templates.catalog import TemplateCatalog


def template_problems(definition: Definition, templates: TemplateCatalog) -> Iterator[Problem]:
    """Missing templates at the line of `template:`; faulty ones there, and where the fault stands."""
    for path, name, channels in uses(definition):
        missing = [
            channel
            for channel in channels
            if not templates.exists(name, channel, definition.language, definition.language)
        ]
        if missing:
            yield definition.problem(path, _missing(name, missing, definition.language, templates))
        for channel in channels:
            if channel not in missing:
                yield from _faults(definition, path, name, channel, templates)
        if Channel.WHATSAPP in channels and not _answers(definition, path) and _is_free(definition, name, templates):
            message = (
                f"the whatsapp template '{name}' is free text, which may only answer a reply: give it a content_id"
            )
            yield definition.problem(path, message)


def uses(definition: Definition) -> Iterator[tuple[Path, str, tuple[Channel, ...]]]:
    """Each place that names a template, with the channels it must exist for."""
    for index, step in enumerate(definition.steps):
        yield from _named(step, step.channels, ("steps", index))
        for branch, choice in enumerate(step.choose):
            yield from _named(choice, choice.channels or step.channels, ("steps", index, "choose", branch))


def _answers(definition: Definition, path: Path) -> bool:
    step = definition.steps[int(path[1])]
    return step.on is not None and step.on.is_reply


def _is_free(definition: Definition, name: str, templates: TemplateCatalog) -> bool:
    found = templates.find(name, Channel.WHATSAPP, definition.language, definition.language)
    return found is not None and found.front_matter.free_form


def _named(
    part: Step | Choice, channels: tuple[Channel, ...], path: Path
) -> Iterator[tuple[Path, str, tuple[Channel, ...]]]:
    if part.template is not None:
        yield (*path, "template"), part.template, channels
    for index, variant in enumerate(part.variants):
        yield (*path, "variants", index, "template"), variant.template, channels


def _missing(name: str, channels: list[Channel], language: str, templates: TemplateCatalog) -> str:
    files = ", ".join(f"{language}/{name}.{channel}.j2" for channel in channels)
    if name not in templates.names() and (close := get_close_matches(name, templates.names(), n=1, cutoff=0.6)):
        return f"unknown template '{name}': did you mean '{close[0]}'?"
    return f"unknown template '{name}' for {', '.join(channels)}: add {files} to the templates"


def _faults(
    definition: Definition, path: Path, name: str, channel: Channel, templates: TemplateCatalog
) -> Iterator[Problem]:
    """A fault in any language stops the template: a debtor of that language would get nothing."""
    file_name = f"/{name}.{channel}.j2"
    own = [problem for problem in templates.problems() if problem.file.endswith(file_name)]
    broken = templates.find(name, channel, definition.language, definition.language) is None
    if own:
        yield definition.problem(path, f"the template '{name}' for {channel} has a fault: {own[0]}")
    elif broken:
        yield definition.problem(path, f"the template '{name}' for {channel} imports a file that has a fault")
    for problem in own:
        yield Problem(problem.file, problem.line, problem.column, problem.message)
