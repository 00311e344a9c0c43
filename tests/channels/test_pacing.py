"""A sender's pace in parts per second."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.pacing import LONGEST_PLACE, Bucket, Pacing
from schemas.enums import Channel

SMS, VOICE = Channel.SMS, Channel.VOICE


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
    pacing = Pacing([("a", SMS, "+1", 1.0), ("a", VOICE, "+1", 2.0), ("a", SMS, "+2", 5.0)], now=0.0)
    pacing.bucket("a", SMS, "+1").take(1, 0.0)
    assert pacing.bucket("a", SMS, "+1").available(0.0) == 0
    assert pacing.bucket("a", VOICE, "+1").available(0.0) == 2
    assert pacing.bucket("a", SMS, "+2").available(0.0) == 5
    with pytest.raises(KeyError):
        pacing.bucket("b", SMS, "+1")


def test_a_pace_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        Bucket(0, now=0.0)


def test_processes_that_share_a_sender_send_together_no_faster_than_one() -> None:
    pacings = [Pacing([("a", SMS, "+1", 10.0)], now=0.0) for _ in range(4)]
    for pacing in pacings:
        pacing.share(4, 0.0)
    sent = 0
    for tenth in range(101):
        for pacing in pacings:
            bucket = pacing.bucket("a", SMS, "+1")
            while bucket.available(tenth / 10):
                bucket.take(1, tenth / 10)
                sent += 1
    assert sent <= 10 * 10 + 10


def test_a_process_that_is_alone_again_has_the_whole_pace() -> None:
    bucket = Bucket(10.0, now=0.0)
    bucket.share(5, 0.0)
    assert (bucket.per_second, bucket.available(0.0)) == (2.0, 2)
    bucket.share(1, 0.0)
    assert (bucket.per_second, bucket.available(1.0)) == (10.0, 10)


def test_those_who_wait_get_a_turn_each_in_their_order() -> None:
    bucket = Bucket(2.0, now=0.0)
    bucket.take(2, 0.0)
    assert [bucket.place(0.0) for _ in range(4)] == [0.5, 1.0, 1.5, 2.0]
    assert bucket.place(2.0) == 0.5
    assert bucket.place(10.0) == 0.0


def test_nobody_waits_longer_than_it_takes_to_miss_a_place_given_up() -> None:
    bucket = Bucket(1.0, now=0.0)
    bucket.take(1, 0.0)
    places = [bucket.place(0.0) for _ in range(100)]
    assert max(places) == LONGEST_PLACE
    assert places == sorted(places)
