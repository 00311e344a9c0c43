"""Signed delivery receipts over HTTP through the API's processes; each is answered after its commit."""

import asyncio
from urllib.parse import urlencode

import asyncpg
from twilio.request_validator import RequestValidator

from services import tokens
from services.attempting import STATUS
from services.settings import Settings
from tests.benchmarks import portfolio, stages
from tests.benchmarks.floor import blast, connect_raw, post
from tests.benchmarks.grounds import Deployment, Grounds
from tests.benchmarks.machine import Measured, Usage

CONNECTIONS = 500
"""Each waits for its answer, so that fewer would leave a commit with few to take."""


async def receipts(on: Grounds) -> Measured:
    """Committed receipts a second, one for each message that was sent."""
    if not on.has("sent"):
        await stages.dispatch(on)
    async with on.deployment("sent") as deployment:
        requests = await _requests(on, deployment)
        with on.serve(deployment, ["api"]) as (started, check):
            await on.ready(deployment, ["api"], check)
            connections = await connect_raw(deployment.port, CONNECTIONS)
            usage = Usage({**on.pids, "python": started.pid})
            before = usage.seconds()
            per_second = await blast(connections, requests, wanted=204)
            after = usage.seconds()
            for connection in connections:
                connection.close()
        await _must_be_delivered(deployment, len(requests))
    return Measured(per_second, {name: (after[name] - before[name]) / len(requests) * 1e6 for name in after})


async def _requests(on: Grounds, deployment: Deployment) -> list[bytes]:
    connection = await asyncpg.connect(deployment.dsn)
    rows = await connection.fetch("select id, provider_ref from attempt where state = 'accepted'")
    await connection.close()
    secret = Settings.load(data_dir=on.folder / "data").signing_secret()
    validator = RequestValidator(portfolio.TOKEN)
    return await asyncio.to_thread(
        lambda: [_request(secret, validator, deployment.port, str(row["id"]), row["provider_ref"]) for row in rows]
    )


def _request(secret: bytes, validator: RequestValidator, port: int, attempt: str, ref: str) -> bytes:
    path = f"/callbacks/twilio/{STATUS}/{attempt}?k={tokens.sign(secret, STATUS, attempt)}"
    form = {
        "MessageSid": ref,
        "MessageStatus": "delivered",
        "To": "+523310000000",
        "From": "+525550000000",
        "AccountSid": portfolio.ACCOUNT,
    }
    signature = validator.compute_signature(f"http://127.0.0.1:{port}{path}", form)
    headers = "Content-Type: application/x-www-form-urlencoded", f"X-Twilio-Signature: {signature}"
    return post(path, urlencode(form).encode(), *headers)


async def _must_be_delivered(deployment: Deployment, wanted: int) -> None:
    connection = await asyncpg.connect(deployment.dsn)
    found = await connection.fetchval("select count(*) from attempt where state = 'delivered'")
    await connection.close()
    if found != wanted:
        raise RuntimeError(f"{found} attempts are delivered, not {wanted}")
