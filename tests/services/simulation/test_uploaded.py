"""A definition that came as text, over a portfolio file that was handed in."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.campaign_texts import Checked, Texts, checked
from services.imports.columns import PortfolioProblem
from services.sample_debtor import sample_debtor
from services.settings import Settings
from services.simulation import uploaded
from services.simulation.rig import rig_of
from services.simulation.uploaded import simulate_uploaded
from tests.services.api.application import DEFINITIONS

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
HEADER = "debtor_ref,name,phone,loan_ref,product,creditor_ref,currency,due_date,amount_due,country\n"
ROWS = "".join(
    f"D-{number},Ana Prueba,+52552000000{number},L-{number},consumo,demo,MXN,2026-11-26,1050.50,MX\n"
    for number in range(3)
)


@pytest.fixture(scope="module")
def settings() -> Settings:
    """The project's own files."""
    return Settings.load()


@pytest.fixture(scope="module")
def found(settings: Settings) -> Checked:
    """A definition that lints clean."""
    return checked(settings, Texts((DEFINITIONS / "vence.yaml").read_text(), None, {}), NOW)


def test_the_result_is_of_exactly_this_definition(settings: Settings, found: Checked, tmp_path: Path) -> None:
    file = tmp_path / "portfolio.csv"
    file.write_text(HEADER + ROWS + "D-9,Sin Dirección,,L-9,consumo,demo,MXN,2026-11-26,1,MX\n")
    result = simulate_uploaded(settings, found, file, start=date(2026, 11, 24), days=5, name="cartera.csv")
    assert (result["portfolio"], result["messages"], result["unusable_rows"]) == ("cartera.csv", 3, 1)
    (campaign,) = result["campaigns"]
    assert campaign["fingerprint"] == found.submission.content.fingerprint.hex()


def test_a_file_of_too_many_rows_is_refused_with_a_way_out(settings: Settings, found: Checked, tmp_path: Path) -> None:
    file = tmp_path / "portfolio.csv"
    file.write_text(HEADER + ROWS * (uploaded.MOST_ROWS // 3 + 1))
    with pytest.raises(PortfolioProblem, match="--sample"):
        simulate_uploaded(settings, found, file, start=date(2026, 11, 24), days=5, name="cartera.csv")


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_the_sample_debtor_can_be_reached_everywhere(settings: Settings, found: Checked, language: str) -> None:
    rig = rig_of(settings, [found.definition], found.segments, found.surroundings)
    for creditor in rig.engine.speakers:
        debtor = sample_debtor(rig, creditor=creditor, product="consumo", language=language, now=NOW)
        assert len(debtor.person.contact_points) == 2
        (loan,) = debtor.person.loans.values()
        assert len(loan.installments) == 1
