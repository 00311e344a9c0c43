"""Which way a message takes, and how long it waits where there is none."""

from channels.health import FIRST_REST, Health, State
from channels.pacing import Pacing
from channels.provider import RateLimited, SendResult, Unknown
from channels.registry import Registry, Route, Sender
from schemas.enums import Channel
from services.ways import Wait, Way, Ways
from tests.services.engine.engine import FakeProvider

SMS, VOICE = Channel.SMS, Channel.VOICE
NOBODY: frozenset[str] = frozenset()


def made(**paces: dict[Channel, list[float]]) -> tuple[Ways, dict[str, FakeProvider]]:
    """Ways of these providers, each with senders of these paces."""
    providers = {name: FakeProvider(name) for name in paces}
    routes: dict[Channel, list[Route]] = {}
    for name, channels in paces.items():
        for channel, own in channels.items():
            senders = tuple(Sender(f"+{n}", pace) for n, pace in enumerate(own))
            routes.setdefault(channel, []).append(Route(providers[name], senders))
    registry = Registry(providers.values(), routes, [])
    return Ways(registry, Pacing(registry.paces(), now=0.0), Health()), providers


def chosen(ways: Ways, now: float = 0.0, channel: Channel = SMS, stopped: frozenset[str] = NOBODY) -> str:
    """The way that is taken, its message of one part handed over; empty where it must wait."""
    way = ways.choose(channel, now, stopped=stopped)
    if isinstance(way, Wait):
        return ""
    ways.spend(way, 1, now)
    return f"{way.provider.id}{way.sender}"


def fall_ill(ways: Ways, provider: FakeProvider, result: SendResult, count: int = 5) -> None:
    for _ in range(count):
        ways.record(Way(provider, SMS, "+0"), result, 0.0)


def test_the_first_goes_first_and_the_next_takes_what_is_over() -> None:
    ways, _ = made(a={SMS: [2.0, 1.0]}, b={SMS: [1.0]})
    assert [chosen(ways) for _ in range(5)] == ["a+0", "a+0", "a+1", "b+0", ""]


def test_a_provider_that_is_stopped_or_ill_is_passed_over() -> None:
    ways, providers = made(a={SMS: [100.0]}, b={SMS: [100.0]})
    assert chosen(ways, stopped=frozenset({"a"})) == "b+0"
    fall_ill(ways, providers["a"], Unknown("no_answer"))
    assert chosen(ways) == "b+0"
    assert chosen(ways, stopped=frozenset({"b"})) == ""


def test_who_waits_for_pace_is_given_a_turn_each() -> None:
    ways, _ = made(a={SMS: [2.0]})
    assert [chosen(ways) for _ in range(2)] == ["a+0", "a+0"]
    waits = [ways.choose(SMS, 0.0, stopped=NOBODY) for _ in range(3)]
    assert waits == [Wait(0.5), Wait(1.0), Wait(1.5)]


def test_who_waits_for_an_ill_provider_waits_as_long_as_it_rests() -> None:
    ways, providers = made(a={SMS: [100.0]})
    fall_ill(ways, providers["a"], Unknown("no_answer"))
    assert ways.choose(SMS, 5.0, stopped=NOBODY) == Wait(FIRST_REST - 5.0)


def test_the_same_number_calls_and_texts_at_paces_and_with_health_of_their_own() -> None:
    ways, providers = made(a={SMS: [1.0], VOICE: [1.0]})
    assert chosen(ways) == "a+0"
    assert chosen(ways, channel=VOICE) == "a+0"
    fall_ill(ways, providers["a"], Unknown("no_answer"))
    assert [(each.channel, each.health.state) for each in ways.report(0.0)] == [
        (SMS, State.OPEN),
        (VOICE, State.CLOSED),
    ]


def test_no_more_is_claimed_than_can_start_now() -> None:
    ways, providers = made(a={SMS: [300.0], VOICE: [1.0]}, b={SMS: [50.0]})
    assert ways.capacity(0.0) == 351
    providers["a"].room = 20
    assert ways.capacity(0.0) == 70
    fall_ill(ways, providers["b"], Unknown("no_answer"))
    assert ways.capacity(0.0) == 20
    assert [chosen(ways) for _ in range(21)] == ["a+0"] * 20 + [""]
    assert ways.capacity(0.0) == 20


def test_an_account_that_throttles_is_asked_for_fewer_calls_at_once() -> None:
    ways, providers = made(a={SMS: [1000.0]})
    providers["a"].room = 900
    fall_ill(ways, providers["a"], RateLimited(1.0), count=1)
    assert ways.capacity(0.5) == 0
    providers["a"].room = 1000
    assert ways.capacity(1.0) == 50


def test_a_channel_is_open_while_one_more_may_start() -> None:
    ways, providers = made(a={SMS: [100.0]})
    providers["a"].room = 1
    assert ways.open(0.0, stopped=NOBODY) == {SMS}
    assert ways.open(0.0, stopped=frozenset({"a"})) == frozenset()
    assert chosen(ways) == "a+0"
    assert ways.open(0.0, stopped=NOBODY) == frozenset()


def test_a_channel_without_a_way_waits() -> None:
    ways, _ = made(a={SMS: [1.0]})
    assert ways.choose(VOICE, 0.0, stopped=NOBODY) == Wait(1.0)
    assert not ways.carries(VOICE)
