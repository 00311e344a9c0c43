"""The three pieces of an email: subject, text, and HTML with its styles inlined."""

import re
from html import escape

import css_inline
from jinja2 import Template as Program

from schemas.enums import Channel
from schemas.told import told
from templates.context import TemplateContext
from templates.execute import Values, one_paragraph, reading_language, require_text, run
from templates.problems import RenderProblem
from templates.template import Template

LONGEST_SUBJECT = 150
"""Characters; longer subjects are cut by readers of mail."""

_BLANK_LINES = re.compile(r"\n\n+")
_LINK = re.compile(r"https?://(?:(?!&(?:quot|lt|gt|#x27);)\S)*(?<![.,;:!?)])")
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)
_BODY = (
    "margin:0;padding:24px;background:#ffffff;color:#1c1c1c;"
    "font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5;word-break:break-word"
)
_PARAGRAPH = "margin:0 0 16px;max-width:600px"


def build(template: Template, context: TemplateContext) -> tuple[str, str, str]:
    """Subject, text and HTML of an email; raises RenderProblem as `render` does."""
    language = reading_language(context.debtor.language, template.language)
    return render_email(template, Values(context, language, Channel.EMAIL), language)


def render_email(template: Template, values: Values, language: str) -> tuple[str, str, str]:
    """As `build`, from prepared values; without an HTML part the text is set as simple paragraphs."""
    subject = _subject(template, values)
    text = require_text(template, _tidy(run(template, template.programs.body, values)))
    if template.programs.html is None:
        html = _document(_paragraphs(text), subject, language, style=_BODY)
    else:
        html = _inlined(run(template, template.programs.html, values).strip(), subject, language)
    return subject, text, require_text(template, html)


def _subject(template: Template, values: Values) -> str:
    program: Program | None = template.programs.subject
    line = template.front_matter.subject_line
    if program is None:
        english = "an email needs `subject` in its front matter"
        raise RenderProblem(template.file, line, told(english, "un correo necesita `subject` en su encabezado"))
    subject = one_paragraph(run(template, program, values))
    if not subject or len(subject) > LONGEST_SUBJECT:
        english = "the subject has {count} characters; it needs 1 to {most}"
        spanish = "el asunto tiene {count} caracteres; necesita de 1 a {most}"
        message = told(english, spanish, count=len(subject), most=LONGEST_SUBJECT)
        raise RenderProblem(template.file, line, message)
    return subject


def _tidy(text: str) -> str:
    lines = (line.rstrip() for line in text.strip().split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _paragraphs(text: str) -> str:
    """Plain text as HTML: blank lines part paragraphs, addresses become links."""
    linked = _LINK.sub(r'<a href="\g<0>">\g<0></a>', escape(text))
    paragraphs = _BLANK_LINES.split(linked)
    return "".join(f'<p style="{_PARAGRAPH}">{paragraph}</p>'.replace("\n", "<br>") for paragraph in paragraphs)


def _inlined(content: str, subject: str, language: str) -> str:
    """An author's HTML with its styles moved into the elements; a whole document stays as it is otherwise."""
    whole = "<html" in content.lower()
    return _INLINER.inline(content if whole else _document(content, subject, language))


def _document(content: str, subject: str, language: str, *, style: str = "margin:0;word-break:break-word") -> str:
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(subject)}</title></head><body style="{style}">{content}</body></html>'
    )
