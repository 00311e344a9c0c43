"""A Twilio to rehearse against: messages, calls, receipts, replies, and everything that can go wrong.

Under /_sim/ it is told what to do: GET messages and calls, POST inbound, call, reset, GET and POST settings.
"""

import json
import time
from base64 import b64decode
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Self
from uuid import uuid4

from channels.simulators.behaviour import ASYNCHRONOUS_CODES, Behaviour, Fault, SimulatorSettings
from channels.simulators.http_server import Answer, Fate, HttpServer, Request
from channels.simulators.twilio_callbacks import Callbacks, inbound_form
from channels.simulators.twilio_calls import INBOUND, CallRunner
from channels.simulators.twilio_store import API, SimulatedCall, SimulatedMessage, Store

JSON = (("Content-Type", "application/json;charset=utf-8"),)
MAX_BODY = 1600


class TwilioSimulator:
    """Runs while the context is open; `messages` has everything it accepted, in order."""

    def __init__(
        self,
        *,
        auth_token: str,
        settings: SimulatorSettings | None = None,
        port: int = 0,
        inbound_url: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._auth_token = auth_token
        self._inbound_url = inbound_url
        self._behaviour = Behaviour(settings or SimulatorSettings())
        self._clock = clock
        self._messages: Store[SimulatedMessage] = Store("messages")
        self._calls: Store[SimulatedCall] = Store("calls")
        self._callbacks = Callbacks(auth_token, self._behaviour)
        self._runner = CallRunner(self._callbacks, self._behaviour)
        self._server = HttpServer(self._handle, port=port)
        self.requests = 0

    @property
    def url(self) -> str:
        """The base URL to give the provider."""
        return self._server.url

    @property
    def messages(self) -> list[SimulatedMessage]:
        """Everything accepted, in order, whether it was answered or not."""
        return self._messages.records

    @property
    def calls(self) -> list[SimulatedCall]:
        """Every call accepted, in order."""
        return self._calls.records

    @property
    def settings(self) -> SimulatorSettings:
        """The knobs, which may be turned at any time."""
        return self._behaviour.settings

    async def __aenter__(self) -> Self:
        await self._server.__aenter__()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._callbacks.close()
        await self._server.__aexit__(*exc_info)

    async def settled(self) -> None:
        """Wait until every callback under way was delivered or given up."""
        await self._callbacks.settled()

    async def inbound(
        self,
        *,
        from_address: str,
        to_address: str,
        body: str,
        url: str | None = None,
        account_sid: str = "AC" + "0" * 32,
        **extra: str,
    ) -> int | None:
        """Post a signed reply to `url` (else the simulator's) and return how it was answered.

        Raises ValueError where no address is known.
        """
        target = url or self._inbound_url
        if not target:
            raise ValueError("url: where to post the reply is not known; give one")
        form = inbound_form(account_sid, from_address=from_address, to_address=to_address, body=body, extra=extra)
        return await self._callbacks.post(target, form)

    async def call_in(
        self, *, from_address: str, to_address: str, url: str, account_sid: str = "AC" + "0" * 32
    ) -> SimulatedCall:
        """Somebody calls a number of ours, whose script is at `url`, and presses what the settings say; to the end."""
        call = SimulatedCall(
            sid=f"CA{uuid4().hex}",
            account_sid=account_sid,
            to=to_address,
            sender=from_address,
            url=url,
            callback=None,
            events=(),
            at=self._clock(),
            fields={},
            direction=INBOUND,
        )
        self._calls.add(call)
        await self._runner.receive(call)
        return call

    def _handle(self, request: Request) -> Answer:
        if request.path.startswith("/_sim/"):
            return self._control(request)
        self.requests += 1
        account_sid, _, rest = request.path.removeprefix(f"{API}/").partition("/")
        if not request.path.startswith(f"{API}/AC") or not rest.endswith(".json"):
            return _error(404, 20404, f"The requested resource {request.path} was not found")
        if not self._is_authentic(request, account_sid):
            return _error(401, 20003, "Authenticate")
        return self._resource(request, account_sid, rest.removesuffix(".json"))

    def _resource(self, request: Request, account_sid: str, resource: str) -> Answer:
        kind, _, sid = resource.partition("/")
        store: Store[SimulatedMessage] | Store[SimulatedCall]
        store = self._calls if kind == "Calls" else self._messages
        if kind not in ("Messages", "Calls"):
            return _error(404, 20404, f"The requested resource {request.path} was not found")
        if not sid and request.method == "POST":
            return self._create(kind, request.form(), account_sid)
        if not sid and request.method == "GET":
            return Answer(200, store.page(request.path, request.query), JSON)
        record = store.get(sid)
        if record is None or request.method != "GET":
            return _error(404, 20404, f"The requested resource {request.path} was not found")
        return _json(record.resource())

    def _create(self, kind: str, form: dict[str, str], account_sid: str) -> Answer:
        after = self._behaviour.latency()
        fault = self._behaviour.fault_of(form.get("To", ""))
        match fault:
            case Fault.THROTTLED:
                headers = (*JSON, ("Retry-After", str(self.settings.retry_after)))
                return Answer(429, _error_body(429, 20429, "Too Many Requests"), headers, after)
            case Fault.ERROR_BEFORE:
                return _error(500, 20500, "Internal Server Error", after=after)
            case Fault.LOST_REQUEST:
                return Answer(after=after, fate=Fate.DROP)
        refusal = self._refusal(kind, form)
        if refusal is not None:
            return replace(refusal, after=after)
        taken = self._take_call(form, account_sid) if kind == "Calls" else self._take_message(form, account_sid)
        return _accepted(taken.resource(), fault, after=after)

    def _take_message(self, form: dict[str, str], account_sid: str) -> SimulatedMessage:
        sender = form.get("MessagingServiceSid") or form["From"]
        message = SimulatedMessage(
            sid=f"SM{uuid4().hex}",
            account_sid=account_sid,
            to=form["To"],
            sender=sender,
            body=form.get("Body", ""),
            callback=form.get("StatusCallback"),
            at=self._clock(),
            fields=form,
            status="accepted" if sender.startswith("MG") else "queued",
        )
        self._messages.add(message)
        self._callbacks.schedule(message)
        return message

    def _take_call(self, form: dict[str, str], account_sid: str) -> SimulatedCall:
        call = SimulatedCall(
            sid=f"CA{uuid4().hex}",
            account_sid=account_sid,
            to=form["To"],
            sender=form["From"],
            url=form["Url"],
            callback=form.get("StatusCallback"),
            events=tuple(form.get("StatusCallbackEvent", "completed").split()),
            at=self._clock(),
            fields=form,
        )
        self._calls.add(call)
        self._runner.schedule(call)
        return call

    def _refusal(self, kind: str, form: dict[str, str]) -> Answer | None:
        if not form.get("To"):
            return _error(400, 21604 if kind == "Messages" else 21201, "A 'To' phone number is required.")
        if not (form.get("From") or form.get("MessagingServiceSid")):
            return _error(400, 21603, "A 'From' phone number is required.")
        if kind == "Calls" and not form.get("Url"):
            return _error(400, 21205, "Url parameter is required.")
        if kind == "Messages" and not (form.get("Body") or form.get("ContentSid")):
            return _error(400, 21602, "Message body is required.")
        if len(form.get("Body", "")) > MAX_BODY:
            return _error(400, 21617, "The concatenated message body exceeds 1600 characters")
        code = self._behaviour.code_of(form["To"])
        if code is not None and code not in ASYNCHRONOUS_CODES:
            return _error({20003: 401, 20005: 403, 20404: 404}.get(code, 400), code, f"Simulated error {code}")
        return None

    def _is_authentic(self, request: Request, account_sid: str) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Basic":
            return False
        try:
            return b64decode(token, validate=True) == f"{account_sid}:{self._auth_token}".encode()
        except ValueError:
            return False

    def _control(self, request: Request) -> Answer:
        try:
            return self._controlled(request)
        except (KeyError, TypeError, ValueError) as error:
            return _json({"error": f"{request.path}: {error}"}, status=400)

    def _controlled(self, request: Request) -> Answer:
        match request.method, request.path:
            case "GET", "/_sim/messages":
                return _json([asdict(message) for message in self.messages])
            case "GET", "/_sim/calls":
                return _json([asdict(call) for call in self.calls])
            case "GET", "/_sim/settings":
                return _json(asdict(self.settings))
            case "POST", "/_sim/settings":
                self.settings.update(dict(json.loads(request.body)))
                return _json(asdict(self.settings))
            case "POST", "/_sim/reset":
                self._messages.clear()
                self._calls.clear()
                self.settings.update(json.loads(json.dumps(asdict(SimulatorSettings()))))
                return Answer(204)
            case "POST", "/_sim/inbound":
                wanted = {str(key): str(value) for key, value in json.loads(request.body).items()}
                return self._inject(wanted)
            case "POST", "/_sim/call":
                return self._ring({str(key): str(value) for key, value in json.loads(request.body).items()})
        return _json({"error": f"{request.method} {request.path}: no such control"}, status=404)

    def _ring(self, wanted: dict[str, str]) -> Answer:
        for key in ("from_address", "to_address", "url"):
            if key not in wanted:
                raise ValueError(f"{key} is missing")
        self._callbacks.spawn(self.call_in(**wanted))
        return Answer(202)

    def _inject(self, wanted: dict[str, str]) -> Answer:
        for key in ("from_address", "to_address", "body"):
            if key not in wanted:
                raise ValueError(f"{key} is missing")
        if not wanted.get("url") and not self._inbound_url:
            raise ValueError("url is missing")
        self._callbacks.spawn(self.inbound(**wanted))
        return Answer(202)


def _accepted(resource: dict[str, object], fault: Fault | None, *, after: float) -> Answer:
    match fault:
        case Fault.ERROR_AFTER:
            return _error(500, 20500, "Internal Server Error", after=after)
        case Fault.LOST_ANSWER:
            return Answer(after=after, fate=Fate.DROP)
        case Fault.HANG:
            return Answer(fate=Fate.HANG)
        case Fault.UNREADABLE:
            return Answer(201, b"<html>gateway</html>", after=after)
    return _json(resource, status=201, after=after)


def _json(value: object, *, status: int = 200, after: float = 0.0) -> Answer:
    return Answer(status, json.dumps(value).encode(), JSON, after)


def _error_body(status: int, code: int, message: str) -> bytes:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return json.dumps({"code": code, "message": message, "more_info": more, "status": status}).encode()


def _error(status: int, code: int, message: str, *, after: float = 0.0) -> Answer:
    return Answer(status, _error_body(status, code, message), JSON, after)
