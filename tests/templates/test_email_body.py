"""Subject, text and HTML of an email."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from schemas.enums import Channel
from templates.catalog import TemplateCatalog
from templates.context import TemplateContext
from templates.email_body import build
from templates.problems import RenderProblem
from templates.render import render
from templates.template import Template

TEXT = "---\nsubject: Aviso de {{ creditor.name }}\n---\nHola {{ debtor.name }}\n\nPague en {{ payment.link }}.\n"


class Tags(HTMLParser):
    """The tags and attributes of a document, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def names(self) -> list[str]:
        return [tag for tag, _ in self.found]


def compiled(text: str) -> Template:
    catalog = TemplateCatalog.from_sources({"es/a.email.j2": text})
    template = catalog.find("a", Channel.EMAIL, "es")
    assert template is not None, [str(problem) for problem in catalog.problems()]
    return template


def named(context: TemplateContext, name: str) -> TemplateContext:
    return replace(context, debtor=replace(context.debtor, name=name))


def test_text_alone_becomes_paragraphs_with_links(context: TemplateContext) -> None:
    subject, text, html = build(compiled(TEXT), context)
    tags = Tags(html)
    assert subject == "Aviso de Financiera Demo, S.A. de C.V., SOFOM, E.N.R."
    assert text.endswith("Pague en https://pagos.financiera.test/p/4f7Kq2Zt.")
    assert tags.names().count("p") == 2
    assert [attrs["href"] for tag, attrs in tags.found if tag == "a"] == ["https://pagos.financiera.test/p/4f7Kq2Zt"]
    assert dict(tags.found)["html"]["lang"] == "es-MX"


def test_styles_are_moved_into_the_elements(context: TemplateContext) -> None:
    html = build(compiled(TEXT + "---html---\n<style>p{color:red}</style><p>{{ debtor.name }}</p>"), context)[2]
    tags = Tags(html)
    assert "style" not in tags.names()
    assert "color: red" in (dict(tags.found)["p"]["style"] or "")


def test_a_whole_document_stays_as_it_is(context: TemplateContext) -> None:
    html = build(compiled(TEXT + "---html---\n<html lang='es'><body><p>{{ debtor.name }}</p></body></html>"), context)[
        2
    ]
    assert Tags(html).names().count("html") == 1


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "A & B", '"><img src=x onerror=y>', "{{ loan.ref }}"])
def test_data_is_escaped_in_html_and_left_alone_in_text(name: str, context: TemplateContext) -> None:
    for template in (TEXT, TEXT + '---html---\n<p title="{{ debtor.name }}">{{ debtor.name }}</p>'):
        _, text, html = build(compiled(template), named(context, name))
        assert name in text
        assert not {"script", "img"} & set(Tags(html).names())
        assert "L-1001" not in html


def test_the_subject_is_one_short_line(context: TemplateContext) -> None:
    template = compiled("---\nsubject: 'Para {{ debtor.name }}'\n---\nx")
    assert build(template, named(context, "Ana\r\nBcc: otro@x.test"))[0] == "Para Ana Bcc: otro@x.test"
    with pytest.raises(RenderProblem, match="subject has 205 characters") as caught:
        build(template, named(context, "A" * 200))
    assert caught.value.line == 2


def test_a_blank_value_in_the_subject_or_html_has_its_line(context: TemplateContext) -> None:
    for text, line in (
        ("---\n\nsubject: Para {{ debtor.name }}\n---\nx", 3),
        (TEXT.replace("{{ debtor.name }}", "x") + "---html---\n\n<p>{{ debtor.name }}</p>", 9),
    ):
        with pytest.raises(RenderProblem) as caught:
            build(compiled(text), named(context, " "))
        assert (caught.value.file, caught.value.line) == ("es/a.email.j2", line)


def test_render_gives_the_same_three_pieces(context: TemplateContext) -> None:
    message = render(compiled(TEXT), context)
    assert (message.subject, message.text, message.html) == build(compiled(TEXT), context)
