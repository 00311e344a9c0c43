"""Compiles the parts of templates once, each in the environment its kind needs."""

from collections.abc import Callable, Mapping
from typing import Protocol

from jinja2 import TemplateSyntaxError, nodes

from schemas.enums import Channel
from templates.sandbox import SourceLoader, TemplateSandbox, mark_slot, refuse_blank
from templates.source_file import BODY, HTML, SUBJECT, Part, SourceFile
from templates.template import Programs


class Resolver(Protocol):
    """Finds the file that a name stands for in a language."""

    def resolve(self, language: str, name: str) -> str | None:
        """Its path, None where there is none."""


class Compiler:
    """Three environments over the same sources: plain text, HTML that escapes, content with marked variables."""

    def __init__(self) -> None:
        self._bodies: dict[str, str] = {}
        self._files: dict[str, str] = {}
        self._resolve: Callable[[str, str], str | None] = lambda language, name: None
        loader = SourceLoader(self._bodies, self._files, self._locate)
        self.environment = TemplateSandbox(loader, html=False, finalize=refuse_blank)
        self._html = TemplateSandbox(loader, html=True, finalize=refuse_blank)
        self._content = TemplateSandbox(loader, html=False, finalize=mark_slot)

    def add(self, files: Mapping[str, SourceFile], links: Resolver) -> None:
        """Make the sources known, before anything is compiled."""
        self._resolve = links.resolve
        for path, file in files.items():
            for part in file.parts:
                self._bodies[path + part.kind] = part.source
                self._files[path + part.kind] = file.file

    def try_part(self, source: SourceFile, part: Part) -> TemplateSyntaxError | None:
        """What compiling one part shows beyond parsing it."""
        try:
            self.environment.get_template(source.path + part.kind)
        except TemplateSyntaxError as error:
            return error
        return None

    def programs(self, source: SourceFile) -> Programs:
        """The compiled parts of a file that has no problems."""
        parts = {part.kind: part for part in source.parts}
        if source.channel is Channel.WHATSAPP and not source.settings.free_form:
            body = self._content.get_template(source.path)
            return Programs(body, slots=slot_numbers(parts[BODY].tree))
        return Programs(
            body=self.environment.get_template(source.path),
            html=self._html.get_template(source.path + HTML) if HTML in parts else None,
            subject=self.environment.get_template(source.path + SUBJECT) if SUBJECT in parts else None,
        )

    def _locate(self, name: str) -> str | None:
        if name in self._bodies:
            return name
        language, _, file = name.partition("/")
        return self._resolve(language, file)


def slot_numbers(tree: nodes.Template | None) -> tuple[int, ...]:
    """The number of each printed expression, in order; an expression written again keeps its number."""
    seen: list[nodes.Node] = []
    numbers: list[int] = []
    for output in tree.find_all(nodes.Output) if tree is not None else ():
        for expression in output.nodes:
            if isinstance(expression, nodes.TemplateData):
                continue
            if expression not in seen:
                seen.append(expression)
            numbers.append(seen.index(expression) + 1)
    return tuple(numbers)
