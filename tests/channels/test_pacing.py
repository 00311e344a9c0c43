"""A sender's pace in parts per second."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.pacing import Bucket, Pacing


def test_a_full_bucket_holds_one_second() -> None:
    bucket = Bucket(50, now=100.0)
    assert bucket.available(100.0) == 50
    assert bucket.available(200.0) == 50


def test_what_is_taken_comes_back_with_time() -> None:
    bucket = Bucket(10, now=0.0)
    bucket.take(10, 0.0)
    assert bucket.available(0.0) == 0
    assert bucket.available(0.1) == 1
    assert bucket.available(0.5) == 5


def test_a_long_message_goes_out_whole_and_is_paid_off_after() -> None:
    bucket = Bucket(2, now=0.0)
    bucket.take(6, 0.0)
    assert bucket.available(2.0) == 0
    assert bucket.ready_in(2.0) == pytest.approx(0.5)
    assert bucket.available(2.5) == 1


def test_a_pace_below_one_still_lets_one_go() -> None:
    bucket = Bucket(0.2, now=0.0)
    assert bucket.available(0.0) == 1
    bucket.take(1, 0.0)
    assert bucket.available(4.9) == 0
    assert bucket.available(5.0) == 1


def test_time_that_goes_back_gives_nothing() -> None:
    bucket = Bucket(10, now=10.0)
    bucket.take(10, 10.0)
    assert bucket.available(9.0) == 0
    assert bucket.available(10.1) == 1


@given(st.lists(st.tuples(st.floats(0, 0.5), st.integers(1, 10)), max_size=60))
def test_no_second_ever_gets_more_than_twice_its_pace_of_single_parts(steps: list[tuple[float, int]]) -> None:
    bucket, now, taken = Bucket(10, now=0.0), 0.0, []
    for wait, wanted in steps:
        now += wait
        count = min(wanted, bucket.available(now))
        bucket.take(count, now)
        taken.append((now, count))
    for start, _ in taken:
        assert sum(count for at, count in taken if start <= at < start + 1) <= 20


def test_each_sender_has_its_own_bucket() -> None:
    pacing = Pacing([("a", "+1", 1.0), ("a", "+2", 5.0)], now=0.0)
    pacing.bucket("a", "+1").take(1, 0.0)
    assert pacing.bucket("a", "+1").available(0.0) == 0
    assert pacing.bucket("a", "+2").available(0.0) == 5
    with pytest.raises(KeyError):
        pacing.bucket("b", "+1")


def test_a_pace_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        Bucket(0, now=0.0)
