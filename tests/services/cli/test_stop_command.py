"""`puntual stop` and `puntual start`: in force before the next claim, whatever is running."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from channels.simulators.twilio import TwilioSimulator
from schemas.envelope import decode_json
from services import wiring
from services.clock import FakeClock
from services.ids import uuid7
from services.submission import read, submit
from services.wiring import Parts
from tests.end_to_end.waiting import eventually
from tests.ports import free_port
from tests.services.api.application import PROVIDERS, SNAPSHOT, activate_campaigns, assembled, due
from tests.services.cli.conftest import Run

OUTSIDE = "http://127.0.0.1:9"


@pytest.fixture
async def provider() -> AsyncIterator[tuple[TwilioSimulator, str]]:
    """A provider that takes what comes, and the file that names it."""
    port = free_port()
    async with TwilioSimulator(auth_token="token-of-the-rehearsal", port=port) as simulator:
        yield simulator, PROVIDERS.replace(OUTSIDE, f"http://127.0.0.1:{port}")


@pytest.fixture
async def sending(provider: tuple[TwilioSimulator, str], database_url: str, tmp_path: Path) -> AsyncIterator[Parts]:
    """A deployment whose dispatch runs."""
    parts = await assembled(database_url, tmp_path, providers=provider[1])
    await activate_campaigns(parts)
    stopping = asyncio.Event()
    dispatch = asyncio.create_task(wiring.make_dispatch(parts).run(stopping))
    yield parts
    stopping.set()
    await dispatch
    await parts.close()


async def tell(parts: Parts, ref: str, phone: str) -> None:
    """A debtor with an installment that is due now."""
    points = [{"contactPointRef": "cp1", "kind": "phone", "value": phone, "phoneType": "mobile"}]
    loans = [{**SNAPSHOT["loans"][0], "loanRef": f"L-{ref}"}]
    data = {**SNAPSHOT, "debtorRef": ref, "contactPoints": points, "loans": loans}
    snapshot = due() | {"id": str(uuid7()), "type": "io.puntual.debtor.upserted.v1", "data": data}
    events = [snapshot, due(str(uuid7()), debtor=ref, loan=f"L-{ref}")]
    now = parts.clock.now()
    async with parts.database.transaction() as connection:
        await submit(connection, parts.intake, [read(decode_json(event), now) for event in events], now)


async def value(parts: Parts, sql: str, *arguments: Any) -> Any:
    async with parts.database.reading() as connection:
        return await connection.fetchval(sql, *arguments)


@pytest.mark.parametrize(
    "options", [(), ("--campaign", "vence"), ("--channel", "sms"), ("--jurisdiction", "mx")], ids=str
)
async def test_nothing_is_claimed_after_a_stop_and_all_of_it_after_the_start(
    puntual: Run, sending: Parts, provider: tuple[TwilioSimulator, str], options: tuple[str, ...]
) -> None:
    simulator = provider[0]
    await tell(sending, "D-1", "+525520000001")
    await eventually(lambda: len(simulator.messages) == 1, "the first message")
    stopped = await asyncio.to_thread(puntual, "stop", *options, "--reason", "test")
    assert stopped.exit_code == 0, stopped.output
    await tell(sending, "D-2", "+525520000002")
    state = "select reason from message where debtor_ref = 'D-2'"

    async def waits() -> bool:
        return bool(await value(sending, state) == "stopped")

    await eventually(waits, "the second message to be held by the stop")
    assert len(simulator.messages) == 1
    started = await asyncio.to_thread(puntual, "start", *options)
    assert started.exit_code == 0, started.output
    assert isinstance(sending.clock, FakeClock)
    sending.clock.advance(timedelta(seconds=6))
    await eventually(lambda: len(simulator.messages) == 2, "the second message")


def test_an_unknown_name_stops_all_the_same_with_a_warning(puntual: Run) -> None:
    made = puntual("stop", "--campaign", "vense", "--reason", "test", "--json")
    assert made.exit_code == 0
    assert "no campaign of this name is known" in json.loads(made.stdout)["warning"]
    assert puntual("start", "--campaign", "vense").exit_code == 0


def test_what_is_not_stopped_is_not_started_and_what_is_still_stopped_is_named(puntual: Run) -> None:
    nothing = puntual("start")
    assert (nothing.exit_code, "nothing is stopped" in nothing.stderr) == (1, True)
    puntual("stop", "--channel", "sms", "--reason", "test")
    puntual("stop", "--reason", "test")
    started = puntual("start")
    assert started.exit_code == 0
    assert "still stopped: channel sms" in started.stderr


def test_bad_options_are_usage_errors(puntual: Run) -> None:
    assert puntual("stop", "--channel", "fax", "--reason", "test").exit_code == 2
    assert puntual("stop", "--channel", "sms", "--campaign", "x", "--reason", "test").exit_code == 2
    assert puntual("stop").exit_code == 2
    assert puntual("stop", "--reason", " ").exit_code == 2


def test_a_database_that_is_away_is_one_line(puntual: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUNTUAL_DATABASE_URL", "postgresql://a:b@127.0.0.1:9/x")
    refused = puntual("stop", "--reason", "test")
    assert refused.exit_code == 1
    assert refused.stderr.count("\n") == 1
    assert "PUNTUAL_DATABASE_URL" in refused.stderr
