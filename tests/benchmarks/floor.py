"""The raw floor: the same durable steps as the pipeline with no logic at all, on the same servers in the same run."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import asyncpg
import confluent_kafka
import httptools
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from tests.benchmarks.grounds import BATCH, Grounds

CONNECTIONS = 100
_EVENTS, _OUT = "floor.events", "floor.out"
_DDL = """
create table inbox (id uuid primary key, topic text, part int, off bigint, at timestamptz default now());
create table loan (id text primary key, debtor text, due date, amount numeric(14, 2), st text, ver bigint,
    at timestamptz default now()) with (fillfactor = 80);
create table message (id bigint generated always as identity primary key, event uuid not null unique,
    loan text not null, debtor text not null, channel text not null, st text not null, due_at timestamptz not null,
    body jsonb not null, at timestamptz default now(), lease timestamptz, provider_id text) with (fillfactor = 80);
create index message_due on message (due_at) where st = 'planned';
create table attempt (id bigint generated always as identity primary key, message bigint not null, no int not null,
    key uuid not null, st text not null, code int, resp jsonb, at timestamptz default now(), done timestamptz,
    unique (message, no)) with (fillfactor = 80);
create table outbox (id bigint generated always as identity primary key, topic text, key text, body jsonb,
    at timestamptz default now());
"""
_INBOX = """
insert into inbox (id, topic, part, off) select * from unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[])
on conflict do nothing
"""
_LOAN = """
insert into loan as l (id, debtor, due, amount, st, ver)
select distinct on (i) i, d, u, a, 'due', v
from unnest($1::text[], $2::text[], $3::date[], $4::numeric[], $5::bigint[]) t (i, d, u, a, v) order by i, v desc
on conflict (id) do update set due = excluded.due, amount = excluded.amount, ver = excluded.ver, at = now()
    where l.ver < excluded.ver
"""
_MESSAGE = """
insert into message (event, loan, debtor, channel, st, due_at, body)
select e, l, d, 'sms', 'planned', now(), b from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[]) t (e, l, d, b)
"""
_CLAIM = """
with due as (select id from message where st = 'planned' and due_at <= now() order by due_at limit $1
        for update skip locked),
    m as (update message m set st = 'sending', lease = now() + interval '60 s' from due where m.id = due.id
        returning m.id, m.debtor, m.body, m.event),
    a as (insert into attempt (message, no, key, st) select id, 1, event, 'sending' from m)
select id, debtor, body, event from m
"""
_DONE = """
with r as (select * from unnest($1::bigint[], $2::int[], $3::jsonb[], $4::text[], $5::text[])
        t (id, code, resp, debtor, pid)),
    a as (update attempt a set st = 'sent', code = r.code, resp = r.resp, done = now() from r
        where a.message = r.id and a.no = 1),
    m as (update message m set st = 'sent', lease = null, provider_id = r.pid from r where m.id = r.id)
insert into outbox (topic, key, body) select 'floor.out', debtor,
    jsonb_build_object('message', id, 'status', 'sent', 'provider_id', pid, 'at', now()) from r
"""
_TAKE = """
delete from outbox where id in (select id from outbox order by id limit $1 for update skip locked)
returning id, key, body
"""


class RawConnection(asyncio.Protocol):
    """A keep-alive client with nothing but the exchange."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        body, self._body = b"".join(self._body), []
        answer, self._answer = self._answer, None
        assert answer is not None
        answer.set_result((self._parser.get_status_code(), body))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None:
            self._answer.set_exception(exc or ConnectionError("closed"))

    def write(self, request: bytes) -> asyncio.Future[tuple[int, bytes]]:
        """Send a request; the future holds status and body."""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def close(self) -> None:
        """Let go of the connection."""
        self._transport.close()


async def connect_raw(port: int, count: int) -> list[RawConnection]:
    """So many connections to a port of 127.0.0.1."""
    loop = asyncio.get_running_loop()
    opened = [await loop.create_connection(RawConnection, "127.0.0.1", port) for _ in range(count)]
    return [connection for _, connection in opened]


def post(path: str, body: bytes, *headers: str) -> bytes:
    """A whole POST request."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def blast(connections: Sequence[RawConnection], requests: Sequence[bytes], *, wanted: int) -> float:
    """Send every request, each connection one at a time; gives how many a second."""
    waiting = iter(requests)

    async def worker(connection: RawConnection) -> None:
        for request in waiting:
            status, _ = await connection.write(request)
            assert status == wanted, status

    started = time.perf_counter()
    await asyncio.gather(*(worker(connection) for connection in connections))
    return len(requests) / (time.perf_counter() - started)


async def ingest(on: Grounds, count: int) -> float:
    """Kafka to inbox, loan, message and offsets."""
    connection = await _fresh(on)
    prefix = uuid4().hex[:6]
    topic = await asyncio.to_thread(_load, on, f"{prefix}.{_EVENTS}", count)
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=on.bootstrap,
        group_id="floor",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_poll_records=BATCH,
    )
    await consumer.start()
    started, done = 0.0, 0
    while done < count:
        batches = await consumer.getmany(timeout_ms=300, max_records=BATCH)
        records = [record for batch in batches.values() for record in batch]
        if records:
            started = started or time.perf_counter()
            await _ingest_batch(connection, records)
            await consumer.commit()
            done += len(records)
    elapsed = time.perf_counter() - started
    await consumer.stop()
    await connection.close()
    return done / elapsed


async def _ingest_batch(connection: Any, records: Sequence[Any]) -> None:
    events = [json.loads(record.value) for record in records]
    ids, loans, debtors = [e["id"] for e in events], [e["loan"] for e in events], [e["debtor"] for e in events]
    async with connection.transaction():
        places = [r.topic for r in records], [r.partition for r in records], [r.offset for r in records]
        await connection.execute(_INBOX, ids, *places)
        dues, amounts = [date.fromisoformat(e["due"]) for e in events], [Decimal(e["amount"]) for e in events]
        await connection.execute(_LOAN, loans, debtors, dues, amounts, [e["installment"] for e in events])
        bodies = [json.dumps({"to": e["phone"], "name": e["name"], "text": "x" * 200}) for e in events]
        await connection.execute(_MESSAGE, ids, loans, debtors, bodies)


async def dispatch(on: Grounds, count: int) -> float:
    """Claim, send, settle, outbox."""
    connection = await _fresh(on)
    await connection.execute(
        "insert into message (event, loan, debtor, channel, st, due_at, body) select gen_random_uuid(), 'L' || i, "
        "'D' || i, 'sms', 'planned', now(), jsonb_build_object('to', '+52' || i, 'name', 'Persona ' || i, 'text', "
        "repeat('x', 200)) from generate_series(1, $1::int) i",
        count,
    )
    await connection.execute("analyze message")
    raw = await connect_raw(on.provider_port, CONNECTIONS)
    free: asyncio.Queue[RawConnection] = asyncio.Queue()
    for each in raw:
        free.put_nowait(each)

    async def send(row: Any) -> tuple[Any, ...]:
        each = await free.get()
        status, body = await each.write(post("/v1/messages", row["body"].encode(), f"Idempotency-Key: {row['event']}"))
        free.put_nowait(each)
        return row["id"], status, body.decode(), row["debtor"], json.loads(body)["sid"]

    async def work() -> None:
        own = await asyncpg.connect(connection_dsn(on))
        while rows := await own.fetch(_CLAIM, BATCH):
            sent = await asyncio.gather(*(send(row) for row in rows))
            await own.execute(_DONE, *(list(column) for column in zip(*sent, strict=True)))
        await own.close()

    started = time.perf_counter()
    await asyncio.gather(work(), work())
    elapsed = time.perf_counter() - started
    for each in raw:
        each.close()
    await connection.close()
    return count / elapsed


async def relay(on: Grounds, count: int) -> float:
    """Outbox to Kafka."""
    connection = await _fresh(on)
    topic = f"{uuid4().hex[:6]}.{_OUT}"
    await asyncio.to_thread(on.make_topic, topic)
    await connection.execute(
        "insert into outbox (topic, key, body) select 'floor.out', 'D' || i, jsonb_build_object('message', i, "
        "'status', 'sent', 'provider_id', 'SM' || repeat('0', 32), 'at', now()) from generate_series(1, $1::int) i",
        count,
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=on.bootstrap, acks="all", enable_idempotence=True, linger_ms=2, max_batch_size=262144
    )
    await producer.start()
    started, done = time.perf_counter(), 0
    while done < count:
        async with connection.transaction():
            rows = sorted(await connection.fetch(_TAKE, BATCH), key=lambda row: int(row["id"]))
            sent = [await producer.send(topic, key=r["key"].encode(), value=r["body"].encode()) for r in rows]
            await asyncio.gather(*sent)
        done += len(rows)
    elapsed = time.perf_counter() - started
    await producer.stop()
    await connection.close()
    return done / elapsed


async def together(on: Grounds, count: int) -> float:
    """What one processor that does the three steps in turn would reach: no step overlaps another."""
    steps: list[Callable[[Grounds, int], Awaitable[float]]] = [ingest, dispatch, relay]
    return 1 / sum([1 / await step(on, count) for step in steps])


def connection_dsn(on: Grounds) -> str:
    """The floor's own database."""
    return on.dsn.replace("/puntual?", "/floor?")


async def _fresh(on: Grounds) -> Any:
    connection = await asyncpg.connect(await on.plain_database("floor"))
    await connection.execute(_DDL)
    return connection


def _load(on: Grounds, topic: str, count: int) -> str:
    on.make_topic(topic)
    producer = confluent_kafka.Producer({"bootstrap.servers": on.bootstrap, "linger.ms": 5, "log_level": 2})
    for number in range(count):
        producer.produce(topic, key=f"D{number:07d}", value=_event(number))
        producer.poll(0)
    producer.flush(60)
    return topic


def _event(number: int) -> bytes:
    return json.dumps(
        {
            "id": str(uuid4()),
            "loan": f"L{number:07d}",
            "debtor": f"D{number:07d}",
            "installment": number,
            "amount": "12345.67",
            "due": "2026-11-30",
            "phone": f"+52{number:010d}",
            "name": f"Persona {number}",
            "pad": "x" * 260,
        }
    ).encode()
