"""A checked template: what it is, what it needs, and its compiled form."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jinja2 import Template as Program

from schemas.enums import Channel
from templates.front_matter import FrontMatter


@dataclass(frozen=True, slots=True)
class Programs:
    """The compiled parts of a template; `slots` number the variables of a content template, in their order."""

    body: Program
    html: Program | None = None
    subject: Program | None = None
    slots: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """One template in one language; `file` is the path people know, `path` the one inside its catalog.

    `sources` holds the exact files it needs (itself and its macros), `hash` is the SHA-256 over them.
    """

    name: str
    channel: Channel
    language: str
    path: str
    file: str
    front_matter: FrontMatter
    required: frozenset[str]
    hash: str
    sources: Mapping[str, str] = field(repr=False)
    programs: Programs = field(repr=False, compare=False)
    body_line: int = 1
