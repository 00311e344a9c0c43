"""How many calls an account is asked to take at once."""

from channels.concurrency import CALM_SECONDS, Concurrency
from channels.provider import Accepted, RateLimited, SendResult, Unknown

GOOD, THROTTLED = Accepted("SM1"), RateLimited(1.0)


def told(concurrency: Concurrency, *results: SendResult, now: float, in_use: int) -> int:
    for result in results:
        concurrency.record(result, now, in_use=in_use)
    return concurrency.limit


def test_throttling_halves_what_was_open_once_for_all_that_was_under_way() -> None:
    concurrency = Concurrency(100)
    assert told(concurrency, *[THROTTLED] * 30, now=0.0, in_use=40) == 20
    assert told(concurrency, THROTTLED, now=CALM_SECONDS, in_use=20) == 10


def test_it_never_falls_below_one_call() -> None:
    concurrency = Concurrency(100)
    for second in range(20):
        told(concurrency, THROTTLED, now=second * CALM_SECONDS, in_use=1)
    assert concurrency.limit == 1


def test_good_answers_give_one_more_a_round_and_never_more_than_the_connections() -> None:
    concurrency = Concurrency(30)
    told(concurrency, THROTTLED, now=0.0, in_use=20)
    assert told(concurrency, *[GOOD] * 11, now=1.0, in_use=10) == 11
    assert told(concurrency, *[GOOD] * 10_000, now=2.0, in_use=10) == 30


def test_a_senders_own_limit_and_other_answers_say_nothing_of_the_accounts() -> None:
    concurrency = Concurrency(30)
    assert told(concurrency, RateLimited(None, "21611"), Unknown("no_answer"), now=0.0, in_use=20) == 30
