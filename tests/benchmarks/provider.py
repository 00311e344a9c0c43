"""A provider that answers at once: Twilio's 201 with the least work, so that what is measured is the client.

Run as a process: `python -m tests.benchmarks.provider PORT`.
"""

import asyncio
import itertools
import json
import sys

import httptools
import uvloop

_SID = "SM" + "0" * 32
_RESOURCE = {
    "account_sid": "AC" + "0" * 32,
    "api_version": "2010-04-01",
    "body": "x" * 160,
    "date_created": "Tue, 24 Nov 2026 16:00:00 +0000",
    "date_sent": None,
    "date_updated": "Tue, 24 Nov 2026 16:00:00 +0000",
    "direction": "outbound-api",
    "error_code": None,
    "error_message": None,
    "from": "+525550000000",
    "messaging_service_sid": None,
    "num_media": "0",
    "num_segments": "1",
    "price": None,
    "price_unit": "USD",
    "sid": _SID,
    "status": "queued",
    "subresource_uris": {"media": "/Media.json"},
    "to": "+523310000000",
    "uri": f"/2010-04-01/Accounts/{_SID}.json",
}
_BODY = json.dumps(_RESOURCE).encode()
_HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(_BODY)
_BEFORE, _, _AFTER = (_HEAD + _BODY).partition(b'"sid": "' + _SID.encode())
_numbers = itertools.count(1)


class LeanProvider(asyncio.Protocol):
    """One connection; every request is accepted under a new name."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self._transport.write(b'%b"sid": "SM%032x%b' % (_BEFORE, next(_numbers), _AFTER))  # type: ignore[attr-defined]


async def listen(port: int) -> asyncio.Server:
    """Answer on 127.0.0.1 at this port."""
    return await asyncio.get_running_loop().create_server(LeanProvider, "127.0.0.1", port, backlog=1024)


async def _serve(port: int) -> None:
    server = await listen(port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
