"""Intervals against published values, and against many experiments in which nothing differs."""

import random

import pytest

from campaigns.experiment_statistics import (
    ALPHA,
    Interval,
    Share,
    Verdict,
    always_valid,
    difference,
    verdict,
    wilson,
)


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [(Share(81, 263), 0.2553, 0.3662), (Share(0, 20), 0.0, 0.1611), (Share(15, 148), 0.0624, 0.1605)],
)
def test_wilson_gives_the_published_intervals(share: Share, low: float, high: float) -> None:
    found = wilson(share)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        (Share(56, 70), Share(48, 80), 0.0524, 0.3339),
        (Share(9, 10), Share(3, 10), 0.1705, 0.8090),
        (Share(10, 10), Share(0, 20), 0.6791, 1.0),
    ],
)
def test_newcombe_gives_the_published_intervals(one: Share, other: Share, low: float, high: float) -> None:
    found = difference(one, other)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


@pytest.mark.parametrize(("rate", "control"), [(0.3, 1.0), (0.05, 1.0), (0.3, 0.1)])
def test_who_looks_all_the_time_is_not_fooled_more_often_than_alpha(rate: float, control: float) -> None:
    chance, fooled, tries = random.Random(20261124), 0, 300
    for _ in range(tries):
        fooled += _ever_decided(chance, rate, rate, control)
    assert fooled / tries <= ALPHA


def test_one_look_after_another_at_the_interval_for_one_look_would_be_fooled() -> None:
    chance, fooled, tries = random.Random(7), 0, 150
    for _ in range(tries):
        fooled += _ever(chance, 0.3, 0.3, 1.0, lambda one, other: _leaves_zero(difference(one, other)))
    assert fooled / tries > 2 * ALPHA


def test_the_truth_stays_in_the_interval_at_every_look() -> None:
    chance, left, tries = random.Random(3), 0, 200
    for _ in range(tries):
        left += _ever(chance, 0.4, 0.3, 1.0, lambda one, other: _leaves(always_valid(one, other), 0.1))
    assert left / tries <= ALPHA


def test_a_difference_that_is_there_is_found() -> None:
    chance = random.Random(5)
    assert sum(_ever_decided(chance, 0.45, 0.3, 1.0) for _ in range(50)) >= 45


def test_few_people_are_not_judged_and_direction_is_told() -> None:
    assert verdict(Share(40, 40), Share(0, 49)) is Verdict.TOO_FEW
    assert verdict(Share(0, 5_000), Share(0, 5_000)) is Verdict.TOO_FEW
    assert verdict(Share(300, 500), Share(150, 500)) is Verdict.BETTER
    assert verdict(Share(150, 500), Share(300, 500)) is Verdict.WORSE
    assert verdict(Share(100, 300), Share(101, 300)) is Verdict.OPEN
    assert always_valid(Share(0, 0), Share(5, 9)) == Interval(-1.0, 1.0)


def _ever_decided(chance: random.Random, rate: float, other: float, control: float) -> bool:
    return _ever(chance, rate, other, control, lambda a, b: verdict(a, b) in (Verdict.BETTER, Verdict.WORSE))


def _ever(chance: random.Random, rate: float, other: float, control: float, says: object) -> bool:
    """Whether it says so at any look while people come in; `control` is how many come to the second arm."""
    assert callable(says)
    hits, people = [0, 0], [0, 0]
    for step in range(1, 1_501):
        for arm, share in ((0, rate), (1, other)):
            if arm == 0 or chance.random() < control:
                people[arm] += 1
                hits[arm] += chance.random() < share
        if step >= 50 and step % 10 == 0 and says(Share(hits[0], people[0]), Share(hits[1], people[1])):
            return True
    return False


def _leaves_zero(interval: Interval) -> bool:
    return _leaves(interval, 0.0)


def _leaves(interval: Interval, value: float) -> bool:
    return not interval.low <= value <= interval.high
