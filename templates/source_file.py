"""One file of a templates folder, taken apart and parsed, with the faults that it shows by itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jinja2 import TemplateSyntaxError, nodes
from jinja2.environment import Environment

from schemas.enums import Channel
from schemas.told import Told, told
from templates import front_matter, tags
from templates.front_matter import FrontMatter
from templates.name_check import did_you_mean
from templates.problems import TemplateProblem
from templates.usage import FileUsage, field_read, file_usage

_SUBJECT_ROOTS = frozenset({"loan", "installment", "payment"})
_SUBJECT_WORDS = re.compile(
    r"\b(deud\w*|adeud\w*|moros\w*|cobranza\w*|d[ií]vida\w*|cobran[cç]a\w*|inadimpl\w*|debts?|collections?)\b",
    re.IGNORECASE,
)
_NO_BRANCHES = (nodes.If, nodes.For, nodes.CondExpr, nodes.Include, nodes.Extends, nodes.Block)
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)?\.j2")

_TAGS = re.compile(r"\{%.*?%\}|\{#.*?#\}")
_END_OF_MACRO = re.compile(r"^[ \t]*\{%[ \t]*(endmacro|endcall)\b")
_CHANNELS = tuple(channel.value for channel in Channel)

_DEEPEST = 80
_TOO_DEEP = told(
    "too deeply nested or too long to be read; make it simpler", "demasiado anidado o largo para leerse; simplifíquelo"
)

BODY, HTML, SUBJECT = "", "#html", "#subject"


@dataclass(frozen=True, slots=True)
class Part:
    """One piece that is compiled by itself; blank lines before it keep the file's line numbers."""

    kind: str
    source: str
    tree: nodes.Template | None


@dataclass(slots=True)
class SourceFile:
    """A parsed file; `name` and `channel` are None for a macro file."""

    path: str
    file: str
    language: str
    text: str
    name: str | None = None
    channel: Channel | None = None
    settings: FrontMatter = field(default_factory=FrontMatter)
    body_line: int = 1
    parts: list[Part] = field(default_factory=list)
    problems: list[TemplateProblem] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """The file's own lines."""
        return self.text.split("\n")

    def report(self, line: int, word: str, message: Told) -> None:
        """A fault at a word of a line (or at the line's first sign of Jinja, or its start)."""
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        found = text.find(word) if word else -1
        opening = re.search(r"\{[{%#]", text)
        column = found + 1 if found >= 0 else (opening.start() + 1 if opening else 1)
        self.problems.append(TemplateProblem(self.file, max(line, 1), column, message))

    def trees(self) -> Iterator[nodes.Template]:
        """The parsed parts."""
        return (part.tree for part in self.parts if part.tree is not None)

    def usages(self) -> list[FileUsage]:
        """What each part uses."""
        return [file_usage(tree) for tree in self.trees()]

    def exports(self) -> frozenset[str]:
        """The names other files may import."""
        names: set[str] = set()
        for tree in self.trees():
            names.update(macro.name for macro in tree.find_all(nodes.Macro))
            names.update(
                each.target.name for each in tree.find_all(nodes.Assign) if isinstance(each.target, nodes.Name)
            )
        return frozenset(names)


def read_source(path: str, text: str, *, file: str, environment: Environment) -> SourceFile:
    """Parse one file by the path `language/file`."""
    language, _, filename = path.partition("/")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    source = SourceFile(path, file, tags.canonical(language) or language, text)
    _name(source, filename)
    if source.channel is None:
        if text.startswith("---\n"):
            message = told("a macro file has no front matter", "un archivo de macros no lleva encabezado")
            source.report(1, "", message)
        _add_part(source, BODY, text, 0, environment)
    else:
        _read_template(source, source.channel, environment)
    return source


def _name(source: SourceFile, filename: str) -> None:
    """Name and channel out of `name.channel.j2`; macro files are `_macros.j2` or any name without a channel."""
    if not _FILE_NAME.fullmatch(filename):
        english = "a file name has letters, digits, _ and - only: name.channel.j2 or _macros.j2"
        spanish = "un nombre de archivo tiene solo letras, cifras, _ y -: nombre.canal.j2 o _macros.j2"
        source.report(1, "", told(english, spanish))
        return
    name, _, channel = filename.removesuffix(".j2").partition(".")
    if not channel:
        return
    if channel in _CHANNELS:
        source.name, source.channel = name, Channel(channel)
    else:
        hint = did_you_mean(channel, _CHANNELS)
        english, spanish = (
            "unknown channel {name!r} in the file's name{hint}",
            "canal desconocido {name!r} en el nombre del archivo{hint}",
        )
        source.report(1, "", told(english, spanish, name=channel, hint=hint))


def _read_template(source: SourceFile, channel: Channel, environment: Environment) -> None:
    split = front_matter.split(source.text)
    source.body_line = split.body_line
    source.settings, problems = front_matter.parse(split.yaml, channel, source.file)
    source.problems.extend(problems)
    body, html, html_line = split.body, None, 0
    if channel is Channel.EMAIL:
        body, html, html_line = front_matter.split_html(split.body)
    if not body.strip():
        source.report(split.body_line, "", told("the template has no text", "la plantilla no tiene texto"))
    _add_part(source, BODY, body, split.body_line - 1, environment)
    if html is not None:
        _add_part(source, HTML, html, split.body_line - 1 + html_line, environment)
    if source.settings.subject is not None:
        _add_part(source, SUBJECT, source.settings.subject, source.settings.subject_line - 1, environment)
        _check_subject(source)
    if channel is Channel.WHATSAPP and not source.settings.free_form:
        _check_content(source)


def _add_part(source: SourceFile, kind: str, text: str, lines_before: int, environment: Environment) -> None:
    """Parse a part where it stands in the file: a comment of blank lines before it keeps the count."""
    text = _with_line_ends(text)
    placed = "{#" + "\n" * lines_before + "#}" + text if lines_before else text
    tree = None
    try:
        tree = environment.parse(placed, source.path, source.file)
    except TemplateSyntaxError as error:
        source.report(error.lineno, "", syntax_error(error))
    except (RecursionError, ValueError):
        source.report(lines_before + 1, "", _TOO_DEEP)
    if tree is not None and _depth(tree) > _DEEPEST:
        source.report(lines_before + 1, "", _TOO_DEEP)
        tree = None
    source.parts.append(Part(kind, placed, tree))


def syntax_error(error: TemplateSyntaxError) -> Told:
    """What Jinja says, in its own English."""
    if not error.message:
        return told("syntax error", "error de sintaxis")
    return told("{why}", "error de sintaxis de Jinja: {why}", why=error.message)


def _depth(tree: nodes.Node) -> int:
    """How deep expressions and blocks nest; without recursion, for it judges what recursion could not bear."""
    depth = 0
    level: list[nodes.Node] = [tree]
    while level and depth <= _DEEPEST:
        depth += 1
        level = [child for node in level for child in node.iter_child_nodes()]
    return depth


def _with_line_ends(text: str) -> str:
    """Jinja drops the line end after every tag; it is kept here unless tags are all there is on the line.

    A macro's text ends where it ends, not at the line end before `endmacro`.
    """
    lines = []
    for line in text.split("\n"):
        end = line.rstrip()
        if end.endswith(("%}", "#}")) and end[-3:-2] not in ("+", "-") and _TAGS.sub("", end).strip():
            line = f"{end[:-2]}+{end[-2:]}"
        lines.append(_END_OF_MACRO.sub(r"{%- \1", line))
    return "\n".join(lines)


def _check_subject(source: SourceFile) -> None:
    """A subject shows on locked screens: it names no amount, loan or debt."""
    line = source.settings.subject_line
    for part in source.parts:
        if part.kind != SUBJECT or part.tree is None:
            continue
        for node in part.tree.find_all((nodes.Getattr, nodes.Getitem)):
            read = field_read(node)
            if read is not None and read[0] in _SUBJECT_ROOTS:
                name = ".".join(read)
                english, spanish = (
                    "a subject shows to others and must not print {name}",
                    "un asunto lo ven otros y no debe imprimir {name}",
                )
                source.report(line, name, told(english, spanish, name=name))
    word = _SUBJECT_WORDS.search(source.settings.subject or "")
    if word is not None:
        english = "a subject shows to others and must not speak of a debt ({word!r})"
        spanish = "un asunto lo ven otros y no debe hablar de una deuda ({word!r})"
        source.report(line, word[0], told(english, spanish, word=word[0]))


def _check_content(source: SourceFile) -> None:
    """A WhatsApp body mirrors the approved content: text and variables, no branches."""
    for tree in source.trees():
        for node in tree.find_all(_NO_BRANCHES):
            english = "a whatsapp body mirrors its approved content and cannot branch"
            spanish = "un texto de whatsapp repite su contenido aprobado y no puede tener ramas"
            source.report(node.lineno, "", told(english, spanish))
