"""The creditors file."""

from pathlib import Path

import pytest

from schemas.enums import Collector, CreditorType
from services.creditors import load_creditors
from services.settings import Settings
from services.yaml_document import DocumentProblem

WHOLE = """\
creditors:
  - ref: demo
    name: Financiera Demo
    type: financial_entity
    collector: first_party
    jurisdiction: MX
    phone: "+525550000000"
    email: atencion@financiera.test
    complaints: "UNE: +525550000009"
    pay_at: https://pagos.financiera.test
"""


def refusal(tmp_path: Path, text: str | bytes) -> str:
    file = tmp_path / "creditors.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(DocumentProblem) as refused:
        load_creditors(file)
    assert all(fault.startswith(str(file)) for fault in refused.value.faults)
    return str(refused.value).replace(str(file), "FILE")


def test_the_file_of_the_demonstration_is_read() -> None:
    creditor = load_creditors(Settings.load().creditors_file)["demo"]
    assert creditor.type is CreditorType.FINANCIAL_ENTITY
    assert creditor.collector is Collector.FIRST_PARTY
    assert creditor.jurisdiction == "MX"


def test_only_what_the_law_needs_is_demanded(tmp_path: Path) -> None:
    file = tmp_path / "creditors.yaml"
    file.write_text("\n".join(WHOLE.splitlines()[:6]))
    assert load_creditors(file)["demo"].pay_at is None


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("type: financial_entity", "type: bank", "FILE:4:5: creditors.0.type"),
        ("collector: first_party", "collector: agency", "FILE:5:5: creditors.0.collector"),
        ("jurisdiction: MX", "jurisdiction: Mexico", "FILE:6:5: creditors.0.jurisdiction"),
        ('phone: "+525550000000"', "phone: 55 5000 0000", "FILE:7:5: creditors.0.phone: not an international number"),
        ("email: atencion@financiera.test", "email: atencion", "FILE:8:5: creditors.0.email: not a mailbox"),
        ("https://pagos.financiera.test", "pagos", "FILE:10:5: creditors.0.pay_at: not a web address"),
        ("ref: demo", "reff: demo", "FILE:2:5: creditors.0.reff"),
        ("    name: Financiera Demo\n", "", "FILE:2:5: creditors.0.name: Field required"),
        ("    name: Financiera Demo\n", "    name: A\n    name: B\n", "FILE:4:5: duplicate key 'name'"),
        ("creditors:", "lenders:", "FILE:1:1"),
        ("- ref", "- [", "FILE:"),
    ],
)
def test_a_fault_has_file_line_column_and_what_to_do(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert said in refusal(tmp_path, WHOLE.replace(before, after, 1))


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = WHOLE.replace("first_party", "x").replace("MX", "x").replace("financial_entity", "x")
    assert refusal(tmp_path, text).count("FILE:") == 3


def test_a_ref_belongs_to_one_creditor(tmp_path: Path) -> None:
    twice = WHOLE + WHOLE.partition("\n")[2]
    assert "two creditors have the ref demo" in refusal(tmp_path, twice)


@pytest.mark.parametrize("text", ["", "creditors: []\n", "just text\n", "- a\n- b\n", "creditors: {a: b}\n", "\x00"])
def test_what_is_no_creditors_file_is_refused(tmp_path: Path, text: str) -> None:
    assert refusal(tmp_path, text)


def test_bytes_that_are_not_utf_8_are_told_by_their_place(tmp_path: Path) -> None:
    assert "not UTF-8 at byte 11" in refusal(tmp_path, b"creditors: \xff\n")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentProblem, match="No such file"):
        load_creditors(tmp_path / "nowhere.yaml")
