"""Whether every template that a definition names exists for its channels and is sound in every language."""

from collections.abc import Iterator
from difflib import get_close_matches

from campaigns.definition import Choice, Definition, Path, Problem, Step
from schemas.enums import Channel
from schemas.told import Told, told
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
            english = "the whatsapp template '{name}' is free text, which may only answer a reply: give it a content_id"
            spanish = (
                "la plantilla de whatsapp '{name}' es texto libre, que solo puede contestar una respuesta:"
                " dele un content_id"
            )
            yield definition.problem(path, told(english, spanish, name=name))


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


def _missing(name: str, channels: list[Channel], language: str, templates: TemplateCatalog) -> Told:
    files = ", ".join(f"{language}/{name}.{channel}.j2" for channel in channels)
    if name not in templates.names() and (close := get_close_matches(name, templates.names(), n=1, cutoff=0.6)):
        english = "unknown template '{name}': did you mean '{close}'?"
        return told(english, "plantilla desconocida '{name}': ¿quiso decir '{close}'?", name=name, close=close[0])
    return told(
        "unknown template '{name}' for {channels}: add {files} to the templates",
        "plantilla desconocida '{name}' para {channels}: agregue {files} a las plantillas",
        name=name,
        channels=", ".join(channels),
        files=files,
    )


def faulty_template(name: str, channel: Channel, fault: Told) -> Told:
    """What is said at the line of `template:`, where the fault stands in the template's own file."""
    english = "the template '{name}' for {channel} has a fault: {fault}"
    spanish = "la plantilla '{name}' para {channel} tiene una falla: {fault}"
    return told(english, spanish, name=name, channel=channel, fault=fault)


def _faults(
    definition: Definition, path: Path, name: str, channel: Channel, templates: TemplateCatalog
) -> Iterator[Problem]:
    """A fault in any language stops the template: a debtor of that language would get nothing."""
    file_name = f"/{name}.{channel}.j2"
    own = [problem for problem in templates.problems() if problem.file.endswith(file_name)]
    broken = templates.find(name, channel, definition.language, definition.language) is None
    if own:
        yield definition.problem(path, faulty_template(name, channel, own[0].told))
    elif broken:
        english = "the template '{name}' for {channel} imports a file that has a fault"
        spanish = "la plantilla '{name}' para {channel} importa un archivo que tiene una falla"
        yield definition.problem(path, told(english, spanish, name=name, channel=channel))
    for problem in own:
        yield Problem(problem.file, problem.line, problem.column, problem.message)
