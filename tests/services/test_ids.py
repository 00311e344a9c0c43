"""Ids: UUIDv7, sorted by birth, unique across threads."""

import time
from concurrent.futures import ThreadPoolExecutor

from services.ids import uuid7


def test_ids_are_uuid_version_7_of_the_rfc_variant() -> None:
    made = uuid7()
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"


def test_ids_carry_the_real_milliseconds() -> None:
    before = time.time_ns() // 1_000_000
    milliseconds = uuid7().int >> 80
    assert before <= milliseconds <= before + 60_000


def test_ids_sort_in_the_order_they_were_made() -> None:
    made = [uuid7() for _ in range(50_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_ids_of_many_threads_never_meet() -> None:
    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(lambda _: [uuid7() for _ in range(2_000)], range(16)))
    assert len({one for batch in batches for one in batch}) == 32_000
    assert all(batch == sorted(batch) for batch in batches)
