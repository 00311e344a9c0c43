"""An erased person can be read nowhere any more, and what was done with them can still be proven."""

import base64
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from channels.provider import InboundMessage, Receipt
from schemas.enums import AttemptState, Channel
from services import evidence
from services.evidence_chain import check_chain
from services.ids import uuid7
from services.keys import KeyRole
from services.receipts import Callback
from services.sealing import Sealing
from services.store import timeline
from services.wiring import Parts
from tests.others import others_finished
from tests.services.api.application import Client, activate_campaigns, application, assembled, due, make_key
from tests.services.migrations.rows import insert

NAME, GIVEN = "Zarvolina Pérez Ñandú", "Zarvolina"
NUMBER, NATIONAL = "+525520000007", "5520000007"
MAIL, SAID = "Zarvol.Perez@correo.test", "Soy Zarvolina y trabajo en Quimbarsa"
PERSONAL = (NAME, GIVEN, "Ñandú", NUMBER, NATIONAL, MAIL, SAID, "Quimbarsa", "CLABE-0123456789")
BODY = {
    "revision": 1,
    "displayName": NAME,
    "givenName": GIVEN,
    "language": "es-MX",
    "country": "MX",
    "region": "MX-JAL",
    "timezone": "America/Mexico_City",
    "segment": "B",
    "contactPoints": [
        {"contactPointRef": "cp1", "kind": "phone", "value": NUMBER, "phoneType": "mobile"},
        {"contactPointRef": "cp2", "kind": "email", "value": MAIL},
    ],
    "loans": [{"loanRef": "L-1", "role": "borrower", "productCode": "consumo", "creditorRef": "demo"}],
}
_TABLES = """
select relname from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1
"""


def forms(text: str) -> Iterator[str]:
    """A text in lower case as a table could hold it: plain, escaped, in hexadecimal and in base64 at any place."""
    for plain in {text, text.lower(), text.upper(), text.replace(" ", "")}:
        raw = plain.encode()
        yield plain.lower()
        yield plain.encode("unicode_escape").decode().lower()
        yield raw.hex()
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + raw).decode()
            inner = coded[4 if shift else 0 : -4]
            if len(inner) >= 8:
                yield inner.lower()


async def found_in(connection: asyncpg.Connection) -> dict[str, set[str]]:
    """Which personal texts stand in which tables."""
    needles = {form: text for text in PERSONAL for form in forms(text)}
    found: dict[str, set[str]] = {}
    for row in await connection.fetch(_TABLES):
        table = row["relname"]
        rows = await connection.fetch(f'select to_jsonb(t)::text as text from "{table}" t')
        everything = "\n".join(each["text"] for each in rows).lower()
        hits = {text for form, text in needles.items() if form in everything}
        if hits:
            found[table] = hits
    return found


async def lived(parts: Parts, client: Client) -> None:
    """A person who was planned for, contacted and heard, with everything that leaves behind."""
    await client.send("PUT", "/v1/debtors/D-1", BODY, idempotency_key="once")
    references = [{"scheme": "clabe", "value": "CLABE-0123456789"}]
    answer = await client.events(due(paymentRefs=references))
    assert answer.json()["accepted"] == 1, answer.text
    async with parts.database.transaction() as connection:
        message = await connection.fetchrow("select id, campaign, loan_ref from message limit 1")
        attempt = await insert(
            connection, "attempt", message_id=message["id"], state="accepted", campaign=message["campaign"]
        )
        form = [("MessageStatus", "delivered"), ("To", NUMBER), ("Body", SAID)]
        receipt = Receipt("SM1", AttemptState.DELIVERED, "delivered")
        callback = Callback(attempt["id"], "twilio-main", receipt, form, parts.clock.now())
        await parts.receipts.keep(connection, callback, "D-1")
        inbound = InboundMessage(f"SM-{uuid7()}", Channel.SMS, NUMBER, "+525550000000", SAID)
        await parts.replies.hear(connection, inbound, "twilio-main")


@pytest.fixture
async def parts(database_url: str, tmp_path: Path) -> AsyncIterator[Parts]:
    """A deployment."""
    made = await assembled(database_url, tmp_path)
    yield made
    await made.close()


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody who reads the database."""
    made = await asyncpg.connect(database_url)
    yield made
    await made.close()


async def test_nothing_personal_is_readable_before_or_after_an_erasure(
    parts: Parts, connection: asyncpg.Connection
) -> None:
    await activate_campaigns(parts)
    key = await make_key(parts.database, KeyRole.ADMIN, now=parts.clock.now())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application(parts)), base_url="http://p.test") as http:
        client = Client(http, key)
        await lived(parts, client)
        assert await found_in(connection) == {"installment": {"CLABE-0123456789"}}
        assert (await client.send("DELETE", "/v1/debtors/D-1")).status_code == 204
    assert await found_in(connection) == {}
    await _forgotten(connection)
    await _proven(parts)


async def _forgotten(connection: asyncpg.Connection) -> None:
    """The key is gone, so that what was sealed with it can't be opened; nobody finds the number any more."""
    debtor = await connection.fetchrow("select state, person_key, sealed, region, segment from debtor")
    assert tuple(debtor) == ("erased", None, None, None, None)
    assert await connection.fetchval("select count(*) from contact_point") == 0
    assert [tuple(row) for row in await connection.fetch("select blind, sealed from reply")] == [(None, None)]
    assert await connection.fetchval("select count(*) from callback") == 1


async def _proven(parts: Parts) -> None:
    async with parts.database.transaction() as connection:
        await others_finished(connection)
        signer = evidence.Signer(parts.secret)
        await Sealing(signer).seal(connection, parts.clock.now())
    async with parts.database.reading() as connection:
        happened = await timeline.page(connection, "D-1", after=timeline.BEGINNING, limit=1000)
        chain = await check_chain(connection, trusted_keys=[signer.public_key])
    period: dict[str, Any] = {"since": None, "until": None}
    pack = evidence.build("D-1", happened, made_at=parts.clock.now(), signer=signer, **period)
    assert evidence.check(pack, trusted_keys=[signer.public_key]).faults == ()
    assert {"message", "attempt", "receipt", "reply"} <= {entry["kind"] for entry in pack["entries"]}
    assert chain.faults == []
