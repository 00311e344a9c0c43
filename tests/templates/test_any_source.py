"""Whatever stands in a template file, the answer is a template or a problem with a place, never an exception."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.enums import Channel
from templates.catalog import TemplateCatalog
from templates.placeholders import sample_context
from templates.problems import RenderProblem
from templates.render import render


def pieces(text: str) -> list[str]:
    return [*text.split(" "), "\n", " "]


PIECES = pieces(
    "{{ {% {# }} %} #} - + | ( ) [ ] ' \" . , : ~ = == not if endif else for in endfor set macro endmacro call endcall "
    "from import include extends block raw debtor debtor.name loan.ref payment.references installment.amount upper "
    "words default is none --- subject: max_parts: 1 a: &a *a ---html--- <p> é \x00 {{x}} {%if%}"
)
SOURCES = st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join) | st.text(max_size=60)


@settings(max_examples=150)
@given(text=SOURCES, channel=st.sampled_from(list(Channel)), front=st.sampled_from(["", "---\nsubject: x\n---\n"]))
def test_any_text_is_a_template_or_a_problem(text: str, channel: Channel, front: str) -> None:
    catalog = TemplateCatalog.from_sources({f"es/a.{channel}.j2": front + text})
    problems = catalog.problems()
    assert all(problem.line >= 1 and problem.column >= 1 and problem.message for problem in problems)
    template = catalog.find("a", channel, "es")
    assert (template is None) == bool(problems)
    if template is not None:
        assert rendered_or_refused(catalog, channel)


def rendered_or_refused(catalog: TemplateCatalog, channel: Channel) -> bool:
    (template,) = catalog.templates()
    try:
        return bool(render(template, sample_context("es-MX", channel)).text)
    except RenderProblem as problem:
        return problem.line >= 1


@pytest.mark.parametrize(
    "text",
    [
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{{ " + "[" * 150 + "]" * 150 + " }}",
        "{{ " + "not " * 3000 + "1 }}",
        "{{ 'a'" + "|upper" * 3000 + " }}",
        "{% if 1 %}" * 3000,
        "{{ " + "9" * 6000 + " }}",
        "---\na: " + "[" * 5000 + "\n---\nx",
        "---\nmax_parts: " + "9" * 6000 + "\n---\nx",
    ],
    ids=["parentheses", "lists", "nots", "filters", "ifs", "digits", "yaml", "yaml-digits"],
)
def test_monsters_are_problems(text: str) -> None:
    assert TemplateCatalog.from_sources({"es/a.sms.j2": text}).problems()
