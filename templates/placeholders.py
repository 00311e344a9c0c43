"""The names a template needs, and example values to preview it with."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from schemas.enums import Channel
from schemas.money import Money
from templates import tags
from templates.context import (
    CreditorContext,
    DebtorContext,
    InstallmentContext,
    LoanContext,
    OptOutContext,
    PaymentContext,
    PaymentReference,
    TemplateContext,
)
from templates.template import Template

_CURRENCIES = {
    "MX": "MXN", "CO": "COP", "CL": "CLP", "PE": "PEN", "AR": "ARS", "BR": "BRL", "UY": "UYU", "DO": "DOP",
    "CR": "CRC", "GT": "GTQ", "BO": "BOB", "PY": "PYG", "US": "USD", "EC": "USD", "SV": "USD", "PA": "USD",
    "ES": "EUR", "PT": "EUR", "GB": "GBP", "IN": "INR",
}  # fmt: skip
_LANGUAGE_CURRENCIES = {"es": "MXN", "pt": "BRL", "en": "USD"}

_BY_REPLY = {
    "es": "Responda BAJA para no recibir más mensajes",
    "pt": "Responda SAIR para não receber mais mensagens",
    "en": "Reply STOP to receive no more messages",
}
_BY_KEY = {
    "es": "Para no recibir más llamadas, marque nueve",
    "pt": "Para não receber mais ligações, digite nove",
    "en": "To receive no more calls, press nine",
}


def required_names(template: Template) -> frozenset[str]:
    """The names (`installment.amount`) a template reads, in its text, subject, HTML and the macros it calls."""
    return template.required


@lru_cache(maxsize=1024)
def opt_out_text(language: str, channel: Channel = Channel.SMS) -> str:
    """The usual sentence that tells how to leave, without a full stop; Spanish where the language has none here."""
    sentences = _BY_KEY if channel is Channel.VOICE else _BY_REPLY
    return sentences.get(tags.base(tags.canonical(language) or "es"), sentences["es"])


def sample_context(language: str = "es-MX", channel: Channel = Channel.SMS) -> TemplateContext:
    """A made-up debtor with every value set, in the currency of the language's country."""
    tag = tags.canonical(language) or "es-MX"
    currency = _CURRENCIES.get(tag.rpartition("-")[2]) or _LANGUAGE_CURRENCIES.get(tags.base(tag), "USD")
    due = date(2026, 11, 24)
    return TemplateContext(
        debtor=DebtorContext(name="María Fernanda Hernández Ruiz", first_name="María Fernanda", language=tag),
        creditor=CreditorContext(
            name="Financiera Demo, S.A. de C.V., SOFOM, E.N.R.",
            phone="+525550000000",
            email="atencion@financiera.test",
            complaints="UNE: +525550000009, une@financiera.test",
            pay_at="https://pagos.financiera.test",
        ),
        loan=LoanContext(
            ref="L-1001",
            product="consumo",
            total_outstanding=Money(Decimal("9800.00"), currency),
            overdue_amount=Money(Decimal("1050.50"), currency),
            days_past_due=5,
        ),
        installment=InstallmentContext(
            number=7, amount=Money(Decimal("1050.50"), currency), due_date=due, days_to_due=3
        ),
        payment=PaymentContext(
            link="https://pagos.financiera.test/p/4f7Kq2Zt",
            references=(
                PaymentReference("SPEI", "012345678901234567"),
                PaymentReference("OXXO", "9300 1234 5678"),
            ),
        ),
        opt_out=OptOutContext(text=opt_out_text(tag, channel), link="https://pagos.financiera.test/u/8sWm1Xc0"),
    )
