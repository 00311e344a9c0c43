"""However a template gets at a value, what it prints is the present debtor's and nobody else's."""

from dataclasses import replace

import pytest

from schemas.enums import Channel
from templates.catalog import TemplateCatalog
from templates.context import LoanContext, TemplateContext
from templates.problems import RenderProblem
from templates.render import render
from tests.templates.texts import CONTEXT

ANA = replace(CONTEXT, debtor=replace(CONTEXT.debtor, name="Ana Uno", first_name="Ana", language="es-MX"))
BEA = replace(CONTEXT, debtor=replace(CONTEXT.debtor, name="Bea Dos", first_name="Bea", language="es-ES"))
NOBODY = replace(CONTEXT, debtor=replace(CONTEXT.debtor, name=None, first_name=None))

WAYS = {
    "a macro": ("{% macro x() %}{{ debtor.first_name }}{% endmacro %}", "{{ x() }}"),
    "a default": ("{% macro x(who=debtor.first_name) %}{{ who }}{% endmacro %}", "{{ x() }}"),
    "a variable of the file": ("{% set who = debtor.first_name %}{% macro x() %}{{ who }}{% endmacro %}", "{{ x() }}"),
    "an exported variable": ("{% set x = debtor.first_name %}", "{{ x }}"),
    "a macro defined in a condition": (
        "{% if debtor.first_name %}{% macro x() %}{{ debtor.first_name }}{% endmacro %}{% endif %}",
        "{{ x() }}",
    ),
    "a macro behind another file": (
        '{% from "_deep.j2" import y %}{% macro x() %}{{ y() }}{% endmacro %}',
        "{{ x() }}",
    ),
}
DEEP = {
    "a macro": "{% macro y() %}{{ debtor.first_name }}{% endmacro %}",
    "a variable": "{% set who = debtor.first_name %}{% macro y() %}{{ who }}{% endmacro %}",
}


def said(catalog: TemplateCatalog, context: TemplateContext, channel: Channel) -> str:
    template = catalog.find("a", channel, "es")
    assert template is not None, [str(problem) for problem in catalog.problems()]
    return render(template, context).text


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.VOICE, Channel.WHATSAPP])
@pytest.mark.parametrize("deep", DEEP)
@pytest.mark.parametrize("way", WAYS)
def test_each_rendering_prints_its_own_debtor(way: str, deep: str, channel: Channel) -> None:
    macros, body = WAYS[way]
    front = "---\ncontent_id: HX1\n---\n" if channel is Channel.WHATSAPP else ""
    catalog = TemplateCatalog.from_sources(
        {
            f"es/a.{channel}.j2": f'{front}{{% from "_m.j2" import x %}}{body} debe {{{{ installment.amount }}}}',
            "es/_m.j2": macros,
            "es/_deep.j2": DEEP[deep],
        }
    )
    first, second, again = (said(catalog, person, channel) for person in (ANA, BEA, ANA))
    assert first.startswith("Ana debe")
    assert second.startswith("Bea debe")
    assert again == first
    with pytest.raises(RenderProblem):
        said(catalog, NOBODY, channel)
    assert said(catalog, BEA, channel) == second


@pytest.mark.parametrize(
    ("body", "asked"), [("Hola", 0), ("{% if loan.ref %}{{ loan.ref }} {{ loan.ref }}{% endif %}", 1)]
)
def test_a_loan_given_as_a_function_is_asked_for_once_by_a_template_that_prints_it(body: str, asked: int) -> None:
    calls = []

    def loan() -> LoanContext:
        calls.append("asked")
        return LoanContext("L-1")

    catalog = TemplateCatalog.from_sources({"es/a.sms.j2": body})
    assert said(catalog, replace(CONTEXT, loan=loan), Channel.SMS) == ("L-1 L-1" if asked else "Hola")
    assert len(calls) == asked
