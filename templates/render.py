"""Turns a template and a context into the exact message, or says at which line it cannot."""

import re
from typing import assert_never

from schemas.enums import Channel
from schemas.message import RenderedMessage
from schemas.told import told
from templates import email_body
from templates.context import TemplateContext
from templates.execute import (
    Values,
    one_paragraph,
    reading_language,
    require_text,
    run,
    tidy,
)
from templates.parts import measure, transliterate
from templates.problems import RenderProblem
from templates.sandbox import SLOT_END, SLOT_START
from templates.template import Template

_SLOT_MARKS = re.compile(f"([{SLOT_START}{SLOT_END}])")


def render(template: Template, context: TemplateContext) -> RenderedMessage:
    """The message for one debtor; raises RenderProblem with file and line for whatever must not be sent."""
    language = reading_language(context.debtor.language, template.language)
    values = Values(context, language, template.channel)
    match template.channel:
        case Channel.SMS:
            return _sms(template, values, language)
        case Channel.WHATSAPP:
            return _whatsapp(template, values, language)
        case Channel.VOICE:
            return _voice(template, values, language)
        case Channel.EMAIL:
            return _email(template, values, language)
        case _:
            assert_never(template.channel)


def _sms(template: Template, values: Values, language: str) -> RenderedMessage:
    text = require_text(template, tidy(run(template, template.programs.body, values)))
    if template.front_matter.transliterate:
        text = transliterate(text)
    measured = measure(text)
    if measured.parts > template.front_matter.max_parts:
        message = told(
            "the text takes {parts} SMS parts ({characters} characters, {encoding}), and max_parts is {most}",
            "el texto ocupa {parts} partes de SMS ({characters} caracteres, {encoding}), y max_parts es {most}",
            parts=measured.parts,
            characters=measured.characters,
            encoding=measured.encoding,
            most=template.front_matter.max_parts,
        )
        raise RenderProblem(template.file, template.body_line, message)
    return RenderedMessage(
        channel=Channel.SMS,
        text=text,
        language=language,
        encoding=measured.encoding,
        parts=measured.parts,
    )


def _whatsapp(template: Template, values: Values, language: str) -> RenderedMessage:
    if template.front_matter.free_form:
        said = require_text(template, tidy(run(template, template.programs.body, values)))
        return RenderedMessage(channel=Channel.WHATSAPP, text=said, language=language)
    text, slots = _take_slots(run(template, template.programs.body, values))
    numbered = zip(template.programs.slots, slots, strict=True)
    return RenderedMessage(
        channel=Channel.WHATSAPP,
        text=require_text(template, tidy(text)),
        language=language,
        content_id=template.front_matter.content_id,
        content_variables={str(number): one_paragraph(value) for number, value in numbered},
    )


def _take_slots(marked: str) -> tuple[str, list[str]]:
    """The text without marks, and the outermost marked values in order (a macro's own values lie inside its mark)."""
    text: list[str] = []
    slots: list[str] = []
    depth = 0
    for piece in _SLOT_MARKS.split(marked):
        if piece == SLOT_START:
            depth += 1
            if depth == 1:
                slots.append("")
        elif piece == SLOT_END:
            depth -= 1
        else:
            text.append(piece)
            if depth:
                slots[-1] += piece
    return "".join(text), slots


def _voice(template: Template, values: Values, language: str) -> RenderedMessage:
    return RenderedMessage(
        channel=Channel.VOICE,
        text=require_text(template, one_paragraph(run(template, template.programs.body, values))),
        language=language,
        voice=template.front_matter.voice,
    )


def _email(template: Template, values: Values, language: str) -> RenderedMessage:
    subject, text, html = email_body.render_email(template, values, language)
    return RenderedMessage(channel=Channel.EMAIL, text=text, language=language, subject=subject, html=html)
