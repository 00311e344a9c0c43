"""What rendering refuses, with the file and line at fault, and what counts as missing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.enums import Channel
from schemas.message import RenderedMessage
from schemas.money import Money
from templates.context import (
    DebtorContext,
    InstallmentContext,
    LoanContext,
    PaymentContext,
    PaymentReference,
    TemplateContext,
)
from templates.problems import RenderProblem
from templates.render import render
from templates.template import Template
from tests.templates.texts import CONTEXT, compiled, refused, rendered

WHOLE = compiled("Hola {{ debtor.name }} {{ debtor.first_name }} {{ payment.references }}.")
WITHOUT = replace(
    CONTEXT,
    debtor=DebtorContext(name="  ", first_name=None, language="es-MX"),
    loan=None,
    payment=PaymentContext(link="", references=()),
    creditor=replace(CONTEXT.creditor, phone="\u00a0\n"),
)


@pytest.mark.parametrize(
    "name",
    [
        "debtor.name",
        "debtor.first_name",
        "loan.ref",
        "loan.overdue_amount",
        "payment.link",
        "payment.references",
        "creditor.phone",
    ],
)
@pytest.mark.parametrize(
    "form", ["{{ %s }}", "{{ %s|upper }}", "{{ %s|default('') }}", "{{ %s ~ '' }}", "{{ %s|string }}"]
)
def test_a_value_that_is_not_there_is_never_printed(name: str, form: str) -> None:
    problem = refused("Hola,\naviso\n" + form.replace("%s", name), WITHOUT)
    assert (problem.file, problem.line) == ("es/a.sms.j2", 3)


@pytest.mark.parametrize("name", ["debtor.first_name", "loan.ref", "payment.link", "loan"])
def test_a_value_that_is_not_there_is_false_and_none(name: str) -> None:
    assert rendered(f"{{% if {name} %}}si{{% else %}}no{{% endif %}}", WITHOUT).text == "no"
    if "." in name:
        assert rendered(f"{{% if {name} is none %}}si{{% else %}}no{{% endif %}}", WITHOUT).text == "si"
        assert rendered(f"{{{{ {name}|default('otra cosa') }}}}", WITHOUT).text == "otra cosa"


def test_zero_days_is_a_value() -> None:
    today = replace(CONTEXT, installment=InstallmentContext(1, Money(Decimal(5), "MXN"), date(2026, 1, 1), 0))
    assert rendered("Faltan {{ installment.days_to_due }} dias", today).text == "Faltan 0 dias"


@pytest.mark.parametrize("amount", ["NaN", "Infinity"])
def test_an_amount_that_is_no_number_is_not_there(amount: str) -> None:
    broken = replace(CONTEXT, loan=LoanContext("L-1", overdue_amount=Money(Decimal(amount), "MXN")))
    assert "loan.overdue_amount has no value" in refused("{{ loan.overdue_amount }}", broken).message


def test_an_error_in_a_macro_names_the_macro_file_and_who_used_it() -> None:
    context = replace(CONTEXT, opt_out=None)
    problem = refused("Hola\n{% from '_m.j2' import salida %}\n{{ salida() }}", context)
    assert (problem.file, problem.line) == ("es/_m.j2", 2)
    assert "es/a.sms.j2:3" in problem.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{ installment.due_date|amount_plain }}", "needs an amount"),
        ("{{ installment.amount|weekday }}", "needs a date"),
        ("{{ debtor.name|words }}", "needs an amount, a date or a number"),
        ("{{ installment.amount * 2 }}", "amounts come ready"),
        ("{{ installment.amount + 2 }}", "cannot be computed"),
        ("{{ 'x' * 100 }}", "not available"),
        ("{{ 2 ** 100000 }}", "not available"),
        ("{{ installment.days_to_due // 0 }}", "cannot be computed"),
        ("{{ '' }}", "blank"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "RecursionError"),
    ],
)
def test_what_cannot_be_computed_is_a_problem_with_a_place(text: str, words: str) -> None:
    problem = refused("uno\n" + text)
    assert (problem.file, problem.line) == ("es/a.sms.j2", 2)
    assert words in problem.message


def test_an_sms_over_its_parts_is_refused_after_expansion() -> None:
    template = compiled("---\nmax_parts: 1\n---\nHola {{ debtor.name }}")
    assert render(template, CONTEXT).parts == 1
    long = replace(CONTEXT, debtor=replace(CONTEXT.debtor, name="A" * 156))
    with pytest.raises(RenderProblem, match=r"takes 2 SMS parts .* max_parts is 1"):
        render(template, long)


def test_three_parts_are_allowed_unless_the_template_says_otherwise() -> None:
    assert rendered("a" * 459).parts == 3
    assert "4 SMS parts" in refused("a" * 460).message


@pytest.mark.parametrize(
    ("channel", "length"), [(Channel.WHATSAPP, 1025), (Channel.VOICE, 3001), (Channel.EMAIL, 100_001)]
)
def test_a_text_over_the_channels_limit_is_refused(channel: Channel, length: int) -> None:
    assert "carries at most" in refused("a" * length, channel=channel).message


def test_a_template_that_renders_nothing_is_refused() -> None:
    assert "empty" in refused("{% if loan.ref == 'otro' %}x{% endif %}").message


def test_data_cannot_bring_line_breaks_or_control_characters() -> None:
    odd = replace(CONTEXT, debtor=replace(CONTEXT.debtor, name="Ana\r\nBcc: x\x00\u202e\tRuiz"))
    assert rendered("Hola {{ debtor.name }}", odd).text == "Hola Ana Bcc: x Ruiz"


def test_problems_never_quote_a_debtors_data() -> None:
    long = replace(CONTEXT, debtor=replace(CONTEXT.debtor, name="Secreta" * 100))
    assert "Secreta" not in str(refused("{{ debtor.name }}", long))
    assert "Secreta" not in str(refused("{{ debtor.name|weekday }}", long))


@given(name=st.text(max_size=60), first=st.text(max_size=30), scheme=st.text(max_size=9), value=st.text(max_size=30))
def test_whatever_the_data_a_message_is_whole_or_refused(name: str, first: str, scheme: str, value: str) -> None:
    context = replace(
        CONTEXT,
        debtor=DebtorContext(name=name, first_name=first, language="es-MX"),
        payment=PaymentContext(references=(PaymentReference(scheme, value),)),
    )
    message = message_or_problem(WHOLE, context)
    if isinstance(message, RenderProblem):
        assert (message.file, message.line) == ("es/a.sms.j2", 1)
        return
    assert message.text.startswith("Hola ")
    assert "None" not in message.text.replace(name, "").replace(first, "").replace(value, "")
    assert message.parts <= 3


def message_or_problem(template: Template, context: TemplateContext) -> RenderedMessage | RenderProblem:
    try:
        return render(template, context)
    except RenderProblem as problem:
        return problem
