"""Whether a template's words can be sent for a creditor: they fit, nothing lacks, and they say what the law demands.

Each is rendered for a made-up debtor with a short name and small amounts, so that what fails here fails for everybody.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, time
from decimal import Decimal

from campaigns.definition import Definition, Problem
from campaigns.packs import Packs
from campaigns.person import Installment, Loan
from campaigns.required_content import ContentNeed, Speech, required_content
from schemas.money import Money
from schemas.told import Told, told
from services.agency import About, notice
from services.content import first_missing
from services.creditors import Creditor
from services.lint_agency import is_told
from services.lint_templates import faulty_template, uses
from templates.catalog import TemplateCatalog
from templates.context import AgencyContext, CreditorContext, DebtorContext, LoanContext, TemplateContext
from templates.placeholders import sample_context
from templates.problems import RenderProblem
from templates.render import render
from templates.template import Template

_HUNDRED = Decimal(100)


def _print(name: str) -> Told:
    return told("print {name}", "imprima {name}", name=f"{{{{ {name} }}}}")


_REMEDIES = {
    "creditor-name": _print("creditor.name"),
    "creditor-address": _print("creditor.address"),
    "creditor-registration": _print("creditor.registration"),
    "complaints": _print("creditor.complaints"),
    "complaints-contact": _print("creditor.complaints"),
    "opt-out": _print("opt_out.text"),
    "no-offer": told("take the offer out", "quite la oferta"),
}
"""What to do about each item that a template is answerable for.

What an agency must say of itself is left to simulations: a channel that can't say it stays useful for other lenders.
"""


def words_problems(
    definition: Definition, creditor: Creditor, packs: Packs, templates: TemplateCatalog
) -> Iterator[Problem]:
    """Templates that would fail for every debtor, at the line of `template:` and in their own file."""
    for path, name, channels in uses(definition):
        for channel in channels:
            if not templates.exists(name, channel, definition.language, definition.language):
                continue
            speech = Speech(channel, definition.purpose, creditor.type, creditor.collector, first_contact=False)
            needs = _needs(packs, creditor, speech)
            faults = [
                fault
                for template in templates.templates()
                if (template.name, template.channel) == (name, channel)
                for fault in _faults(template, creditor, needs)
            ]
            if faults:
                yield definition.problem(path, faulty_template(name, channel, faults[0].told))
            yield from faults


def _needs(packs: Packs, creditor: Creditor, speech: Speech) -> tuple[ContentNeed, ...]:
    """What every such message must say, an item each; what the creditors file lacks is reported at the creditor."""
    return tuple(
        replace(need, items=(item,))
        for need in required_content(packs, (creditor.jurisdiction,), speech)
        for item in need.items
        if item in _REMEDIES and is_told(creditor, item)
    )


def _faults(template: Template, creditor: Creditor, needs: Sequence[ContentNeed]) -> Iterator[Problem]:
    sample = _sample(template, creditor)
    try:
        content = render(template, sample.context)
    except RenderProblem as problem:
        yield Problem(problem.file, problem.line, 1, problem.message)
        return
    need = first_missing(needs, content, creditor, sample.about)
    if need is not None:
        (item,) = need.items
        message = told(
            "the rule {rule} wants '{item}' in every {channel}: {remedy}",
            "la regla {rule} quiere '{item}' en cada {channel}: {remedy}",
            rule=need.reason.rule,
            item=item,
            channel=template.channel,
            remedy=_REMEDIES[item],
        )
        yield Problem(template.file, template.body_line, 1, message)


@dataclass(frozen=True, slots=True)
class _Sample:
    context: TemplateContext
    about: About


def _sample(template: Template, creditor: Creditor) -> _Sample:
    """Somebody with a short name who owes little to this creditor, and reads the template's language."""
    country = creditor.jurisdiction.partition("-")[0]
    language = template.language if "-" in template.language else f"{template.language}-{country}"
    usual = sample_context(language, template.channel)
    loan, installment = usual.loan, usual.installment
    assert isinstance(loan, LoanContext)
    assert installment is not None
    assert installment.amount is not None
    owed = Money(_HUNDRED, installment.amount.currency)
    told_at = datetime.combine(installment.due_date, time(), UTC)
    owing = Installment(1, installment.due_date, owed, told_at)
    about = About(Loan(loan.ref, installments={1: owing}), owing, installment.due_date)
    said = notice(creditor, about, template.language)
    context = replace(
        usual,
        debtor=DebtorContext("Ana Paz", "Ana", language),
        creditor=CreditorContext(**{each.name: getattr(creditor, each.name) for each in fields(CreditorContext)}),
        loan=replace(loan, total_outstanding=owed, overdue_amount=owed),
        installment=replace(installment, number=1, amount=owed),
        agency=AgencyContext(creditor.agency.name, said) if creditor.agency is not None else None,
    )
    return _Sample(context, about)
