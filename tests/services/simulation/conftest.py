"""The project's own campaigns and a hard one, over a portfolio of debtors of all sorts."""

import csv
import random
from pathlib import Path

import pytest

from services.settings import PROJECT_ROOT, Settings
from services.simulation.rig import Rig, build_rig
from tests.services.simulation.portfolios import HARD, NOW, SEGMENTS, rows


@pytest.fixture(scope="session")
def campaigns(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The project's own files, with a campaign that asks for all that debtors differ in."""
    folder = tmp_path_factory.mktemp("simulation")
    definitions = folder / "definitions"
    definitions.mkdir()
    for name in ("recordatorio-preventivo", "cobranza-temprana"):
        text = (PROJECT_ROOT / "campaigns" / "definitions" / f"{name}.yaml").read_text("utf-8")
        (definitions / f"{name}.yaml").write_text(text, "utf-8")
    (definitions / "dificil.yaml").write_text(HARD, "utf-8")
    (definitions / "segments.yaml").write_text(SEGMENTS, "utf-8")
    return Settings.load(data_dir=folder / "data", campaigns_dir=definitions)


@pytest.fixture(scope="session")
def rig(campaigns: Settings) -> Rig:
    """The engine over them."""
    return build_rig(campaigns, campaigns.campaigns_dir, NOW)


@pytest.fixture(scope="session")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Debtors of all sorts, rows of one debtor far from each other, and some that can't be used."""
    path = tmp_path_factory.mktemp("portfolio") / "portfolio.csv"
    written = list(rows(random.Random(7)))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(written[0]))
        writer.writeheader()
        writer.writerows(written)
    return path
