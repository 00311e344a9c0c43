"""`puntual policy`: documents in, one JSON line each out, faults on the error stream."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from services.cli.policy import app, whatsapp_approved

QUESTION: dict[str, Any] = {
    "id": "x1",
    "at": "2026-07-13T15:00:00Z",
    "channel": "sms",
    "purpose": "collections",
    "jurisdiction": "CO",
    "creditor": {"type": "financial_entity", "collector": "first_party"},
    "debtor": {"timezone": "America/Bogota", "region": None, "phone": "+573001234567"},
    "consents": [{"channel": "sms", "purpose": "collections", "state": "granted", "at": "2026-01-01T00:00:00Z"}],
    "suppressions": [
        {"scope": "person", "reason": "dispute", "from": "2026-06-01T00:00:00Z", "until": "2026-07-01T00:00:00Z"}
    ],
    "history": [{"at": "2026-07-10T15:00:00Z", "channel": "sms", "loan": "L-1", "state": "delivered"}],
    "loan": "L-1",
    "layers": ["law", "policy"],
}


def _check(text: str | bytes, *options: str) -> Result:
    return CliRunner().invoke(app, ["check", *options, "-"], input=text)


def _asked(**changes: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(_check(json.dumps({**QUESTION, **changes})).stdout)
    return answer


def test_a_pretty_document_gets_one_line() -> None:
    result = _check(json.dumps(QUESTION, indent=2))
    assert (result.exit_code, result.stdout.count("\n"), result.stderr) == (0, 1, "")
    assert json.loads(result.stdout) == {
        "id": "x1",
        "decision": "defer",
        "not_before": "2026-07-14T12:00:00Z",
        "not_after": None,
        "reasons": [{"rule": "co-holiday", "basis": "law", "source": "Ley 2300 de 2023, art. 3"}],
        "pack": "CO",
        "pack_version": "2026.11.0",
    }


def test_an_allowed_contact_shows_its_span() -> None:
    answer = _asked(at="2026-07-14T10:00:00.250-05:00")
    assert (answer["decision"], answer["reasons"]) == ("allow", [])
    assert (answer["not_before"], answer["not_after"]) == ("2026-07-14T15:00:00.250000Z", "2026-07-15T00:00:00Z")


def test_only_instant_channel_and_jurisdiction_are_needed() -> None:
    result = _check('{"at":"2026-07-15T18:00:00Z","channel":"sms","jurisdiction":"MX"}')
    answer = json.loads(result.stdout)
    assert (answer["id"], answer["decision"]) == (None, "allow")


def test_lines_are_answered_in_order_and_faulty_ones_keep_their_place() -> None:
    bad = {**QUESTION, "id": "x2", "channel": "telegram", "at": "2026-07-13T15:00:00"}
    lines = [json.dumps(QUESTION), "", json.dumps(bad), "{nonsense", json.dumps({**QUESTION, "id": 4})]
    result = _check("\ufeff" + "\r\n".join(lines), "--jsonl")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["x1", "x2", None, 4]
    assert "channel" in answers[1]["error"]
    assert "at" in answers[1]["error"]
    assert result.exit_code == 1
    assert "line 3: channel:" in result.stderr
    assert "line 4:" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "text", ["", "[]", '"at"', "{", '{"at": 5, "channel": "sms", "jurisdiction": "MX"}', "[" * 100_000, b"\xff\xfe{}"]
)
def test_what_is_no_document_is_never_a_traceback(text: str | bytes) -> None:
    result = _check(text)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.exit_code == (1 if text else 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"consents": [{"channel": "sms", "purpose": "collections", "state": "maybe", "at": "x"}]}, "consents.0.state"),
        ({"history": [{"at": "2026-07-10T15:00:00", "channel": "sms"}]}, "history.0.at"),
        ({"debtor": {"preferences": {"window": {"from": "25:00", "to": "20:00"}}}}, "debtor.preferences.window.from"),
        ({"layers": ["laws"]}, "layers.0"),
        ({"suppressions": [{"scope": "planet"}]}, "suppressions.0.scope"),
        ({"at": "0001-01-01T00:00:00Z"}, "at"),
    ],
)
def test_a_fault_names_its_field(changes: dict[str, Any], field: str) -> None:
    result = _check(json.dumps({**QUESTION, **changes}))
    assert result.exit_code == 1
    assert f"line 1: {field}:" in result.stderr


def test_a_field_that_means_nothing_is_named_and_does_not_stop_the_answer() -> None:
    result = _check(json.dumps({**QUESTION, "debtor": {"timezon": "America/Bogota"}}))
    assert result.exit_code == 0
    assert "debtor.timezon" in result.stderr


def test_registers_recipients_and_conversations_may_be_told() -> None:
    debtor = {"timezone": "America/New_York"}
    agency = {"type": "financial_entity", "collector": "third_party"}
    call = {"jurisdiction": "US", "channel": "voice", "at": "2026-07-15T16:00:00Z", "creditor": agency}
    spoken = {"at": "2026-07-13T15:00:00Z", "channel": "voice", "loan": "L-1", "state": "delivered"}
    assert _asked(**call, debtor=debtor, history=[spoken])["decision"] == "allow"
    told = _asked(**call, debtor=debtor, history=[{**spoken, "conversation": True}])
    assert (told["reasons"][0]["rule"], told["not_before"]) == (
        "us-seven-days-after-conversation",
        "2026-07-20T12:00:00Z",
    )
    assert _asked(**call, debtor={**debtor, "recipient": "employer"}, history=[])["decision"] == "deny"
    listed = _asked(**call, debtor={**debtor, "registers": ["DNC"]}, history=[], purpose="marketing")
    assert "us-do-not-call" in {reason["rule"] for reason in listed["reasons"]}


@pytest.mark.parametrize("state", ["accepted", "delivered", "rejected", "unknown", "undelivered", "failed", "not_sent"])
def test_every_attempt_counts_but_those_not_sent(state: str) -> None:
    past = {"at": "2026-07-14T15:00:00Z", "channel": "sms", "loan": "L-9", "state": state}
    answer = _asked(at="2026-07-14T18:00:00Z", history=[past])
    assert answer["decision"] == ("allow" if state == "not_sent" else "defer")


@pytest.mark.parametrize("scope", ["person", "channel", "loan", "contact_point", "contactPoint"])
def test_every_scope_of_a_suppression_is_read(scope: str) -> None:
    answer = _asked(at="2026-07-14T18:00:00Z", suppressions=[{"scope": scope, "reason": "dispute"}], history=[])
    assert (answer["decision"], answer["reasons"][0]["basis"]) == ("deny", "suppression")


def test_a_window_may_end_at_24() -> None:
    window = {"preferences": {"window": {"from": "18:00", "to": "24:00"}}}
    assert _asked(at="2026-07-14T23:30:00Z", debtor=window)["not_after"] == "2026-07-15T00:00:00Z"


def test_expiry_is_judged_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUNTUAL_NOW", "2027-03-01T00:00:00Z")
    assert _asked(at="2026-07-14T15:00:00Z")["reasons"][0]["rule"] == "pack-expired"


def test_whatsapp_follows_the_providers_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    providers = tmp_path / "providers.yaml"
    monkeypatch.setenv("PUNTUAL_PROVIDERS_FILE", str(providers))
    request = {"at": "2026-07-14T15:00:00Z", "channel": "whatsapp", "jurisdiction": "MX"}
    providers.write_text("providers: []\nwhatsapp: {enabled: false}\n")
    assert json.loads(_check(json.dumps(request)).stdout)["reasons"][0]["basis"] == "platform"
    providers.write_text(
        "whatsapp: {enabled: true, approved_by: Legal, approved_on: 2026-11-01, policy_version: '2026-10'}\n"
    )
    assert json.loads(_check(json.dumps(request)).stdout)["decision"] == "allow"
    providers.write_text("whatsapp: {enabled: true}\n")
    assert not whatsapp_approved(providers)


def test_a_missing_file_and_a_broken_pack_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = CliRunner().invoke(app, ["check", str(tmp_path / "none.json")])
    assert (missing.exit_code, "cannot be read" in missing.stderr) == (1, True)
    (tmp_path / "xa.yaml").write_text("pack: NO\n")
    monkeypatch.setenv("PUNTUAL_PACKS_DIR", str(tmp_path))
    broken = CliRunner().invoke(app, ["packs"])
    assert (broken.exit_code, "xa.yaml:1:7:" in broken.stderr) == (1, True)


def test_packs_are_listed_for_people_and_programs() -> None:
    rows = json.loads(CliRunner().invoke(app, ["packs", "--json"]).stdout)
    assert {"id", "version", "status", "review_by", "sources"} <= set(rows[0])
    listed = CliRunner().invoke(app, ["packs"]).stdout
    assert "CO     2026.11.0" in listed
    assert "Ley 2300 de 2023, art. 3" in listed
