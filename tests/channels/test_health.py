"""When a way out is closed, tried again, and opened slowly."""

import pytest

from channels.carriers import REFUSALS, CarrierWord
from channels.health import (
    FIRST_REST,
    LONGEST_REST,
    MISCONFIGURED_REST,
    PROBE_PATIENCE,
    PROBE_WAIT,
    PROBES,
    STEADY_SECONDS,
    WINDOW_SECONDS,
    Breaker,
    Health,
    Report,
    State,
    Trouble,
    trouble_of,
)
from channels.provider import Accepted, NotSent, RateLimited, Rejected, SendResult, Unknown
from schemas.enums import Channel, FailureClass

GOOD = Accepted("SM1")
SILENT = Unknown("no_answer")
AUTH = Rejected(FailureClass.CONFIG, "20003", False)
BUSY = Rejected(FailureClass.TEMPORARY, "30017", False)


def fed(result: SendResult, count: int, breaker: Breaker | None = None, now: float = 0.0) -> Breaker:
    breaker = breaker or Breaker()
    for _ in range(count):
        breaker.record(result, now)
    return breaker


def test_a_healthy_way_lets_everything_through() -> None:
    assert fed(GOOD, 100).admit(500, 1.0) == 500


@pytest.mark.parametrize(
    "result",
    [AUTH, Rejected(FailureClass.SENDER_BLOCKED, "30034", False)],
)
def test_a_fault_of_the_account_closes_at_once(result: SendResult) -> None:
    breaker = fed(result, 1, fed(GOOD, 1000))
    assert breaker.state(0.0) is State.OPEN
    assert breaker.cause is Trouble.MISCONFIGURED
    assert breaker.admit(10, MISCONFIGURED_REST - 0.1) == 0


@pytest.mark.parametrize(
    ("result", "enough"),
    [(SILENT, 5), (Unknown("server_error", "500"), 5), (NotSent("refused"), 5), (BUSY, 20)],
)
def test_failures_close_it_only_when_there_are_enough(result: SendResult, enough: int) -> None:
    assert fed(result, enough - 1).state(0.0) is State.CLOSED
    assert fed(result, enough).state(0.0) is State.OPEN


def test_failures_among_many_good_results_do_not_close_it() -> None:
    assert fed(SILENT, 5, fed(GOOD, 100)).state(0.0) is State.CLOSED
    assert fed(BUSY, 20, fed(GOOD, 100)).state(0.0) is State.CLOSED


def test_silence_closes_sooner_than_refusals_since_each_costs_a_message() -> None:
    assert fed(SILENT, 5, fed(GOOD, 20)).state(0.0) is State.OPEN
    assert fed(BUSY, 5, fed(GOOD, 20)).state(0.0) is State.CLOSED


def test_old_failures_are_forgotten() -> None:
    breaker = fed(SILENT, 4)
    breaker.record(SILENT, WINDOW_SECONDS + 0.1)
    assert breaker.state(WINDOW_SECONDS + 0.1) is State.CLOSED


@pytest.mark.parametrize(
    "result",
    [
        Rejected(FailureClass.OPTED_OUT, "21610", True),
        Rejected(FailureClass.INVALID_ADDRESS, "21211", True),
        Rejected(FailureClass.BUG, "21617", True),
        Rejected(FailureClass.TEMPLATE_NOT_APPROVED, "63040", True),
        NotSent("validity_too_short"),
        NotSent("no_free_connection"),
    ],
)
def test_what_is_about_one_message_says_nothing_of_the_provider(result: SendResult) -> None:
    assert trouble_of(result) is None
    assert fed(result, 100).state(0.0) is State.CLOSED


def test_one_destination_out_of_reach_does_not_close_the_account() -> None:
    geo = Rejected(FailureClass.CONFIG, "21408", True)
    assert fed(geo, 19).state(0.0) is State.CLOSED


def test_an_open_way_costs_no_attempt_and_then_only_probes() -> None:
    breaker = fed(SILENT, 5)
    assert breaker.admit(100, FIRST_REST - 0.1) == 0
    assert breaker.state(FIRST_REST) is State.PROBING
    assert breaker.admit(100, FIRST_REST) == PROBES
    assert breaker.admit(100, FIRST_REST + 1) == 0


def test_results_of_calls_from_before_are_not_taken_for_probes() -> None:
    breaker = fed(SILENT, 5)
    fed(SILENT, 50, breaker, now=15.0)
    assert breaker.state(FIRST_REST) is State.PROBING


def test_a_failed_probe_doubles_the_rest_up_to_a_limit() -> None:
    breaker, now, rests = fed(SILENT, 5), 0.0, []
    for _ in range(8):
        start = now
        while breaker.state(now) is State.OPEN:
            now += 1.0
        rests.append(now - start)
        breaker.admit(1, now)
        breaker.record(SILENT, now)
    assert rests[:3] == [20.0, 40.0, 80.0]
    assert rests[-1] == LONGEST_REST


def test_good_probes_bring_it_back_slowly_and_whole_again() -> None:
    breaker = fed(SILENT, 5)
    breaker.admit(PROBES, FIRST_REST)
    fed(GOOD, PROBES, breaker, FIRST_REST)
    assert breaker.state(FIRST_REST) is State.RETURNING
    assert [breaker.admit(10_000, FIRST_REST + second) for second in range(4)] == [4, 8, 16, 32]
    assert breaker.admit(10_000, FIRST_REST + 3.5) == 0
    assert breaker.admit(10_000, FIRST_REST + 8) == 10_000
    assert breaker.state(FIRST_REST + 8) is State.CLOSED


def test_a_relapse_while_returning_rests_longer() -> None:
    breaker = fed(SILENT, 5)
    breaker.admit(PROBES, FIRST_REST)
    fed(GOOD, PROBES, breaker, FIRST_REST)
    fed(SILENT, 5, breaker, FIRST_REST + 1)
    assert breaker.state(FIRST_REST + 1 + 2 * FIRST_REST - 0.1) is State.OPEN
    assert breaker.state(FIRST_REST + 1 + 2 * FIRST_REST) is State.PROBING


def test_probes_that_came_to_nothing_are_given_back_or_forgotten() -> None:
    breaker = fed(SILENT, 5)
    assert breaker.admit(5, FIRST_REST) == PROBES
    breaker.unused(PROBES)
    assert breaker.admit(5, FIRST_REST) == PROBES
    assert breaker.admit(5, FIRST_REST + PROBE_PATIENCE) == PROBES


def test_throttling_is_a_pause_and_no_failure() -> None:
    breaker = Breaker()
    breaker.record(RateLimited(7.0), 0.0)
    assert breaker.state(0.0) is State.CLOSED
    assert breaker.admit(10, 6.9) == 0
    assert breaker.admit(10, 7.0) == 10
    breaker.record(RateLimited(None), 10.0)
    assert breaker.admit(10, 10.5) == 0
    assert breaker.admit(10, 11.0) == 10


def test_each_way_out_has_its_own_breaker() -> None:
    health = Health()
    fed(AUTH, 1, health.breaker("a", Channel.SMS, "+1"))
    assert health.breaker("a", Channel.SMS, "+1").state(0.0) is State.OPEN
    assert health.breaker("a", Channel.SMS, "+2").state(0.0) is State.CLOSED
    assert health.breaker("a", Channel.VOICE, "+1").state(0.0) is State.CLOSED


def test_a_pause_grows_while_nobody_says_how_long_and_ends_with_the_first_good_answer() -> None:
    breaker, now, pauses = Breaker(), 0.0, []
    for _ in range(4):
        breaker.record(RateLimited(None, "21611"), now)
        pauses.append(breaker.ready_in(now))
        now += pauses[-1]
    assert pauses == [1.0, 2.0, 4.0, 8.0]
    breaker.record(GOOD, now)
    breaker.record(RateLimited(None, "21611"), now)
    assert breaker.ready_in(now) == 1.0


def test_what_was_never_asked_is_no_good_probe() -> None:
    breaker = fed(SILENT, 5)
    assert breaker.admit(5, FIRST_REST) == PROBES
    fed(NotSent("no_free_connection"), PROBES, breaker, FIRST_REST)
    assert breaker.state(FIRST_REST) is State.PROBING
    assert breaker.admit(5, FIRST_REST) == PROBES


def test_who_waits_is_told_when_it_is_worth_asking_again() -> None:
    breaker = fed(SILENT, 5)
    assert breaker.ready_in(5.0) == FIRST_REST - 5.0
    assert breaker.ready_in(FIRST_REST) == 0.0
    breaker.admit(PROBES, FIRST_REST)
    assert breaker.ready_in(FIRST_REST) == PROBE_WAIT
    fed(GOOD, PROBES, breaker, FIRST_REST)
    breaker.admit(100, FIRST_REST + 0.25)
    assert breaker.ready_in(FIRST_REST + 0.25) == 0.75


def test_trouble_soon_after_a_return_rests_longer_and_much_later_does_not() -> None:
    for quiet, rest in ((STEADY_SECONDS - 1, 2 * FIRST_REST), (STEADY_SECONDS, FIRST_REST)):
        breaker = fed(SILENT, 5)
        breaker.admit(PROBES, FIRST_REST)
        fed(GOOD, PROBES, breaker, FIRST_REST)
        closed = FIRST_REST + 8
        assert breaker.state(closed) is State.CLOSED
        fed(SILENT, 5, breaker, closed + quiet)
        assert breaker.report(closed + quiet) == Report(State.OPEN, Trouble.UNANSWERED, rest)


def test_carriers_close_a_way_by_their_rate_and_an_account_at_fault_at_once() -> None:
    breaker = Breaker()
    breaker.record_carrier(CarrierWord(good=10, refused=REFUSALS - 1), 0.0)
    assert breaker.state(0.0) is State.CLOSED
    breaker.record_carrier(CarrierWord(refused=1), 0.0)
    assert (breaker.state(0.0), breaker.cause) == (State.OPEN, Trouble.REFUSED)
    other = Breaker()
    other.record_carrier(CarrierWord(misconfigured=1), 0.0)
    assert other.cause is Trouble.MISCONFIGURED


def test_refusals_among_many_deliveries_close_nothing() -> None:
    breaker = Breaker()
    breaker.record_carrier(CarrierWord(good=1000), 0.0)
    breaker.record_carrier(CarrierWord(refused=5 * REFUSALS), 1.0)
    assert breaker.state(1.0) is State.CLOSED


def test_late_receipts_do_not_disturb_a_rest_nor_a_return() -> None:
    breaker = fed(SILENT, 5)
    breaker.record_carrier(CarrierWord(refused=100), 1.0)
    breaker.admit(PROBES, FIRST_REST)
    fed(GOOD, PROBES, breaker, FIRST_REST)
    breaker.record_carrier(CarrierWord(refused=100), FIRST_REST)
    assert breaker.state(FIRST_REST) is State.RETURNING
