"""Counting debtors by kind comes to the same as simulating each of them."""

import random
from dataclasses import fields
from pathlib import Path

from channels.phones import canonical
from services.imports.facts import debtors_of
from services.imports.rows import PortfolioRow
from services.simulation.clocks import clock_of
from services.simulation.phones import surely_reachable
from services.simulation.portfolio_file import portfolio_of
from services.simulation.rig import Rig
from services.simulation.simulator import Simulator
from services.simulation.tally import Tally
from tests.services.simulation.portfolios import SPAN


def test_every_figure_is_the_same_as_one_by_one(rig: Rig, portfolio: Path) -> None:
    read = [row for row in portfolio_of(portfolio, None).rows() if isinstance(row, PortfolioRow)]
    by_kind = Simulator(rig, SPAN)
    by_kind.take(read)
    together, apart, one_by_one = by_kind.report(), Tally(), Simulator(rig, SPAN)
    for group in debtors_of(read):
        happenings, problems = one_by_one.happenings(group)
        apart.rows += len(group)
        if len(problems) < len(group):
            apart.take(happenings, [group[0].debtor_ref])
    for name in (each.name for each in fields(Tally)):
        assert getattr(together.tally, name) == getattr(apart, name), name
    assert together.tally.held_out
    assert together.tally.contacted > 80


def test_a_number_that_looks_reachable_is() -> None:
    chance = random.Random(3)
    for _ in range(3_000):
        country = chance.choice(["+52", "+57", "+51", "+56", "+593", "+55", "+1"])
        phone = country + "".join(chance.choice("0123456789") for _ in range(chance.randint(7, 11)))
        assert not surely_reachable(phone) or canonical(phone, "MX") == phone


def test_zones_are_alike_where_their_clocks_are() -> None:
    assert clock_of("America/Mexico_City", SPAN) == clock_of("America/Monterrey", SPAN)
    assert clock_of("America/Mexico_City", SPAN) != clock_of("America/Cancun", SPAN)
    assert clock_of("America/Chihuahua", SPAN) != clock_of("America/Ciudad_Juarez", SPAN)
