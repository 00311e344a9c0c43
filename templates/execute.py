"""Runs the compiled parts of a template and translates every failure to a file, a line and a sentence."""

import re
from functools import lru_cache
from types import TracebackType

from jinja2 import Template as Program
from jinja2 import TemplateError, UndefinedError

from schemas.enums import Channel
from schemas.told import Told, told
from schemas.values import value
from templates import tags
from templates.context import TemplateContext
from templates.problems import RenderProblem, Unprintable
from templates.sandbox import TemplateSandbox
from templates.template import Template

LONGEST = {Channel.SMS: 1530, Channel.WHATSAPP: 1024, Channel.VOICE: 3000, Channel.EMAIL: 100_000}
"""The most characters of a text by channel."""

_SPACE_RUNS = re.compile(r" {2,}|[\t\r]+ *")
_LINE_ENDS = re.compile(r" +\n *|\n +")
_BLANK_LINES = re.compile(r"\n{3,}")


@lru_cache(maxsize=4096)
def reading_language(debtor: str, template: str) -> str:
    """The language amounts and dates print in: the debtor's variant of the template's language, else the template's."""
    tag = tags.canonical(debtor)
    if tag is not None and tags.base(tag) == tags.base(template):
        return tag if "-" in tag or "-" not in template else template
    return template


@value
class Values:
    """What a template sees, and the language and channel that it prints for."""

    context: TemplateContext
    language: str
    channel: Channel


def run(template: Template, program: Program, values: Values) -> str:
    """The program's output; raises RenderProblem for undefined and blank values and whatever else fails."""
    sandbox = program.environment
    assert isinstance(sandbox, TemplateSandbox)
    try:
        return sandbox.shown(program, values.context, values.language, values.channel)
    except Unprintable as error:
        raise _problem(template, error, error.message) from None
    except UndefinedError as error:
        raise _problem(template, error, told("undefined: {why}", "sin definir: {why}", why=error.message)) from None
    except TemplateError as error:
        raise _problem(template, error, Told(error.message or type(error).__name__)) from None
    except (TypeError, ValueError, ArithmeticError, AttributeError, LookupError, RecursionError) as error:
        english = "cannot be computed ({kind}); check the filters and comparisons of this line"
        spanish = "no se puede calcular ({kind}); revise los filtros y comparaciones de esta línea"
        raise _problem(template, error, told(english, spanish, kind=type(error).__name__)) from None


def _problem(template: Template, error: BaseException, message: Told) -> RenderProblem:
    """The deepest template line on the error's way, and the template's own line where that is another file's."""
    places = _places(error.__traceback__)
    file, line = places[-1] if places else (template.file, template.body_line)
    if file != template.file and places:
        used_by = f"{places[0][0]}:{places[0][1]}"
        message = told("{message} (used by {place})", "{message} (lo usa {place})", message=message, place=used_by)
    return RenderProblem(file, line, message)


def _places(traceback: TracebackType | None) -> list[tuple[str, int]]:
    """Template files and lines in a traceback, outermost first; Jinja maps compiled lines to source lines."""
    places = []
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if file.endswith(".j2"):
            places.append((file, traceback.tb_lineno))
        traceback = traceback.tb_next
    return places


def tidy(text: str) -> str:
    """Short text as sent: no spaces at line ends, no runs of spaces, at most one blank line in a row."""
    text = _SPACE_RUNS.sub(" ", text.strip()) if "  " in text or "\t" in text or "\r" in text else text.strip()
    if "\n" in text:
        text = _BLANK_LINES.sub("\n\n", _LINE_ENDS.sub("\n", text))
    return text


def one_paragraph(text: str) -> str:
    """Text on one line, every run of white space one space."""
    return " ".join(text.split())


def require_text(template: Template, text: str) -> str:
    """The text, if there is any and the channel can carry it; raises RenderProblem."""
    if not text:
        message = told("the rendered text is empty", "el texto resultante está vacío")
        raise RenderProblem(template.file, template.body_line, message)
    most = LONGEST[template.channel]
    if len(text) > most:
        message = told(
            "the rendered text has {count} characters; {channel} carries at most {most}",
            "el texto resultante tiene {count} caracteres; {channel} lleva {most} como máximo",
            count=len(text),
            channel=template.channel,
            most=most,
        )
        raise RenderProblem(template.file, template.body_line, message)
    return text
