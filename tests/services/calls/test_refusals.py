"""Who is not the provider, or has no token of ours, gets nothing."""

import pytest

from channels.simulators.twilio_store import SimulatedCall
from tests.services.calls.line import ACCOUNT, Line

pytestmark = pytest.mark.asyncio(loop_scope="module")
ADDRESSES = ["", "/{call}?k={token}", "/{call}/1/identity?k={token}", "/x?k={token}", "/{call}/x/y?k=", "/{call}"]


def form(call: SimulatedCall, keys: str = "9") -> dict[str, str]:
    return {"CallSid": call.sid, "AccountSid": ACCOUNT, "From": call.sender, "To": call.to, "Digits": keys}


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("signature", ["", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="])
async def test_without_a_signature_there_is_no_answer(line: Line, address: str, signature: str) -> None:
    call = await line.call("hangup")
    path = address.format(call=call.url.partition("?")[0].rpartition("/")[2], token=call.url.rpartition("=")[2])
    status, body = await line.post(f"{line.url}/callbacks/twilio/voice{path}", form(call), signature)
    assert (status, body) == (403, "")
    assert await line.told("optout.recorded") == []


@pytest.mark.parametrize("address", ADDRESSES[2:])
async def test_a_token_opens_one_address_alone(line: Line, address: str) -> None:
    call = await line.call("hangup")
    path = address.format(call=call.url.partition("?")[0].rpartition("/")[2], token=call.url.rpartition("=")[2])
    status, _ = await line.post(f"{line.url}/callbacks/twilio/voice{path}", form(call))
    assert status == 403
    assert await line.told("optout.recorded") == []
