"""The YAML between two `---` lines at the top of a template: what its channel needs beside the text."""

import difflib
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from schemas.enums import Channel
from schemas.told import NOTHING, Told, told
from templates.problems import TemplateProblem

DEFAULT_MAX_PARTS = 3
MOST_PARTS = 10
CATEGORIES = ("utility", "marketing", "authentication")
HTML_SEPARATOR = "---html---"

_KEYS: dict[Channel, tuple[str, ...]] = {
    Channel.SMS: ("max_parts", "transliterate"),
    Channel.EMAIL: ("subject",),
    Channel.WHATSAPP: ("content_id", "category", "free_form"),
    Channel.VOICE: ("voice",),
}
_REQUIRED: dict[Channel, tuple[str, ...]] = {Channel.EMAIL: ("subject",), Channel.WHATSAPP: ("content_id",)}
_EVERYWHERE = ("description",)
_UNREADABLE = told("the front matter cannot be read as YAML", "el encabezado no se puede leer como YAML")
_NO_LINES = told("the front matter must be lines of `key: value`", "el encabezado debe ser líneas `clave: valor`")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The checked settings of a template; lines count from 1."""

    subject: str | None = None
    subject_line: int = 1
    max_parts: int = DEFAULT_MAX_PARTS
    transliterate: bool = True
    content_id: str | None = None
    free_form: bool = False
    category: str | None = None
    voice: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class SplitSource:
    """A template file taken apart: front matter as YAML, its first line, and the body with its lines kept."""

    yaml: str | None
    body: str
    body_line: int


def split(source: str) -> SplitSource:
    """Front matter and body; an opening `---` that never closes makes the whole file front matter."""
    lines = source.split("\n")
    if lines[0].rstrip() != "---":
        return SplitSource(None, source, 1)
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            return SplitSource("\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2)
    return SplitSource("\n".join(lines[1:]), "", len(lines) + 1)


def split_html(body: str) -> tuple[str, str | None, int]:
    """Text part, HTML part and the lines before the HTML part; the parts are divided by a line `---html---`."""
    lines = body.split("\n")
    for number, line in enumerate(lines):
        if line.strip() == HTML_SEPARATOR:
            return "\n".join(lines[:number]), "\n".join(lines[number + 1 :]), number + 1
    return body, None, 0


def parse(yaml: str | None, channel: Channel, file: str) -> tuple[FrontMatter, list[TemplateProblem]]:
    """The settings, and every fault found in them; settings at fault keep their defaults."""
    try:
        loaded = YAML(typ="rt").load(yaml or "")
    except MarkedYAMLError as error:
        return FrontMatter(), [_yaml_problem(error, file)]
    except (YAMLError, RecursionError, ValueError):
        return FrontMatter(), [TemplateProblem(file, 1, 1, _UNREADABLE)]
    if loaded is None:
        loaded = CommentedMap()
    if not isinstance(loaded, CommentedMap):
        return FrontMatter(), [TemplateProblem(file, 2, 1, _NO_LINES)]
    reader = _Reader(loaded, channel, file)
    return reader.read(), reader.problems


def _yaml_problem(error: MarkedYAMLError, file: str) -> TemplateProblem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 2, mark.column + 1) if mark else (1, 1)
    why = error.problem.splitlines()[0] if error.problem else told("not YAML", "no es YAML")
    return TemplateProblem(file, line, column, told("front matter: {why}", "encabezado: {why}", why=why))


def _advice(owners: list[str], near: list[str]) -> Told:
    if owners:
        return told("; it belongs to {channel}", "; es de {channel}", channel=owners[0])
    return told("; did you mean `{word}`?", "; ¿quiso decir `{word}`?", word=near[0]) if near else NOTHING


class _Reader:
    """Reads the keys of one front matter and gathers what is wrong with them."""

    def __init__(self, loaded: CommentedMap, channel: Channel, file: str) -> None:
        self.loaded = loaded
        self.channel = channel
        self.file = file
        self.problems: list[TemplateProblem] = []

    def read(self) -> FrontMatter:
        """Every key checked, unknown and missing ones reported."""
        self._unknown_keys()
        free_form = self._flag("free_form", otherwise=False)
        for key in _REQUIRED.get(self.channel, ()):
            if key not in self.loaded and not (free_form and key == "content_id"):
                english, spanish = (
                    "{channel} needs `{key}` in its front matter",
                    "{channel} necesita `{key}` en su encabezado",
                )
                message = told(english, spanish, channel=self.channel, key=key)
                self.problems.append(TemplateProblem(self.file, 1, 1, message))
        if free_form:
            self._refuse_content()
        return FrontMatter(
            subject=self._text("subject"),
            subject_line=self._line("subject"),
            max_parts=self._max_parts(),
            transliterate=self._flag("transliterate"),
            content_id=self._token("content_id"),
            free_form=free_form,
            category=self._category(),
            voice=self._token("voice"),
            description=self._text("description"),
        )

    def _unknown_keys(self) -> None:
        known = _KEYS[self.channel] + _EVERYWHERE
        for key in self.loaded:
            if key in known:
                continue
            owners = [channel.value for channel, keys in _KEYS.items() if key in keys]
            near = difflib.get_close_matches(str(key), known, 1)
            english, spanish = (
                "`{key}` is not a setting of {channel}{advice}",
                "`{key}` no es un ajuste de {channel}{advice}",
            )
            self._report(key, told(english, spanish, key=key, channel=self.channel, advice=_advice(owners, near)))

    def _line(self, key: str) -> int:
        return int(self.loaded.lc.key(key)[0]) + 2 if key in self.loaded else 1

    def _report(self, key: Any, message: Told) -> None:
        line, column = self.loaded.lc.key(key)
        self.problems.append(TemplateProblem(self.file, line + 2, column + 1, message))

    def _mine(self, key: str) -> bool:
        return key in self.loaded and key in _KEYS[self.channel] + _EVERYWHERE

    def _text(self, key: str) -> str | None:
        if not self._mine(key):
            return None
        value = self.loaded[key]
        if isinstance(value, str) and value.strip():
            return str(value)
        english, spanish = (
            "`{key}` must be a text; put it between quotes",
            "`{key}` debe ser un texto; póngalo entre comillas",
        )
        self._report(key, told(english, spanish, key=key))
        return None

    def _token(self, key: str) -> str | None:
        value = self._text(key)
        if value is not None and any(character.isspace() for character in value):
            self._report(key, told("`{key}` must have no spaces", "`{key}` no debe tener espacios", key=key))
            return None
        return value

    def _category(self) -> str | None:
        value = self._text("category")
        if value is not None and value not in CATEGORIES:
            english, spanish = "`category` must be one of {known}", "`category` debe ser una de {known}"
            self._report("category", told(english, spanish, known=", ".join(CATEGORIES)))
            return None
        return value

    def _refuse_content(self) -> None:
        for key in ("content_id", "category"):
            if key in self.loaded:
                english = "remove `{key}`: free text is not approved content"
                self._report(key, told(english, "quite `{key}`: un texto libre no es contenido aprobado", key=key))

    def _flag(self, key: str, *, otherwise: bool = True) -> bool:
        if not self._mine(key):
            return otherwise
        if not isinstance(self.loaded[key], bool):
            self._report(key, told("`{key}` must be true or false", "`{key}` debe ser true o false", key=key))
            return otherwise
        return bool(self.loaded[key])

    def _max_parts(self) -> int:
        if not self._mine("max_parts"):
            return DEFAULT_MAX_PARTS
        value = self.loaded["max_parts"]
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_PARTS:
            english, spanish = (
                "`max_parts` must be a whole number from 1 to {most}",
                "`max_parts` debe ser un entero de 1 a {most}",
            )
            self._report("max_parts", told(english, spanish, most=MOST_PARTS))
            return DEFAULT_MAX_PARTS
        return int(value)
