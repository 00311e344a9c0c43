"""All templates of a folder, or of stored sources: checked, compiled, and found by name, channel and language."""

import hashlib
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from schemas.enums import Channel
from schemas.told import told
from templates import tags
from templates.compiler import Compiler
from templates.linking import Links, required_names
from templates.name_check import check_names
from templates.problems import TemplateProblem
from templates.source_file import SourceFile, read_source, syntax_error
from templates.template import Template

DEFAULT_LANGUAGE = "es"
_MOST_BYTES = 256 * 1024


class TemplateCatalog:
    """Templates that can be rendered, and the problems of those that cannot."""

    def __init__(self, sources: Mapping[str, str], *, root: str, problems: list[TemplateProblem]) -> None:
        self._compiler = Compiler()
        self._files = {
            path: read_source(path, text, file=f"{root}{path}", environment=self._compiler.environment)
            for path, text in sources.items()
        }
        self._links = Links(self._files)
        self._problems = list(problems)
        self._templates: dict[tuple[str, Channel, str], Template | None] = {}
        self._check()
        self._compile()

    @classmethod
    def load(cls, directory: Path) -> "TemplateCatalog":
        """The `*.j2` files in the language folders of a directory; what cannot be read is a problem."""
        sources: dict[str, str] = {}
        problems: list[TemplateProblem] = []
        if not directory.is_dir():
            missing = TemplateProblem(
                str(directory), 1, 1, told("there is no such folder of templates", "no hay tal carpeta de plantillas")
            )
            return cls({}, root="", problems=[missing])
        for folder in sorted(directory.iterdir()):
            if folder.is_dir() and tags.canonical(folder.name) is not None:
                for file in sorted(folder.glob("*.j2")):
                    _read(file, f"{folder.name}/{file.name}", sources, problems)
        return cls(sources, root=f"{directory}/", problems=problems)

    @classmethod
    def from_sources(cls, sources: Mapping[str, str]) -> "TemplateCatalog":
        """Templates from texts by path (`es/recordatorio.sms.j2`), as `Template.sources` gives them."""
        return cls(sources, root="", problems=[])

    def find(
        self, name: str, channel: Channel, language: str, default_language: str = DEFAULT_LANGUAGE
    ) -> Template | None:
        """The template in the language, else in the nearest: `es-MX`, `es`, the default.

        A template that has problems is never replaced by another language's: the answer is None.
        """
        for tag in tags.fallbacks(language, default_language):
            key = (name, channel, tag)
            if key in self._templates:
                return self._templates[key]
        return None

    def exists(self, name: str, channel: Channel, language: str, default_language: str = DEFAULT_LANGUAGE) -> bool:
        """Whether there is a file for it, even one with problems."""
        return any((name, channel, tag) in self._templates for tag in tags.fallbacks(language, default_language))

    def sources(
        self, name: str, channel: Channel, language: str, default_language: str = DEFAULT_LANGUAGE
    ) -> dict[str, str]:
        """The files the found template needs, itself and its macros; empty where none is found."""
        template = self.find(name, channel, language, default_language)
        return dict(template.sources) if template is not None else {}

    def templates(self) -> list[Template]:
        """Every template that can be rendered, by name, channel and language."""
        in_order = (self._templates[key] for key in sorted(self._templates))
        return [template for template in in_order if template is not None]

    def names(self) -> frozenset[str]:
        """Every template name there is a file for, even one with problems."""
        return frozenset(name for name, _, _ in self._templates)

    def problems(self) -> list[TemplateProblem]:
        """Every fault found, by file and line."""
        return sorted(set(self._problems))

    def _check(self) -> None:
        for source in self._files.values():
            for tree in source.trees():
                check_names(tree, report=source.report, exports=partial(self._exports, source))
            cycle = self._links.cycle(source.path)
            if cycle:
                english, spanish = (
                    "files import each other in a circle: {way}",
                    "los archivos se importan en círculo: {way}",
                )
                source.report(1, "", told(english, spanish, way=" -> ".join(cycle)))

    def _exports(self, source: SourceFile, name: str) -> frozenset[str] | None:
        path = self._links.resolve(source.language, name)
        return self._files[path].exports() if path is not None else None

    def _compile(self) -> None:
        self._compiler.add(self._files, self._links)
        for source in self._files.values():
            if not source.problems:
                self._try_parts(source)
        self._refuse_twins()
        for source in self._files.values():
            self._problems.extend(source.problems)
            if source.name is not None and source.channel is not None:
                key = (source.name, source.channel, source.language)
                self._templates[key] = self._template(source, source.name, source.channel)

    def _refuse_twins(self) -> None:
        """`es-MX` and `es-mx` are one language: two files of one name there are a fault of both."""
        twins: dict[str, list[SourceFile]] = {}
        for source in self._files.values():
            twins.setdefault(f"{source.language}/{source.path.partition('/')[2]}", []).append(source)
        for sources in twins.values():
            for source in sources if len(sources) > 1 else ():
                english = "there are two folders for the language {language}"
                spanish = "hay dos carpetas del idioma {language}"
                source.report(1, "", told(english, spanish, language=source.language))

    def _try_parts(self, source: SourceFile) -> None:
        for part in source.parts:
            fault = self._compiler.try_part(source, part) if part.tree is not None else None
            if fault is not None:
                source.report(fault.lineno, "", syntax_error(fault))

    def _template(self, source: SourceFile, name: str, channel: Channel) -> Template | None:
        needed = self._links.closure(source.path)
        if any(self._files[path].problems for path in needed):
            return None
        sources = {path: self._files[path].text for path in needed}
        return Template(
            name=name,
            channel=channel,
            language=source.language,
            path=source.path,
            file=source.file,
            front_matter=source.settings,
            required=required_names(source, self._links),
            hash=_hash(source.path, sources),
            sources=sources,
            programs=self._compiler.programs(source),
            body_line=source.body_line,
        )


def _read(file: Path, path: str, sources: dict[str, str], problems: list[TemplateProblem]) -> None:
    try:
        data = file.read_bytes()
    except OSError as error:
        message = told("cannot be read: {why}", "no se puede leer: {why}", why=error.strerror)
        problems.append(TemplateProblem(str(file), 1, 1, message))
        return
    if len(data) > _MOST_BYTES:
        problems.append(TemplateProblem(str(file), 1, 1, told("is larger than 256 KiB", "es de más de 256 KiB")))
        return
    try:
        sources[path] = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        message = told("is not UTF-8; save it as UTF-8", "no es UTF-8; guárdelo como UTF-8")
        problems.append(TemplateProblem(str(file), line, column, message))


def _hash(path: str, sources: Mapping[str, str]) -> str:
    content = json.dumps([path, sorted(sources.items())], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
