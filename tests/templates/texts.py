"""Templates from texts, rendered or refused."""

from dataclasses import replace

import pytest

from schemas.enums import Channel
from schemas.message import RenderedMessage
from templates.catalog import TemplateCatalog
from templates.context import TemplateContext
from templates.placeholders import sample_context
from templates.problems import RenderProblem
from templates.render import render
from templates.template import Template

CONTEXT = sample_context("es-MX")
MACROS = "{% macro salida() %}\n{{ opt_out.text }}\n{% endmacro %}"
FRONT = {Channel.EMAIL: "---\nsubject: Aviso\n---\n", Channel.WHATSAPP: "---\ncontent_id: HX1\n---\n"}


def compiled(text: str, channel: Channel = Channel.SMS, language: str = "es") -> Template:
    path = f"{language}/a.{channel}.j2"
    catalog = TemplateCatalog.from_sources({path: text, f"{language}/_m.j2": MACROS})
    template = catalog.find("a", channel, language)
    assert template is not None, [str(problem) for problem in catalog.problems()]
    return template


def rendered(
    text: str, context: TemplateContext = CONTEXT, channel: Channel = Channel.SMS, language: str = "es"
) -> RenderedMessage:
    return render(compiled(FRONT.get(channel, "") + text, channel, language), context)


def refused(text: str, context: TemplateContext = CONTEXT, channel: Channel = Channel.SMS) -> RenderProblem:
    template = compiled(FRONT.get(channel, "") + text, channel)
    with pytest.raises(RenderProblem) as caught:
        render(template, context)
    return caught.value


def in_language(language: str) -> TemplateContext:
    return replace(CONTEXT, debtor=replace(CONTEXT.debtor, language=language))
