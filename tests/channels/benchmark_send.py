"""How many SMS a second one process hands to a simulated Twilio: python -m tests.channels.benchmark_send [N]

The simulator runs in a process of its own; both use uvloop. Quote medians of three or more runs.
"""

import asyncio
import subprocess
import sys
import time
from datetime import timedelta

import uvloop

from channels.provider import Accepted, Handover
from channels.simulators.behaviour import SimulatorSettings
from channels.simulators.twilio import TwilioSimulator
from channels.twilio import TwilioProvider
from channels.twilio_sms import TwilioSms
from schemas.enums import Channel
from schemas.message import RenderedMessage
from tests.channels.conformance import ATTEMPT

TOKEN = "benchmark"
CONTENT = RenderedMessage(Channel.SMS, "Hola María: tu pago de $1,050.50 vence mañana. " * 2, "es-MX")
HANDOVER = Handover(
    ATTEMPT,
    "+525512345678",
    "+525550000000",
    CONTENT,
    timedelta(hours=2),
    f"http://127.0.0.1:8080/callbacks/twilio/status/{ATTEMPT}?k=0123456789abcdef",
)


async def simulate() -> None:
    """Serve until killed, and print the address."""
    async with TwilioSimulator(auth_token=TOKEN, settings=SimulatorSettings(receipts=())) as twilio:
        sys.stdout.write(twilio.url + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


async def measure(url: str, count: int, connections: int) -> None:
    """Send `count` messages over `connections` and print the rate."""
    provider = TwilioProvider(
        "benchmark",
        account_sid="AC" + "0" * 32,
        auth_token=TOKEN,
        channels=[TwilioSms()],
        base_url=url,
        connections=connections,
    )
    turns = iter(range(count))

    async def worker() -> None:
        for _ in turns:
            assert isinstance(await provider.send(HANDOVER), Accepted)

    started, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(worker() for _ in range(connections)))
    elapsed, used = time.perf_counter() - started, time.process_time() - used
    await provider.close()
    rate, each = count / elapsed, used / count * 1e6
    sys.stdout.write(f"{connections:>4} connections: {rate:>7.0f} messages/s, {each:.0f} us of CPU each\n")


def main() -> None:
    """Start the simulator, warm up, measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    command = [sys.executable, "-m", "tests.channels.benchmark_send", "simulate"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as simulator:
        assert simulator.stdout is not None
        url = simulator.stdout.readline().strip()
        try:
            for connections in (50, 50, 200):
                uvloop.run(measure(url, count, connections))
        finally:
            simulator.kill()


if __name__ == "__main__":
    if sys.argv[1:] == ["simulate"]:
        uvloop.run(simulate())
    else:
        main()
