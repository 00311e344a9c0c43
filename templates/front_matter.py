"""The YAML between two `---` lines at the top of a template: what its channel needs beside the text."""

import difflib
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from schemas.enums import Channel
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
        return FrontMatter(), [TemplateProblem(file, 1, 1, "the front matter cannot be read as YAML")]
    if loaded is None:
        loaded = CommentedMap()
    if not isinstance(loaded, CommentedMap):
        return FrontMatter(), [TemplateProblem(file, 2, 1, "the front matter must be lines of `key: value`")]
    reader = _Reader(loaded, channel, file)
    return reader.read(), reader.problems


def _yaml_problem(error: MarkedYAMLError, file: str) -> TemplateProblem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 2, mark.column + 1) if mark else (1, 1)
    return TemplateProblem(file, line, column, f"front matter: {(error.problem or 'not YAML').splitlines()[0]}")


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
                text = f"{self.channel} needs `{key}` in its front matter"
                self.problems.append(TemplateProblem(self.file, 1, 1, text))
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
            advice = f"; it belongs to {owners[0]}" if owners else f"; did you mean `{near[0]}`?" if near else ""
            self._report(key, f"`{key}` is not a setting of {self.channel}{advice}")

    def _line(self, key: str) -> int:
        return int(self.loaded.lc.key(key)[0]) + 2 if key in self.loaded else 1

    def _report(self, key: Any, message: str) -> None:
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
        self._report(key, f"`{key}` must be a text; put it between quotes")
        return None

    def _token(self, key: str) -> str | None:
        value = self._text(key)
        if value is not None and any(character.isspace() for character in value):
            self._report(key, f"`{key}` must have no spaces")
            return None
        return value

    def _category(self) -> str | None:
        value = self._text("category")
        if value is not None and value not in CATEGORIES:
            self._report("category", f"`category` must be one of {', '.join(CATEGORIES)}")
            return None
        return value

    def _refuse_content(self) -> None:
        for key in ("content_id", "category"):
            if key in self.loaded:
                self._report(key, f"remove `{key}`: free text is not approved content")

    def _flag(self, key: str, *, otherwise: bool = True) -> bool:
        if not self._mine(key):
            return otherwise
        if not isinstance(self.loaded[key], bool):
            self._report(key, f"`{key}` must be true or false")
            return otherwise
        return bool(self.loaded[key])

    def _max_parts(self) -> int:
        if not self._mine("max_parts"):
            return DEFAULT_MAX_PARTS
        value = self.loaded["max_parts"]
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_PARTS:
            self._report("max_parts", f"`max_parts` must be a whole number from 1 to {MOST_PARTS}")
            return DEFAULT_MAX_PARTS
        return int(value)
