"""The process dies at every place that matters; afterwards nothing was sent twice, and nothing is forgotten."""

import asyncio
import re
import signal
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from services.settings import PROJECT_ROOT
from tests.crash.scene import UNTIL_LEASES_RAN_OUT, UNTIL_LOOKED_UP, Scene
from tests.end_to_end.calls import CALL_DEFINITIONS, let_call
from tests.end_to_end.fixtures import MakeWorld, prove
from tests.end_to_end.talk import link_in, surely, visit, write_definitions
from tests.end_to_end.world import World

CALENDAR = Path(__file__).with_name("definitions")
FAILPOINT = re.compile(r"""failpoint(?:\(|, )["']([a-z_.]+)["']""")
PLACES: dict[str, tuple[str, ...]] = {
    "ingest": ("ingest.before_commit", "ingest.after_commit", "ingest.before_offsets"),
    "claim": ("dispatch.before_claim_commit", "dispatch.after_claim", "dispatch.before_call"),
    "settle": ("dispatch.after_call", "dispatch.before_settle_commit", "dispatch.after_settle"),
    "relay": ("relay.after_publish", "relay.after_delete"),
    "receipts": ("receipts.before_commit", "receipts.after_commit"),
    "replies": ("replies.before_commit", "replies.after_commit"),
    "optouts": ("optouts.before_commit", "optouts.after_commit"),
    "calls": ("calls.before_commit", "calls.after_commit"),
    "links": ("links.before_commit", "links.after_commit"),
    "upkeep": (
        *("upkeep.before_lease_commit", "upkeep.after_look_up", "upkeep.after_calendar", "upkeep.after_catch_up"),
        "upkeep.after_chore",
    ),
}
"""Places that are died at side by side, each in a world of its own; those of `ALONE` have tests of their own."""
ALONE = ("calls", "links", "upkeep")

IN_FLIGHT = 8
"""Everybody in the scene at once: what one crash may leave unknown."""


def test_every_failpoint_of_the_product_is_died_at() -> None:
    code = "".join(path.read_text("utf-8") for path in (PROJECT_ROOT / "services").rglob("*.py"))
    assert sorted(FAILPOINT.findall(code)) == sorted(name for names in PLACES.values() for name in names)


@pytest.mark.slow
@pytest.mark.parametrize("group", [group for group in PLACES if group not in ALONE])
async def test_after_a_crash_everything_ends_once(make_world: MakeWorld, group: str) -> None:
    async with asyncio.TaskGroup() as tasks:
        for place in PLACES[group]:
            tasks.create_task(_die_at(make_world, place), name=place)


@pytest.mark.slow
async def test_a_crash_while_unknowns_are_cleared_up_changes_nothing(make_world: MakeWorld) -> None:
    async with make_world() as world:
        world.provider.settings.receipts_lost = 1.0
        debtors = [world.debtor() for _ in range(3)]
        await world.start(failpoint="dispatch.after_call:3")
        for debtor in debtors:
            await world.tell(debtor.snapshot(), debtor.due())
        await _killed(world)
        await _dies(world, "upkeep.before_lease_commit", later=UNTIL_LEASES_RAN_OUT)
        await world.start()
        await world.row("select 1 from attempt where state = 'unknown'")
        await world.rest()
        assert await world.serve.stop() == 0
        await _dies(world, "upkeep.after_look_up", later=UNTIL_LOOKED_UP)
        await world.start()
        for debtor in debtors:
            await world.outcome(debtor, "message.accepted")
        await prove(world)
        assert [len(world.sms(debtor)) for debtor in debtors] == [1, 1, 1]
        states = await world.rows("select distinct state from attempt")
        assert {row["state"] for row in states} <= {"accepted", "delivered", "unknown"}


@pytest.mark.slow
async def test_a_crash_while_a_calendar_is_planned_changes_nothing(make_world: MakeWorld) -> None:
    async with make_world(definitions=CALENDAR) as world:
        debtor = world.debtor(product="escuela")
        await world.start()
        await world.tell(debtor.snapshot())
        await world.rest()
        assert await world.serve.stop() == 0
        await _dies(world, "upkeep.after_calendar", later=timedelta(hours=14))
        await world.start()
        await world.outcome(debtor, "message.scheduled")
        await world.restart(later=timedelta(hours=13))
        await world.outcome(debtor, "message.delivered")
        await prove(world)
        assert len(world.sms(debtor)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("place", ["upkeep.after_catch_up", "upkeep.after_chore"])
async def test_a_crash_of_upkeep_before_anything_came_changes_nothing(make_world: MakeWorld, place: str) -> None:
    """While a new campaign catches up, and while the logs are sealed."""
    async with make_world() as world:
        debtor = world.debtor()
        world.spawn(failpoint=place)
        await _killed(world)
        await world.start()
        await world.tell(debtor.snapshot(), debtor.due())
        await world.outcome(debtor, "message.delivered")
        await prove(world)
        assert len(world.sms(debtor)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES["calls"])
async def test_a_crash_in_the_middle_of_a_call_changes_nothing(
    make_world: MakeWorld, tmp_path: Path, place: str
) -> None:
    providers = tmp_path / "providers-with-calls.yaml"
    async with make_world(definitions=CALL_DEFINITIONS, providers_file=str(providers)) as world:
        let_call(world, providers)
        debtor = world.debtor()
        world.provider.settings.callers[debtor.phone] = ("1", "hangup")
        await world.start(failpoint=f"{place}:2", public_url=world.serve.url)
        await world.tell(debtor.snapshot(), debtor.due())
        await _killed(world)
        await world.provider.settled()
        await world.start(public_url=world.serve.url)
        (call,) = world.provider.calls
        address, keys = call.asked[1]
        form = {"CallSid": call.sid, "AccountSid": call.account_sid, "To": call.to, "From": call.sender}
        for _ in range(2):
            assert await world.callback(address, {**form, "Digits": keys}) == 200
        await world.outcome(debtor, "message.delivered")
        await prove(world)
        steps = await world.rows("select step, digits from call_step order by seq")
        assert [tuple(step) for step in steps] == [("start", ""), ("identity", "1")]
        assert len(world.provider.calls) == 1


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES["links"])
async def test_a_crash_while_a_link_is_followed_tells_of_one_click(make_world: MakeWorld, place: str) -> None:
    async with make_world() as world:
        debtor = world.debtor()
        await world.start(failpoint=place, public_url=world.serve.url)
        await world.tell(debtor.snapshot(), debtor.due())
        await world.outcome(debtor, "message.delivered")
        address = link_in(world.sms(debtor)[0].body, world)
        with pytest.raises(aiohttp.ClientError):
            await visit(address)
        await _killed(world)
        await world.start(public_url=world.serve.url)
        assert (await visit(address))[0] == 302
        await world.outcome(debtor, "message.clicked")
        await prove(world)


@pytest.mark.slow
@pytest.mark.parametrize("place", [*PLACES["replies"], "dispatch.before_claim_commit:2", "dispatch.after_call:2"])
async def test_a_crash_while_a_reply_is_answered_answers_once(
    make_world: MakeWorld, tmp_path: Path, place: str
) -> None:
    async with make_world(definitions=write_definitions(tmp_path / "answers")) as world:
        debtor = world.debtor()
        await world.start(failpoint=place)
        await world.tell(debtor.snapshot(**surely(debtor)), debtor.due())
        await world.outcome(debtor, "message.delivered")
        await world.reply(debtor, "saldo", MessageSid="SM" + "7" * 32)
        await _killed(world)
        world.clock.skip(UNTIL_LEASES_RAN_OUT)
        await world.start()
        for _ in range(2):
            assert await world.reply(debtor, "saldo", MessageSid="SM" + "7" * 32) == 200
        await world.until(lambda: len(world.sms(debtor)) == 2, "the answer")
        await prove(world)
        assert len(world.sms(debtor)) == 2


async def _die_at(make_world: MakeWorld, place: str) -> None:
    """Play the scene, die, start again, and prove everything."""
    try:
        async with make_world() as world:
            scene = Scene(world)
            await world.start(failpoint=place)
            await scene.play()
            await _killed(world)
            world.clock.skip(UNTIL_LEASES_RAN_OUT)
            await world.start()
            await scene.end(most_unknown=IN_FLIGHT)
            assert await world.serve.stop() == 0
    except AssertionError as error:
        error.add_note(f"after dying at {place}")
        raise


async def _dies(world: World, place: str, *, later: timedelta) -> None:
    world.clock.skip(later)
    world.spawn(failpoint=place)
    await _killed(world)


async def _killed(world: World) -> None:
    assert await world.serve.died() == -signal.SIGKILL
