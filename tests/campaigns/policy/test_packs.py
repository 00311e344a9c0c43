"""Packs: what the shipped ones hold, and the place of every fault in a bad one."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from campaigns.facts import ConsentFact, ContactFact, ContactRequest
from campaigns.pack_model import PackStatus
from campaigns.pack_schema import pack_schema_text
from campaigns.packs import PackProblem, Packs, load_packs
from campaigns.policy import ContactPolicy
from schemas.enums import Channel, Collector, ConsentState, CreditorType, Purpose
from tests.campaigns.policy.conftest import LAW, NOW, PACKS

GOOD = """\
pack: XA
title: Example
version: 2026.11.0
status: draft
review_by: 2027-02-28
first_year: 2026
last_year: 2031
zones: [America/Bogota]
hours:
  - rule: xa-hours
    basis: law
    source: law
    open: {mon-fri: ["07:00-19:00"]}
caps:
  - {rule: xa-cap, basis: policy, source: law, max: 1, within: [local_day]}
sources:
  law: {cite: "Example law, art. 1", evidence: T}
"""
CHILD = """\
pack: XA-B
inherits: XA
title: Part
version: 2026.11.0
status: draft
review_by: 2027-02-28
first_year: 2026
last_year: 2031
zones: [America/Bogota]
sources: {}
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(*texts: str) -> Path:
        for number, text in enumerate(texts):
            (tmp_path / f"pack{number}.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return written


def test_the_shipped_packs_are_drafts_with_sources_and_a_review_date(packs: Packs) -> None:
    assert {"MX", "CO", "CL", "PE", "EC", "DO", "US", "US-FL", "US-MA", "BR", "BR-SP"} <= set(packs.ids)
    for summary in packs.summaries():
        assert summary.status is PackStatus.DRAFT
        assert summary.review_by == date(2027, 2, 28)
        assert summary.sources
    assert packs.version("CO") == "2026.11.0"


def test_the_published_schema_is_the_models(packs: Packs) -> None:
    published = (PACKS / "pack.schema.json").read_text("utf-8")
    assert published == pack_schema_text(), "write it anew: puntual policy schema > campaigns/policies/pack.schema.json"


def test_every_country_with_holidays_has_golden_dates_for_three_years(packs: Packs) -> None:
    for pack in packs.all():
        if pack.calendar is not None:
            assert sorted(pack.calendar.golden) == ["2026", "2027", "2028"]


def test_a_good_pack_loads(write: Write) -> None:
    assert load_packs(write(GOOD, CHILD)).ids == ("XA", "XA-B")


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "message"),
    [
        ("title: Example", "title: Example\ntitle: Again", 3, 1, "duplicate key 'title'"),
        ("title: Example", "title: Example\ntitel: Again", 3, 1, "unknown key titel"),
        ('["07:00-19:00"]', "[07:00-19:00]", 13, 22, "quote the time"),
        ("pack: XA", "pack: NO", 1, 7, "quote the word"),
        ("pack: XA", "pack: xa", 1, 1, "pack:"),
        ("mon-fri", "mon-fry", 13, 12, "hours.0.open.mon-fry"),
        ("mon-fri", "fri-mon", 13, 12, "runs backwards"),
        ("07:00-19:00", "19:00-07:00", 13, 22, "not a span of a day"),
        ("07:00-19:00", "07:00-25:00", 13, 22, "not a time of day"),
        ("source: law\n    open", "source: lex\n    open", 12, 5, "the source 'lex' is not listed"),
        ("rule: xa-cap", "rule: xa-hours", 15, 6, "the rule 'xa-hours' stands twice"),
        ("max: 1", "max: 0", 15, 48, "greater than or equal to 1"),
        ("[local_day]", "[fortnight]", 15, 65, "caps.0.within.0"),
        ("America/Bogota", "America/Bogotá", 8, 9, "not a time zone"),
        ("status: draft", "status: counsel_approved", 4, 1, "names its counsel"),
        ("last_year: 2031", "last_year: 2025", 7, 1, "before the first"),
        ("title: Example", "title: [", 4, 7, "YAML syntax error"),
        ("zones: [America/Bogota]", "zones: []", 8, 1, "at least 1 item"),
        ("title: Example", "inherits: XX\ntitle: Example", 2, 1, "there is no pack XX"),
        ("review_by: 2027-02-28", "review_by: soon", 5, 1, "review_by"),
    ],
)
def test_a_fault_names_its_line_and_column(
    write: Write, old: str, new: str, line: int, column: int, message: str
) -> None:
    assert old in GOOD
    with pytest.raises(PackProblem) as caught:
        load_packs(write(GOOD.replace(old, new, 1)))
    problem = caught.value
    assert message in problem.message
    assert (problem.line, problem.column) == (line, column)
    assert str(problem) == f"{problem.file}:{line}:{column}: {problem.message}"


def test_a_pack_id_stands_in_one_file(write: Write) -> None:
    with pytest.raises(PackProblem, match=r"also in pack0\.yaml"):
        load_packs(write(GOOD, GOOD))


def test_a_circle_of_packs_is_refused(write: Write) -> None:
    circle = GOOD.replace("title: Example", "inherits: XA-B\ntitle: Example")
    with pytest.raises(PackProblem, match="inherits from itself"):
        load_packs(write(circle, CHILD))


def test_a_nearer_pack_replaces_policy_and_never_law(write: Write) -> None:
    lifted = load_packs(write(GOOD, CHILD + "replaces: [xa-cap]\n")).get("XA-B")
    assert lifted is not None
    assert (len(lifted.hours), lifted.caps) == (1, ())
    with pytest.raises(PackProblem, match="no policy rule"):
        load_packs(write(GOOD, CHILD + "replaces: [xa-hours]\n"))


def test_holidays_that_differ_from_the_golden_dates_are_refused(write: Write) -> None:
    calendar = 'calendar: {country: CO, language: es, golden: {"2026": [01-01, 07-09]}}\n'
    with pytest.raises(PackProblem, match="2026-07-09 is expected and missing"):
        load_packs(write(GOOD + calendar))


def test_an_empty_folder_and_a_file_in_another_encoding_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PackProblem, match="no pack"):
        load_packs(tmp_path)
    (tmp_path / "xa.yaml").write_bytes(GOOD.replace("Example", "Ejemplo ñ").encode("latin-1"))
    with pytest.raises(PackProblem, match="not UTF-8"):
        load_packs(tmp_path)


def test_a_closure_declared_today_needs_no_golden_date(write: Write) -> None:
    lines = (
        (PACKS / "co.yaml").read_text("utf-8").replace("  language: es\n", "  language: es\n  extra: [2026-12-04]\n")
    )
    policy = ContactPolicy(load_packs(write(lines)))
    assert _verdict(policy, "CO", "2026-12-04T15:00:00Z") == ("defer", "co-holiday")
    assert _verdict(policy, "CO", "2026-12-03T15:00:00Z") == ("allow", None)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2027-01-14T15:00:00Z", ("allow", None)),
        ("2027-01-15T15:00:00Z", ("defer", "xa-new")),
        ("2027-01-21T15:00:00Z", ("defer", "xa-new")),
        ("2027-01-22T15:00:00Z", ("allow", None)),
    ],
)
def test_a_rule_is_in_force_from_its_first_day_until_before_its_last(
    write: Write, at: str, expected: tuple[str, str | None]
) -> None:
    dated = "effective_from: 2027-01-15, effective_until: 2027-01-22"
    hours = f'  - {{rule: xa-new, basis: law, source: law, {dated}, open: {{mon-fri: ["12:00-19:00"]}}}}\ncaps:'
    assert _verdict(ContactPolicy(load_packs(write(GOOD.replace("caps:", hours)))), "XA", at) == expected


def test_a_cap_outside_its_dates_does_not_count(write: Write) -> None:
    dated = GOOD.replace("max: 1,", "max: 1, effective_from: 2027-01-15,").replace("basis: policy", "basis: law")
    policy = ContactPolicy(load_packs(write(dated)))
    assert _verdict(policy, "XA", "2027-01-14T15:00:00Z", contacted="2027-01-14T14:00:00Z") == ("allow", None)
    assert _verdict(policy, "XA", "2027-01-15T15:00:00Z", contacted="2027-01-15T14:00:00Z") == ("defer", "xa-cap")


def _verdict(
    policy: ContactPolicy, jurisdiction: str, at: str, *, contacted: str | None = None
) -> tuple[str, str | None]:
    granted = ConsentFact(
        Channel.SMS, Purpose.COLLECTIONS, ConsentState.GRANTED, datetime.fromisoformat("2025-01-01T00:00:00Z")
    )
    past = [ContactFact(datetime.fromisoformat(contacted), Channel.SMS, None, "delivered")] if contacted else []
    request = ContactRequest(
        at=datetime.fromisoformat(at),
        channel=Channel.SMS,
        purpose=Purpose.COLLECTIONS,
        creditor_type=CreditorType.FINANCIAL_ENTITY,
        collector=Collector.FIRST_PARTY,
        consents=[granted],
        history=past,
        layers=LAW,
    )
    decision = policy.decide(request, (jurisdiction,), NOW)
    return decision.verdict.value, decision.reasons[0].rule if decision.reasons else None
