"""Lint reads what templates say: whether it fits, whether anything lacks, and whether the law's words are there."""

from collections.abc import Mapping

import pytest

from campaigns.catalog import load_catalog
from services.creditors import load_creditors
from services.lint_words import words_problems
from services.settings import PROJECT_ROOT
from templates.catalog import TemplateCatalog
from tests.campaigns.language.samples import changed
from tests.services.lint.test_lint import PACKS, SOURCES, found, surroundings

MEXICO = changed("[sms, email]", "[sms]")
COLOMBIA = changed("creditor: demo", "creditor: bogota", MEXICO)
FIT = SOURCES["es/aviso.sms.j2"]
PART = "Lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore. "
WHERE = "11:15: the template 'aviso' for sms has a fault: "


def lint(sms: str, text: str = MEXICO, more: Mapping[str, str] | None = None) -> list[str]:
    """What lint says where the SMS reads so."""
    return found(text, surroundings({**SOURCES, "es/aviso.sms.j2": sms, **(more or {})}))


@pytest.mark.parametrize(
    ("sms", "fault"),
    [
        (
            f"---\nmax_parts: 1\n---\n{FIT} {PART}",
            "es/aviso.sms.j2:4:1: the text takes 2 SMS parts (190 characters, gsm7), and max_parts is 1",
        ),
        (
            f"{FIT} {PART * 4}",
            "es/aviso.sms.j2:1:1: the text takes 4 SMS parts (517 characters, gsm7), and max_parts is 3",
        ),
        (
            f"---\nmax_parts: 1\ntransliterate: false\n---\n{FIT} Usted podrá pagar mañana.",
            "es/aviso.sms.j2:5:1: the text takes 2 SMS parts (107 characters, ucs2), and max_parts is 1",
        ),
        (
            "Hola {{ debtor.first_name }}, su pago vence. {{ opt_out.text }}",
            "es/aviso.sms.j2:1:1: the rule mx-creditor-name wants 'creditor-name' in every sms: "
            "print {{ creditor.name }}",
        ),
        (
            f"{FIT}. Llame al {{{{ creditor.phone }}}}",
            "es/aviso.sms.j2:1:1: creditor.phone has no value for this message; "
            "guard it with {% if creditor.phone %} or |default",
        ),
        (
            f"{FIT}. Solicite su nuevo credito",
            "es/aviso.sms.j2:1:1: the rule mx-no-offers wants 'no-offer' in every sms: take the offer out",
        ),
    ],
    ids=["two parts for one", "over the default", "letters that cost", "no name", "a value that lacks", "an offer"],
)
def test_what_would_fail_for_everybody_is_found(sms: str, fault: str) -> None:
    assert lint(sms) == [WHERE + fault, fault]


def test_an_exit_is_wanted_where_the_law_wants_one() -> None:
    without = "{{ creditor.name }}: su pago vence pronto."
    fault = "es/aviso.sms.j2:1:1: the rule co-every-message wants 'opt-out' in every sms: print {{ opt_out.text }}"
    assert lint(without, COLOMBIA) == [WHERE + fault, fault]
    assert lint(FIT, COLOMBIA) == []
    assert lint(without) == []


def test_every_language_is_read() -> None:
    problems = lint(FIT, more={"pt/aviso.sms.j2": "Seu pagamento vence logo. {{ opt_out.text }}"})
    assert [problem.split(":")[0] for problem in problems] == ["11", "pt/aviso.sms.j2"]
    assert "mx-creditor-name" in problems[0]


def test_a_short_name_decides_and_longer_ones_are_left_to_the_simulation() -> None:
    said = "Hola Ana, le recuerda Financiera Demo. Responda BAJA para no recibir mas mensajes"
    full = f"---\nmax_parts: 1\n---\n{FIT}{'x' * (160 - len(said))}"
    assert lint(full) == []
    assert len(lint(f"{full}x")) == 2


def test_templates_that_the_campaign_does_not_use_are_not_read() -> None:
    assert lint(FIT, more={"es/otra.sms.j2": PART * 9}) == []


def test_variants_that_are_compared_have_the_same_languages() -> None:
    variants = "    variants: [{template: aviso, weight: 1}, {template: corto, weight: 1}]\n"
    text = changed("    template: aviso\n", variants, MEXICO)
    more = {"es/corto.sms.j2": FIT, "pt/aviso.sms.j2": FIT}
    assert lint(FIT, text, more) == [
        "11:57: the variant 'corto' lacks a language that another one has: add pt/corto.sms.j2"
    ]
    assert lint(FIT, text, {**more, "pt/corto.sms.j2": FIT, "es-CO/corto.sms.j2": FIT}) == []


def test_the_shipped_words_can_be_sent_in_every_place() -> None:
    demo = load_creditors(PROJECT_ROOT / "deploy" / "creditors.yaml")["demo"]
    templates = TemplateCatalog.load(PROJECT_ROOT / "templates")
    definitions = load_catalog(PROJECT_ROOT / "campaigns" / "definitions").definitions
    for jurisdiction in ("MX", "CO", "CL", "PE", "EC", "DO", "US-FL", "BR-SP"):
        creditor = demo.model_copy(update={"jurisdiction": jurisdiction, "phone": None, "pay_at": None})
        for definition in definitions:
            assert list(words_problems(definition, creditor, PACKS, templates)) == [], jurisdiction
