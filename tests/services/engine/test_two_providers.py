"""Two providers of one channel: who is asked while the first is ill, at no cost in attempts and never twice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from channels.health import FIRST_REST, PROBES, State
from channels.provider import NotSent, RateLimited, SendResult, Unknown
from services.dispatch import Dispatch
from services.ways import WayReport
from tests.end_to_end.waiting import eventually
from tests.services.engine.engine import Engine, FakeProvider, definition, due, phone, snapshot

MakeEngine = Callable[..., Awaitable[Engine]]
TODAY = definition("  - {id: hoy, at: due_date, channels: [sms], template: vence_hoy}")
PEOPLE = [f"D-{n}" for n in range(1, 41)]
ATTEMPTS = "select provider, state, count(*) as n from attempt group by 1, 2 order by 1, 2"


class IllProvider(FakeProvider):
    """Gives every message the same answer while it has one."""

    def __init__(self, name: str = "fake") -> None:
        super().__init__(name)
        self.says: SendResult | None = None

    async def send(self, handover: object) -> SendResult:
        """The answer of its illness, else accepted."""
        result = await super().send(handover)  # type: ignore[arg-type]
        return self.says or result


@asynccontextmanager
async def dispatching(engine: Engine, *, limit: int = 5) -> AsyncIterator[None]:
    """A dispatcher that hands over a few at a time."""
    dispatch = Dispatch(
        database=engine.database,
        delivery=engine.delivery,
        settling=engine.settling,
        ways=engine.ways,
        clock=engine.clock,
        limit=limit,
    )
    stopping = asyncio.Event()
    running = asyncio.create_task(dispatch.run(stopping))
    try:
        yield
    finally:
        stopping.set()
        await running


async def fall_due(engine: Engine, refs: list[str]) -> None:
    await engine.happen_all([event for ref in refs for event in (snapshot(ref), due(ref))])


async def counts(engine: Engine) -> dict[tuple[str, str], int]:
    return {(row["provider"], row["state"]): row["n"] for row in await engine.rows(ATTEMPTS)}


def sms(engine: Engine) -> WayReport:
    """The health of the first provider's SMS."""
    return next(each for each in engine.ways.report(engine.clock.monotonic()) if each.channel == "sms")


@pytest.fixture
def ill() -> IllProvider:
    return IllProvider("first")


async def test_what_nobody_has_taken_goes_to_the_next_provider_and_what_may_have_been_taken_nowhere(
    engine: MakeEngine, ill: IllProvider
) -> None:
    spare = FakeProvider("spare")
    e = await engine(TODAY, provider=ill, spares=[spare])
    ill.says = Unknown("no_answer")
    await fall_due(e, PEOPLE)
    async with dispatching(e):
        await eventually(lambda: len(ill.handed) + len(spare.handed) == len(PEOPLE), "everybody's message")
    asked, passed_on = {each.to for each in ill.handed}, {each.to for each in spare.handed}
    assert 5 <= len(asked) <= 10
    assert asked.isdisjoint(passed_on)
    assert len(passed_on) == len(spare.handed)
    assert await counts(e) == {("first", "unknown"): len(asked), ("spare", "accepted"): len(passed_on)}


async def test_while_every_way_is_closed_no_attempt_is_made_and_then_a_few_find_out(
    engine: MakeEngine, ill: IllProvider
) -> None:
    e = await engine(TODAY, provider=ill)
    ill.says = Unknown("no_answer")
    await fall_due(e, PEOPLE)
    async with dispatching(e):
        await eventually(lambda: sms(e).health.state is State.OPEN, "the way to close")
    asked = len(ill.handed)
    async with dispatching(e):
        for _ in range(20):
            await asyncio.sleep(0)
        assert await counts(e) == {("first", "unknown"): asked}
        assert (sms(e).provider, sms(e).health.seconds) == ("first", FIRST_REST)
        ill.says = None
        await e.move(seconds=FIRST_REST)
        await eventually(lambda: len(ill.handed) >= asked + PROBES, "the probes")
    assert len({each.to for each in ill.handed}) == len(ill.handed)


@pytest.mark.parametrize("word", [NotSent("refused"), RateLimited(None)])
async def test_what_was_proven_not_sent_goes_out_by_the_other_once(
    engine: MakeEngine, ill: IllProvider, word: SendResult
) -> None:
    spare = FakeProvider("spare")
    e = await engine(TODAY, provider=ill, spares=[spare])
    ill.says = word
    await fall_due(e, PEOPLE[:10])
    async with dispatching(e):

        async def everybody() -> bool:
            await e.move(seconds=1)
            return len(spare.handed) == 10

        await eventually(everybody, "everybody's message")
    assert len({each.to for each in spare.handed}) == 10
    assert {each.to for each in spare.handed} == {phone(ref) for ref in PEOPLE[:10]}


async def test_a_provider_without_a_free_line_is_not_waited_for(engine: MakeEngine, ill: IllProvider) -> None:
    spare = FakeProvider("spare")
    e = await engine(TODAY, provider=ill, spares=[spare])
    ill.room = 2
    await fall_due(e, PEOPLE[:10])
    e.ways.capacity(e.clock.monotonic())
    sendings = await e.claim()
    assert [each.way.provider.id for each in sendings].count("first") == 2
    assert [each.way.provider.id for each in sendings].count("spare") == 8
