"""What the law wants said: by a creditor of itself, by an agency, in no message mixed with an offer."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from campaigns.facts import Reason
from campaigns.packs import Packs, load_packs
from campaigns.person import Installment, Loan
from campaigns.required_content import ContentNeed, Speech, required_content
from schemas.enums import Basis, Channel, Collector, CreditorType, Purpose
from schemas.message import RenderedMessage
from schemas.money import Money
from services.agency import About, notice
from services.content import first_missing
from services.creditors import Agency, Creditor
from services.settings import PROJECT_ROOT
from templates.catalog import TemplateCatalog
from templates.context import AgencyContext, CreditorContext, DebtorContext, InstallmentContext, TemplateContext
from templates.placeholders import sample_context
from templates.render import render

TODAY = date(2026, 11, 24)
OWED = Money(Decimal("1050.50"), "MXN")
INSTALLMENT = Installment(7, TODAY, OWED, datetime(2026, 11, 20, tzinfo=UTC))
ABOUT = About(Loan("L-1001", installments={7: INSTALLMENT}), INSTALLMENT, TODAY)
AGENCY = Agency(
    name="Cobranza Ejemplo, S.A. de C.V.",
    agent="Laura Gómez",
    address="Av. Reforma 1, 06600 Ciudad de México",
    phone="+525550000099",
    registration="REDECO 0001",
    hours="lunes a viernes de 9:00 a 18:00",
    terms="un solo pago",
)
CREDITOR = Creditor(
    ref="demo",
    name="Financiera Demo, S.A. de C.V.",
    type=CreditorType.FINANCIAL_ENTITY,
    collector=Collector.THIRD_PARTY,
    jurisdiction="MX",
    complaints="UNE: +525550000009",
    agency=AGENCY,
)


@pytest.fixture(scope="module")
def packs() -> Packs:
    return load_packs(PROJECT_ROOT / "campaigns" / "policies")


@pytest.fixture(scope="module")
def templates() -> TemplateCatalog:
    return TemplateCatalog.load(PROJECT_ROOT / "templates")


def _speech(channel: Channel = Channel.EMAIL, *, first: bool = True) -> Speech:
    kind, collector = CreditorType.FINANCIAL_ENTITY, Collector.THIRD_PARTY
    return Speech(channel, Purpose.COLLECTIONS, kind, collector, first_contact=first)


def _words(text: str, language: str = "es-MX", channel: Channel = Channel.EMAIL) -> RenderedMessage:
    return RenderedMessage(channel, text, language)


@pytest.mark.parametrize(("jurisdiction", "language"), [("MX", "es-MX"), ("US", "en-US"), ("CO", "es-CO")])
def test_39_an_agencys_notice_says_all_that_a_first_contact_must(
    packs: Packs, jurisdiction: str, language: str
) -> None:
    creditor = CREDITOR.model_copy(update={"jurisdiction": jurisdiction})
    text = notice(creditor, ABOUT, language)
    assert text is not None
    exits = "Responda BAJA, reply STOP"
    needs = required_content(packs, (jurisdiction,), _speech())
    assert first_missing(needs, _words(f"{text} {exits}", language), creditor, ABOUT) is None


@pytest.mark.parametrize("member", ["agent", "address", "phone", "terms"], ids=lambda member: f"agency.{member}")
def test_39_what_the_creditors_file_does_not_tell_can_not_be_said_and_the_message_is_not_sent(
    packs: Packs, member: str
) -> None:
    agency = AGENCY.model_copy(update={member: None})
    creditor = CREDITOR.model_copy(update={"agency": agency})
    text = notice(creditor, ABOUT, "es-MX") or ""
    missing = first_missing(required_content(packs, ("MX",), _speech()), _words(text), creditor, ABOUT)
    assert missing is not None
    assert missing.reason.rule == "mx-first-contact"


@pytest.mark.parametrize(
    "cut", ["L-1001", "$1,050.50 MXN", "24 de noviembre de 2026", "Pague únicamente", "Laura Gómez", "UNE:"]
)
def test_39_words_that_were_cut_short_are_not_sent(packs: Packs, cut: str) -> None:
    text = notice(CREDITOR, ABOUT, "es-MX") or ""
    assert cut in text
    needs = required_content(packs, ("MX",), _speech())
    assert first_missing(needs, _words(text.replace(cut, "…")), CREDITOR, ABOUT) is not None


def test_an_agencys_first_text_message_may_link_to_the_rest(packs: Packs) -> None:
    needs = required_content(packs, ("MX",), _speech(Channel.SMS))
    short = "Cobranza Ejemplo por cuenta de Financiera Demo: https://pagos.financiera.test/a/1"
    assert first_missing(needs, _words(short, channel=Channel.SMS), CREDITOR, ABOUT) is None
    assert first_missing(needs, _words(short.replace("https", "http"), channel=Channel.SMS), CREDITOR, ABOUT)


@pytest.mark.parametrize(("language", "name"), [("es-MX", "es"), ("en-US", "en"), ("pt-BR", "pt")])
def test_the_shipped_mails_print_an_agencys_notice(templates: TemplateCatalog, language: str, name: str) -> None:
    text = notice(CREDITOR, ABOUT, language)
    base = sample_context(language)
    context = TemplateContext(
        debtor=DebtorContext("Ana Torres", "Ana", language),
        creditor=CreditorContext(CREDITOR.name, address="Av. Reforma 2", registration="RFC FDE010101AAA"),
        loan=base.loan,
        installment=InstallmentContext(7, OWED, TODAY, 0),
        payment=base.payment,
        opt_out=base.opt_out,
        agency=AgencyContext(AGENCY.name, text),
    )
    template = templates.find("vencido_1", Channel.EMAIL, language)
    assert template is not None
    mail = render(template, context)
    for part in (mail.text, mail.html or ""):
        assert {
            word for word in ("Laura Gómez", "L-1001", "Av. Reforma 2", "FDE010101AAA") if word not in part
        } == set()


@pytest.mark.parametrize(
    "offer",
    [
        "Tiene un nuevo crédito preaprobado.",
        "Aproveche nuestra promoción.",
        "Você tem um novo empréstimo pré-aprovado.",
        "You are pre-approved for another loan.",
        "Solicite su nuevo préstamo hoy.",
    ],
)
@pytest.mark.parametrize("jurisdiction", ["MX", "CO", "CL", "PE", "BR"])
def test_37_a_reminder_that_also_offers_something_is_not_sent(packs: Packs, jurisdiction: str, offer: str) -> None:
    needs = [
        need for need in required_content(packs, (jurisdiction,), _speech(first=False)) if "no-offer" in need.items
    ]
    assert first_missing(needs, _words(f"Su pago vence hoy. {offer}"), CREDITOR, ABOUT) is not None
    assert first_missing(needs, _words("Su pago vence hoy; puede aprobarlo en su banco."), CREDITOR, ABOUT) is None
    marketing = Speech(Channel.EMAIL, Purpose.MARKETING, CREDITOR.type, Collector.FIRST_PARTY, first_contact=False)
    offers = [need for need in required_content(packs, (jurisdiction,), marketing) if "no-offer" in need.items]
    assert offers == []


@pytest.mark.parametrize("before", ["", "Hola. ", "Hola ¡", "(", "súper-", "hoy:", "😀", "Hola —"])
@pytest.mark.parametrize(
    "offer",
    [
        *("preaprobado", "Pre-aprovadas", "preapproved", "NUEVO crédito", "otro préstamo", "novo crédito"),
        *("outro empréstimo", "new loan", "another credit line", "amplíe su línea", "aumente su crédito"),
        *("promociones", "promoção", "special offer", "oferta exclusiva", "Refinancíe", "refinance your"),
        *("contrate ya", "solicite um empréstimo"),
    ],
)
def test_37_an_offer_is_seen_whatever_stands_before_it(offer: str, before: str) -> None:
    need = ContentNeed(Reason("no-offers", Basis.LAW, "law"), ("no-offer",), by_link=False)
    assert first_missing((need,), _words(f"{before}{offer}."), CREDITOR) == need
    assert first_missing((need,), _words(f"{before}x{offer}."), CREDITOR) is None


def test_37_no_shipped_template_mixes_an_offer_in(templates: TemplateCatalog) -> None:
    need = ContentNeed(Reason("no-offers", Basis.LAW, "law"), ("no-offer",), by_link=False)
    for template in templates.templates():
        message = render(template, sample_context(template.language, template.channel))
        assert first_missing([need], message, CREDITOR) is None, template.name


def test_36_no_subject_of_a_shipped_mail_tells_of_an_amount_or_a_debt(templates: TemplateCatalog) -> None:
    subjects = [
        render(template, sample_context(template.language)).subject or ""
        for template in templates.templates()
        if template.channel is Channel.EMAIL
    ]
    assert subjects
    assert not [subject for subject in subjects if any(sign.isdigit() for sign in subject)]


def test_40_a_message_without_a_way_out_is_not_sent_where_one_is_demanded(packs: Packs) -> None:
    needs = required_content(packs, ("CO",), _speech(first=False))
    text = "Cobranza Ejemplo, por cuenta de Financiera Demo: su cuota vence hoy."
    missing = first_missing(needs, _words(text), CREDITOR, ABOUT)
    assert missing is not None
    assert "opt-out" in missing.items
    for way_out in ("Responda BAJA", "https://puntual.test/u/abc.def", "marque nueve"):
        assert first_missing(needs, _words(f"{text} {way_out}"), CREDITOR, ABOUT) is None


def test_an_american_agency_says_that_it_collects_a_debt(packs: Packs) -> None:
    needs = [n for n in required_content(packs, ("US",), _speech(first=False)) if "mini-miranda" in n.items]
    assert first_missing(needs, _words("This is from a debt collector."), CREDITOR, ABOUT) is None
    assert first_missing(needs, _words("Please call us."), CREDITOR, ABOUT) is not None


def test_an_agency_collects_for_another() -> None:
    with pytest.raises(ValueError, match="the collector is third_party"):
        Creditor.model_validate({**CREDITOR.model_dump(), "collector": "first_party"})
