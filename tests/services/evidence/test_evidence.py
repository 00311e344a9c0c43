"""Evidence packs: what is signed can be checked, and whatever is altered is found."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services import evidence
from services.evidence_pdf import write_pdf
from services.store.timeline import Happened

T0 = datetime(2026, 11, 24, 15, tzinfo=UTC)
SIGNER = evidence.Signer(b"secret of a test deployment")
HAPPENED = [
    Happened(T0 + timedelta(minutes=n), kind, f"ref-{n}", {"channel": "sms", "state": "delivered", "n": n})
    for n, kind in enumerate(("message", "decision", "attempt", "receipt", "reply"))
]


def pack(**period: Any) -> dict[str, Any]:
    given = {"since": None, "until": None, **period}
    return evidence.build("D-1", HAPPENED, made_at=T0, signer=SIGNER, **given)


def stored(made: dict[str, Any]) -> Any:
    return json.loads(json.dumps(made, ensure_ascii=False, indent=1))


def test_a_pack_as_signed_is_sound() -> None:
    checked = evidence.check(stored(pack()), trusted_keys=[SIGNER.public_key])
    assert (checked.faults, checked.entries) == ((), 5)


def test_a_period_takes_its_start_and_leaves_its_end() -> None:
    made = pack(since=HAPPENED[1].at, until=HAPPENED[3].at)
    assert [entry["kind"] for entry in made["entries"]] == ["decision", "attempt"]
    assert evidence.check(stored(made), trusted_keys=[SIGNER.public_key]).faults == ()


TAMPERINGS: dict[str, Callable[[Any], Any]] = {
    "a state": lambda p: p["entries"][2]["data"].update(state="failed"),
    "an instant": lambda p: p["entries"][1].update(at="2026-11-24T09:00:00+00:00"),
    "an entry removed": lambda p: p["entries"].pop(1),
    "the last entry removed": lambda p: p["entries"].pop(),
    "all entries removed": lambda p: p["entries"].clear(),
    "two entries swapped": lambda p: p["entries"].__setitem__(slice(0, 2), p["entries"][1::-1]),
    "an entry repeated": lambda p: p["entries"].append(copy.deepcopy(p["entries"][-1])),
    "the debtor": lambda p: p["head"].update(debtorRef="D-2"),
    "the count": lambda p: p["head"].update(entries=4),
    "the signature": lambda p: p.update(signature="AAAA"),
    "the key": lambda p: p["head"].update(publicKey=evidence.Signer(b"another").public_key),
    "the format": lambda p: p["head"].update(format="puntual-evidence/9"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found(name: str) -> None:
    altered = stored(pack())
    TAMPERINGS[name](altered)
    assert evidence.check(altered, trusted_keys=[SIGNER.public_key]).faults


def test_a_pack_signed_anew_by_somebody_else_is_found() -> None:
    forged = evidence.build(
        "D-1", HAPPENED[:2], since=None, until=None, made_at=T0, signer=evidence.Signer(b"a forger's secret")
    )
    assert evidence.check(stored(forged), trusted_keys=[SIGNER.public_key]).faults == (
        "signed with another key than this deployment's",
    )


@pytest.mark.parametrize("junk", [None, 1, [], {}, {"head": {}}, {"head": [], "entries": 3, "signature": None}])
def test_what_is_no_pack_is_said_to_be_none(junk: Any) -> None:
    assert evidence.check(junk, trusted_keys=None).faults == ("this is not an evidence pack",)


def test_the_pdf_is_written_for_reading(tmp_path: Path) -> None:
    target = tmp_path / "pack.pdf"
    write_pdf(pack(), target)
    assert target.read_bytes().startswith(b"%PDF-")
