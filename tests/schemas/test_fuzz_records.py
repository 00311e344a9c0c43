"""Mutated records by the ten thousand: every one is an event or a BadRecord, and what is read is told the same twice.

With CI=true two hundred thousand in twenty batches, seeds fixed but for one that is new each run; else a taste.
"""

import json
import os
import time
from collections.abc import Iterator
from random import Random, SystemRandom

import pytest

from schemas import fineract
from schemas.dead_letter import BadRecord
from schemas.envelope import decode_record, encode_binary
from schemas.inbound import parse_inbound
from tests.schemas.fineract_records import vectors
from tests.schemas.samples import inbound

CI = os.environ.get("CI") == "true"
BATCHES = 20 if CI else 2
RECORDS = 10_000 if CI else 500
SLOWEST_SECONDS = 0.5
"""For one record, on a busy machine; most take some ten microseconds."""

Headers = list[tuple[str, bytes | None]]
_MEMBERS = [json.dumps(member).encode() for member in (None, True, -1, 10**40, "", "\u0000", [], {}, [[[[]]]])]
_BYTES = [
    *_MEMBERS,
    b"\xc3\x01",
    b"\xff" * 9,
    b"\x80" * 12,
    b"\x00",
    b'"',
    b"{",
    b"]",
    b"\xed\xa0\x80",
    b"1e999",
    b"NaN",
]


_FRESH = SystemRandom().randrange(10**6, 10**9)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_native_records(batch: int) -> None:
    samples = [(kind, json.dumps(data).encode()) for kind, data in sorted(inbound().items())]
    random = Random(_seed(batch))
    for number in range(RECORDS // 2):
        kind, value = random.choice(samples)
        headers = _headers(kind, random)
        mutated = _mutated(value, random)
        _settle(f"seed {_seed(batch)}, native record {number}", lambda: _native(mutated, headers))  # noqa: B023


@pytest.mark.parametrize("batch", range(BATCHES))
def test_fineract_records(batch: int) -> None:
    known = vectors()
    random = Random(_seed(batch))
    for number in range(RECORDS // 2):
        vector = random.choice(known)
        key = vector.key if random.random() < 0.9 else random.randbytes(random.randrange(10))
        mutated = _mutated(vector.value, random)
        _settle(f"seed {_seed(batch)}, Fineract record {number}", lambda: _fineract(key, mutated))  # noqa: B023


def _seed(batch: int) -> int:
    return batch + 1 if batch + 1 < BATCHES else _FRESH


def _settle(what: str, read: object) -> None:
    """Read twice; anything but events or a BadRecord, two different answers, or a long think is a failure."""
    assert callable(read)
    started = time.process_time()
    try:
        first, second = _answer(read), _answer(read)
    except Exception as error:
        raise AssertionError(f"{what}: {type(error).__name__}: {error}") from error
    assert first == second, f"{what}: two readings differ"
    assert time.process_time() - started < SLOWEST_SECONDS, f"{what}: took too long"


def _answer(read: object) -> object:
    assert callable(read)
    try:
        return list(read())
    except BadRecord as error:
        return str(error)


def _native(value: bytes, headers: Headers) -> Iterator[object]:
    event = decode_record(key=b"D-1", value=value, headers=headers)
    yield parse_inbound(event)
    yield encode_binary(event)


def _fineract(key: bytes, value: bytes) -> Iterator[object]:
    for event in fineract.decode(key, value):
        yield event.id
        yield parse_inbound(event)


def _headers(kind: str, random: Random) -> Headers:
    headers: Headers = [("ce_specversion", b"1.0"), ("ce_id", b"1"), ("ce_source", b"s"), ("ce_type", kind.encode())]
    if random.random() < 0.2:
        place = random.randrange(len(headers))
        name, value = headers[place]
        headers[place] = (name, random.choice([None, b"", _mutated(value or b"", random)]))
    return headers


def _mutated(value: bytes, random: Random) -> bytes:
    """One to four of: a bit flipped, bytes changed, cut out, put in, doubled or moved; or the end is gone."""
    found = bytearray(value)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(found) + 1)
        length = random.randrange(1, 9)
        match random.randrange(7):
            case 0 if at < len(found):
                found[at] ^= 1 << random.randrange(8)
            case 1:
                found[at : at + length] = random.randbytes(length)
            case 2:
                del found[at : at + length]
            case 3:
                found[at:at] = random.choice(_BYTES)
            case 4:
                found[at : at + length] = random.choice(_BYTES)
            case 5:
                found[at:at] = found[at : at + random.randrange(64)]
            case _ if random.random() < 0.3:
                del found[at:]
    return bytes(found)
