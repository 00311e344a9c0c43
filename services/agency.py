"""What an agency's first message must say about itself and the debt, as one text ready to be printed."""

from collections.abc import Iterator, Mapping
from datetime import date

from campaigns.person import Installment, Loan
from campaigns.standing import arrears
from schemas.money import Money
from schemas.values import value
from services.creditors import Creditor
from templates import tags
from templates.locale_styles import amount_text, date_style

_WORDS: Mapping[str, Mapping[str, str]] = {
    "es": {
        "speaks": "{agency}, por cuenta de {creditor}",
        "agent": "Le atiende {agent}",
        "address": "Domicilio: {address}",
        "phone": "Teléfono: {phone}",
        "registration": "Registro: {registration}",
        "hours": "Horario de atención: {hours}",
        "contract": "Contrato: {contract}",
        "amount": "Importe: {amount}, calculado al {day}",
        "terms": "Condiciones: {terms}",
        "complaints": "Quejas y aclaraciones: {complaints}",
        "pay": "Pague únicamente a {creditor}; nosotros no recibimos pagos",
        "dispute": "Puede impugnar esta deuda por escrito dentro de los 30 días siguientes a este aviso",
        "purpose": "Este aviso es de un cobrador de deudas; lo que nos diga se usará para cobrar",
    },
    "pt": {
        "speaks": "{agency}, em nome de {creditor}",
        "agent": "Quem atende: {agent}",
        "address": "Endereço: {address}",
        "phone": "Telefone: {phone}",
        "registration": "Registro: {registration}",
        "hours": "Horário de atendimento: {hours}",
        "contract": "Contrato: {contract}",
        "amount": "Valor: {amount}, calculado em {day}",
        "terms": "Condições: {terms}",
        "complaints": "Reclamações: {complaints}",
        "pay": "Pague somente a {creditor}; nós não recebemos pagamentos",
        "dispute": "Você pode contestar esta dívida por escrito em até 30 dias após este aviso",
        "purpose": "Este aviso é de um cobrador de dívidas; o que nos disser será usado para cobrar",
    },
    "en": {
        "speaks": "{agency}, on behalf of {creditor}",
        "agent": "Your contact: {agent}",
        "address": "Address: {address}",
        "phone": "Phone: {phone}",
        "registration": "Registration: {registration}",
        "hours": "Office hours: {hours}",
        "contract": "Contract: {contract}",
        "amount": "Amount: {amount}, calculated on {day}",
        "terms": "Terms: {terms}",
        "complaints": "Complaints: {complaints}",
        "pay": "Pay only to {creditor}; we do not take payments",
        "dispute": "You may dispute this debt in writing within 30 days of this notice",
        "purpose": "This is from a debt collector; what you tell us will be used to collect",
    },
}


@value
class About:
    """The debt a message speaks of, on the debtor's local day `today`."""

    loan: Loan
    installment: Installment | None
    today: date

    @property
    def amounts(self) -> tuple[Money, ...]:
        """What may be called the amount: the installment's, what is overdue, the whole balance."""
        loan, installment = self.loan, self.installment
        currency = loan.currency or (installment.amount.currency if installment else None)
        found = [installment.amount] if installment is not None else []
        if currency is not None:
            owed = arrears(loan, self.today)
            values = owed.overdue_amount, owed.total_outstanding
            found += [Money(value, currency) for value in values if value]
        return tuple(found)


def notice(creditor: Creditor, about: About, language: str) -> str | None:
    """The whole text, a sentence after the other; None for a creditor that speaks for itself."""
    if creditor.agency is None:
        return None
    sentences = _sentences(creditor, about, language)
    return " ".join(f"{sentence.rstrip('.')}." for sentence in sentences)


def sentence(name: str, language: str, **values: str) -> str:
    """One sentence in a reader's language; Spanish where we have none in it."""
    words = _WORDS.get(tags.base(tags.canonical(language) or "es"), _WORDS["es"])
    return words[name].format(**values)


def amounts_text(about: About, language: str) -> tuple[str, ...]:
    """Every amount of the debt as it prints."""
    return tuple(amount_text(amount, language) for amount in about.amounts)


def day_text(day: date, language: str) -> str:
    """A date as it prints."""
    return date_style(language).long(day)


def _sentences(creditor: Creditor, about: About, language: str) -> Iterator[str]:
    agency = creditor.agency
    assert agency is not None
    yield sentence("speaks", language, agency=agency.name, creditor=creditor.name)
    for name in ("agent", "address", "phone", "registration", "hours"):
        value = getattr(agency, name)
        if value is not None:
            yield sentence(name, language, **{name: value})
    yield sentence("contract", language, contract=about.loan.loan_ref)
    if amounts := amounts_text(about, language):
        yield sentence("amount", language, amount=amounts[0], day=day_text(about.today, language))
    if agency.terms is not None:
        yield sentence("terms", language, terms=agency.terms)
    if creditor.complaints is not None:
        yield sentence("complaints", language, complaints=creditor.complaints)
    yield sentence("pay", language, creditor=creditor.name)
    if creditor.jurisdiction.startswith("US"):
        yield sentence("dispute", language)
        yield sentence("purpose", language)
