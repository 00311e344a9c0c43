"""Finding templates by language, and every fault of a file with its place."""

from pathlib import Path

import pytest

from schemas.enums import Channel
from templates.catalog import TemplateCatalog
from templates.context import TemplateContext
from templates.placeholders import required_names
from templates.render import render

GOOD = "Hola {{ debtor.first_name }}"


def only_problem(path: str, text: str, **others: str) -> tuple[int, int, str]:
    problems = TemplateCatalog.from_sources({path: text, **others}).problems()
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0].line, problems[0].column, problems[0].message


@pytest.mark.parametrize(
    ("asked", "default", "found"),
    [
        ("es-MX", "es", "es-MX"),
        ("es-mx", "es", "es-MX"),
        ("es_MX", "es", "es-MX"),
        ("es-AR", "es", "es"),
        ("en-US", "pt", "pt"),
        ("en-US", "pt-BR", "pt"),
        ("en", "es-MX", "es-MX"),
        ("", "es", "es"),
        ("de", "fr", None),
    ],
)
def test_language_falls_back_to_the_nearest(asked: str, default: str, found: str | None) -> None:
    catalog = TemplateCatalog.from_sources({f"{tag}/a.sms.j2": GOOD for tag in ("es", "es-MX", "pt")})
    template = catalog.find("a", Channel.SMS, asked, default)
    assert (template.language if template else None) == found


def test_a_template_of_another_channel_or_name_is_not_found() -> None:
    catalog = TemplateCatalog.from_sources({"es/a.sms.j2": GOOD})
    assert catalog.find("a", Channel.VOICE, "es") is None
    assert catalog.find("b", Channel.SMS, "es") is None


def test_a_broken_template_is_not_replaced_by_another_language() -> None:
    catalog = TemplateCatalog.from_sources({"es/a.sms.j2": GOOD, "es-MX/a.sms.j2": "{{ debtor.nmae }}"})
    assert catalog.find("a", Channel.SMS, "es-MX") is None
    assert catalog.exists("a", Channel.SMS, "es-MX")
    assert catalog.find("a", Channel.SMS, "es") is not None


def test_one_broken_file_never_hides_another() -> None:
    sources = {
        "es/a.sms.j2": "{{ debtor.nmae }}\n{{ loan.reff }}",
        "es/b.sms.j2": "{% if %}",
        "es/c.email.j2": "sin asunto",
        "es/d.sms.j2": GOOD,
    }
    catalog = TemplateCatalog.from_sources(sources)
    places = [(problem.file, problem.line) for problem in catalog.problems()]
    assert places == [("es/a.sms.j2", 1), ("es/a.sms.j2", 2), ("es/b.sms.j2", 1), ("es/c.email.j2", 1)]
    assert [template.path for template in catalog.templates()] == ["es/d.sms.j2"]


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("Hola\n{{ debtor.nmae }}", 2, 11, "did you mean 'name'"),
        ("Hola {{ nombre }}", 1, 9, "unknown name 'nombre'"),
        ("Hola {{ amount }}", 1, 9, "'installment.amount'"),
        ("Hola {{ first_name }}", 1, 9, "'debtor.first_name'"),
        ("Hola {{ debtor['nmae'] }}", 1, 17, "did you mean 'name'"),
        ("Hola {{ debtor[x] }} {% set x = 'name' %}", 1, 9, "computed field"),
        ("Hola {{ debtor }}", 1, 9, "is a group"),
        ("Hola {{ installment.amount.currency }}", 1, 28, "filters give other forms"),
        ("Hola {{ installment.due_date.year }}", 1, 30, "filters give other forms"),
        ("Hola {{ debtor.name.__class__ }}", 1, 21, "closed to templates"),
        ("Hola {{ ''.__class__ }}", 1, 12, "closed to templates"),
        ("Hola {{ debtor.name.split() }}", 1, 21, "use a filter"),
        ("{% for r in payment.references %}{{ r.valor }}{% endfor %}", 1, 39, "did you mean 'value'"),
        ("Hola {{ debtor.name | mayusculas }}", 1, 23, "unknown filter 'mayusculas'"),
        ("Hola {% if debtor.name is raro %}x{% endif %}", 1, 27, "unknown test 'raro'"),
        ("{% if loan.ref %}{{ loan.ref|amont_plain }}{% endif %}", 1, 30, "did you mean 'amount_plain'"),
        ("Hola {{ debtor.name }", 1, 6, "unexpected"),
        ("Hola\n\n{% if loan.ref %}", 3, 1, "Unexpected end"),
        ("{% include '_nada.j2' %}x", 1, 13, "no file '_nada.j2'"),
        ("{% from '_nada.j2' import x %}{{ x() }}", 1, 10, "no file '_nada.j2'"),
        ("{% import debtor.name as x %}a", 1, 1, "between quotes"),
        ("", 1, 1, "no text"),
        ("---\nmax_parts: 2\n---\n\n{{ debtor.nmae }}", 5, 11, "did you mean 'name'"),
        ("---\nmax_parts: 0\n---\nx", 2, 1, "from 1 to 10"),
        ("---\nmax_parts: dos\n---\nx", 2, 1, "from 1 to 10"),
        ("---\nmax_parts: true\n---\nx", 2, 1, "from 1 to 10"),
        ("---\nmax_part: 2\n---\nx", 2, 1, "did you mean `max_parts`"),
        ("---\nsubject: hola\n---\nx", 2, 1, "belongs to email"),
        ("---\ntransliterate: quizas\n---\nx", 2, 1, "true or false"),
        ("---\na: [1\n---\nx", 2, 6, "front matter"),
        ("---\nmax_parts: 1\nmax_parts: 2\n---\nx", 3, 1, "duplicate"),
        ("---\n- a\n---\nx", 2, 1, "key: value"),
    ],
)
def test_faults_are_reported_with_line_and_column(text: str, line: int, column: int, words: str) -> None:
    found_line, found_column, message = only_problem("es/a.sms.j2", text)
    assert (found_line, found_column) == (line, column)
    assert words in message


@pytest.mark.parametrize(
    ("path", "text", "line", "words"),
    [
        ("es/a.email.j2", "x", 1, "needs `subject`"),
        ("es/a.email.j2", "---\nsubject: ''\n---\nx", 2, "must be a text"),
        ("es/a.email.j2", "---\nsubject: {{ creditor.name }}\n---\nx", 2, "between quotes"),
        ("es/a.email.j2", "---\nsubject: Debe {{ installment.amount }}\n---\nx", 2, "must not print"),
        ("es/a.email.j2", "---\nsubject: Credito {{ loan.ref }}\n---\nx", 2, "must not print"),
        ("es/a.email.j2", "---\nsubject: Su deuda\n---\nx", 2, "must not speak of a debt"),
        ("es/a.email.j2", "---\nsubject: Hola {{ debtor.nmae }}\n---\nx", 2, "did you mean 'name'"),
        ("es/a.email.j2", "---\nsubject: a\n---\nx\n---html---\n\n{{ loan.rref }}", 7, "did you mean 'ref'"),
        ("es/a.whatsapp.j2", "x", 1, "needs `content_id`"),
        ("es/a.whatsapp.j2", "---\ncontent_id: HX 1\n---\nx", 2, "no spaces"),
        ("es/a.whatsapp.j2", "---\ncontent_id: HX1\ncategory: promo\n---\nx", 3, "utility"),
        ("es/a.whatsapp.j2", "---\ncontent_id: HX1\n---\n{% if loan %}x{% endif %}", 4, "cannot branch"),
        ("es/a.voice.j2", "---\nvoice: [x]\n---\nx", 2, "must be a text"),
        ("es/a.smss.j2", "x", 1, "did you mean 'sms'"),
        ("es/a b.sms.j2", "x", 1, "file name"),
        ("es/_m.j2", "---\nsubject: x\n---\n", 1, "no front matter"),
        ("es/_m.j2", "{% macro a() %}{{ debtor.nmae }}{% endmacro %}", 1, "did you mean 'name'"),
    ],
)
def test_faults_by_kind_of_file(path: str, text: str, line: int, words: str) -> None:
    found_line, _, message = only_problem(path, text)
    assert found_line == line
    assert words in message


def test_a_macro_that_does_not_exist_is_named_with_its_neighbour() -> None:
    macros = {"es/_m.j2": "{% macro salida() %}x{% endmacro %}"}
    assert "did you mean 'salida'" in only_problem("es/a.sms.j2", "{% from '_m.j2' import salda %}x", **macros)[2]
    assert (
        "did you mean 'salida'" in only_problem("es/a.sms.j2", "{% import '_m.j2' as m %}{{ m.salda() }}", **macros)[2]
    )


def test_files_that_import_each_other_are_a_fault_of_both() -> None:
    catalog = TemplateCatalog.from_sources(
        {
            "es/_a.j2": "{% import '_b.j2' as b %}{% macro x() %}{{ b.y() }}{% endmacro %}",
            "es/_b.j2": "{% import '_a.j2' as a %}{% macro y() %}{{ a.x() }}{% endmacro %}",
        }
    )
    assert [(p.file, "circle" in p.message) for p in catalog.problems()] == [("es/_a.j2", True), ("es/_b.j2", True)]


def test_one_language_in_two_folders_is_a_fault_of_both() -> None:
    catalog = TemplateCatalog.from_sources({"es-MX/a.sms.j2": GOOD, "es-mx/a.sms.j2": GOOD})
    assert [p.file for p in catalog.problems()] == ["es-MX/a.sms.j2", "es-mx/a.sms.j2"]
    assert catalog.find("a", Channel.SMS, "es-MX") is None


def test_macros_are_shared_with_the_variants_of_a_language(context: TemplateContext) -> None:
    sources = {
        "es/_m.j2": "{% macro saludo() %}Hola{% endmacro %}",
        "es-CO/a.sms.j2": "{% from '_m.j2' import saludo %}{{ saludo() }} {{ debtor.first_name }}",
    }
    template = TemplateCatalog.from_sources(sources).find("a", Channel.SMS, "es-CO")
    assert template is not None
    assert render(template, context).text == "Hola Maria Fernanda"


def test_stored_sources_render_the_same_and_hash_the_same(samples: TemplateCatalog, context: TemplateContext) -> None:
    for template in samples.templates():
        again = TemplateCatalog.from_sources(template.sources)
        stored = again.find(template.name, template.channel, template.language)
        assert again.problems() == []
        assert stored is not None
        assert stored.hash == template.hash
        assert render(stored, context) == render(template, context)


def test_the_hash_changes_with_a_macro_that_is_used_and_with_nothing_else() -> None:
    sources = {
        "es/_m.j2": "{% macro a() %}A{% endmacro %}",
        "es/_n.j2": "{% macro b() %}B{% endmacro %}",
        "es/a.sms.j2": "{% from '_m.j2' import a %}{{ a() }}",
    }

    def hash_of(**changes: str) -> str:
        template = TemplateCatalog.from_sources(sources | changes).find("a", Channel.SMS, "es")
        assert template is not None
        return template.hash

    assert hash_of() == hash_of(**{"es/_n.j2": "otra"})
    assert hash_of() != hash_of(**{"es/_m.j2": "{% macro a() %}AA{% endmacro %}"})
    assert set(TemplateCatalog.from_sources(sources).sources("a", Channel.SMS, "es")) == {"es/a.sms.j2", "es/_m.j2"}


def test_required_names_follow_the_macros_that_are_called() -> None:
    sources = {
        "es/_m.j2": "{% macro a() %}{{ creditor.name }}{{ b() }}{% endmacro %}"
        "{% macro b() %}{{ opt_out.text }}{% endmacro %}{% macro c() %}{{ loan.ref }}{% endmacro %}",
        "es/a.email.j2": "---\nsubject: De {{ creditor.email }}\n---\n{% import '_m.j2' as m %}{{ m.a() }}"
        "\n---html---\n<p>{{ debtor.name }}</p>",
    }
    template = TemplateCatalog.from_sources(sources).find("a", Channel.EMAIL, "es")
    assert template is not None
    assert required_names(template) == {"creditor.name", "creditor.email", "opt_out.text", "debtor.name"}


def test_a_folder_is_read_and_unreadable_files_are_problems(tmp_path: Path) -> None:
    for folder in ("es", "pt-BR", "notes-of-the-team", "__pycache__"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.sms.j2").write_text(GOOD, encoding="utf-8")
    (tmp_path / "es" / "b.sms.j2").write_bytes(b"Hola\nMar\xeda")
    (tmp_path / "es" / "c.sms.j2").write_text("x" * 300_000, encoding="utf-8")
    (tmp_path / "es" / "d.sms.j2").write_bytes("\ufeffHola\r\n{{ debtor.nmae }}\r\n".encode())
    (tmp_path / "suelto.sms.j2").write_text("x", encoding="utf-8")
    catalog = TemplateCatalog.load(tmp_path)
    assert {template.language for template in catalog.templates()} == {"es", "pt-BR"}
    places = [(Path(p.file).name, p.line, p.column) for p in catalog.problems()]
    assert places == [("b.sms.j2", 2, 4), ("c.sms.j2", 1, 1), ("d.sms.j2", 2, 11)]


def test_a_missing_folder_is_a_problem(tmp_path: Path) -> None:
    assert "no such folder" in TemplateCatalog.load(tmp_path / "nada").problems()[0].message
