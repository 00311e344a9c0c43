"""Lint knows what the law wants an agency to say, and whether the creditors file tells it."""

from dataclasses import replace

from schemas.enums import Collector
from services.creditors import Agency
from tests.campaigns.language.samples import BASE
from tests.services.lint.test_lint import creditor, found, surroundings

WHOLE = Agency(
    name="Cobranza Ejemplo", agent="Laura Gómez", address="Av. Reforma 1", phone="+525550000099", terms="un solo pago"
)


def _lint(agency: Agency | None, complaints: str | None) -> list[str]:
    changes = {"collector": Collector.THIRD_PARTY, "agency": agency, "complaints": complaints}
    ours = creditor("demo", "MX").model_copy(update=changes)
    text = BASE.replace("channels: [sms]", "channels: [email]")
    problems = found(text, replace(surroundings(), creditors={"demo": ours}))
    return [problem for problem in problems if "wants it said" in problem]


def test_an_agency_that_is_told_of_in_full_is_no_problem() -> None:
    assert _lint(WHOLE, "UNE: +525550000009") == []


def test_what_the_creditors_file_lacks_is_named_at_the_creditors_line() -> None:
    (problem,) = _lint(WHOLE.model_copy(update={"address": None}), None)
    assert "complaints" in problem
    assert "agency.address" in problem
    (problem,) = _lint(None, "UNE")
    assert "agency.name, agency.agent, agency.address, agency.phone, agency.terms" in problem
