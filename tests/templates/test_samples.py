"""The shipped templates: every one renders for every kind of debtor, politely, with a name and an exit."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from schemas.enums import Channel, Encoding
from schemas.money import Money
from templates.catalog import TemplateCatalog
from templates.context import (
    CreditorContext,
    DebtorContext,
    InstallmentContext,
    PaymentContext,
    TemplateContext,
)
from templates.placeholders import sample_context
from templates.render import render

NAMES = (
    "recordatorio_previo", "vence_hoy", "vence_hoy_formal", "vence_hoy_corto", "vencido_1", "vencido_5",
    "pago_recibido",
)  # fmt: skip
LANGUAGES = ("es-MX", "es-CO", "es-PE", "es", "pt-BR", "en-US")
PEOPLE = [
    DebtorContext("María Fernanda Hernández Ruiz", "María Fernanda", "es-MX"),
    DebtorContext("Ñusta Güémez Íñiguez", "Ñusta", "es-MX"),
    DebtorContext("João Conceição d’Ávila", "João", "es-MX"),
    DebtorContext("Wolfeschlegelsteinhausenbergerdorff", "Wolfeschlegelstein", "es-MX"),
    DebtorContext("Li", "Li", "es-MX"),
]
BAD_WORDS = re.compile(
    r"cancelar|cancele|demanda|embargo|jur[ií]dic|judicial|abogad|bur[oó] de cr|moros|deudor|urgente|"
    r"lawsuit|legal action|attorney|advogad|processo|protest|negativ|cancel",
    re.IGNORECASE,
)


def for_person(person: DebtorContext, language: str, channel: Channel) -> TemplateContext:
    context = sample_context(language, channel)
    return replace(context, debtor=replace(person, language=language))


def test_the_samples_have_no_problems(samples: TemplateCatalog) -> None:
    assert [str(problem) for problem in samples.problems()] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_name_has_sms_and_email_in_every_language(samples: TemplateCatalog, name: str, language: str) -> None:
    for channel in (Channel.SMS, Channel.EMAIL):
        template = samples.find(name, channel, language)
        assert template is not None
        assert template.language.split("-")[0] == language.split("-")[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.first_name)
def test_every_sample_renders_with_the_creditor_and_an_exit(
    samples: TemplateCatalog, person: DebtorContext, language: str
) -> None:
    for sample in samples.templates():
        template = samples.find(sample.name, sample.channel, language)
        if template is None:
            continue
        context = for_person(person, language, sample.channel)
        message = render(template, context)
        assert context.creditor.name in message.text
        assert re.search(r"BAJA|SAIR|STOP|marque nueve|digite nove|press nine|/u/", message.text)
        assert not BAD_WORDS.search(message.text + (message.subject or "") + (message.html or ""))
        if message.channel is Channel.SMS:
            assert (message.encoding, message.parts <= 2) == (Encoding.GSM7, True)
        if message.channel is Channel.EMAIL:
            assert context.creditor.name in (message.html or "")


def test_subjects_hold_no_number_and_no_word_of_debt(samples: TemplateCatalog) -> None:
    for template in samples.templates():
        if template.channel is Channel.EMAIL:
            subject = render(template, sample_context(template.language)).subject or ""
            assert not re.search(r"\d|\$|pago|pagamento|payment|venc|deud|debt|d[ií]vida|cr[eé]dit|loan", subject, re.I)


def test_samples_render_for_a_debtor_of_whom_little_is_known(samples: TemplateCatalog) -> None:
    bare = TemplateContext(
        debtor=DebtorContext(None, None, "es-MX"),
        creditor=CreditorContext("Caja Sol"),
        loan=replace(sample_context().loan, product=None, overdue_amount=None),  # type: ignore[type-var]
        installment=InstallmentContext(None, Money(Decimal("80"), "MXN"), date(2026, 12, 1), -5),
        payment=PaymentContext(),
        opt_out=sample_context().opt_out,
    )
    for template in samples.templates():
        if template.channel is not Channel.WHATSAPP:
            assert "Caja Sol" in render(template, bare).text


def test_amounts_follow_the_country(samples: TemplateCatalog) -> None:
    amounts = {"es-MX": "$1,050.50 MXN", "es-CO": "$1.050,50 COP", "pt-BR": "R$ 1.050,50", "en-US": "$1,050.50 USD"}
    for language, amount in amounts.items():
        template = samples.find("vence_hoy", Channel.SMS, language)
        assert template is not None
        assert amount in render(template, sample_context(language)).text


def test_colombia_has_its_own_words(samples: TemplateCatalog) -> None:
    for name in ("recordatorio_previo", "vence_hoy", "vencido_1", "vencido_5"):
        template = samples.find(name, Channel.SMS, "es-CO")
        assert template is not None
        assert "cobro" in render(template, sample_context("es-CO")).text
