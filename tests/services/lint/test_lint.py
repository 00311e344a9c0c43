"""Definitions against templates, packs, creditors and providers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from campaigns.definition import Problem
from campaigns.packs import load_packs
from campaigns.parser import read_definition
from schemas.enums import Channel, Collector, CreditorType
from services.creditors import Creditor
from services.lint import Surroundings, lint_definition, lint_paths
from templates.catalog import TemplateCatalog
from tests.campaigns.language.samples import BASE, changed, sound, with_step, with_top

ROOT = Path(__file__).parents[3]
PACKS = load_packs(ROOT / "campaigns" / "policies")
SOURCES = {
    "es/aviso.sms.j2": "Hola {{ debtor.first_name }}, le recuerda {{ creditor.name }}. {{ opt_out.text }}",
    "es/aviso.email.j2": "---\nsubject: Aviso\n---\nHola: {{ creditor.name }}. {{ opt_out.text }}",
    "es/aviso.voice.j2": "---\nvoice: Polly.Mia\n---\nHola, le llama {{ creditor.name }}",
}


def creditor(ref: str, jurisdiction: str) -> Creditor:
    """A lender of a place."""
    return Creditor(
        ref=ref,
        name="Financiera Demo",
        type=CreditorType.FINANCIAL_ENTITY,
        collector=Collector.FIRST_PARTY,
        jurisdiction=jurisdiction,
    )


def surroundings(
    sources: Mapping[str, str] = SOURCES, channels: frozenset[Channel] = frozenset(Channel)
) -> Surroundings:
    """A deployment with these templates, the repository's packs and three lenders."""
    return Surroundings(
        templates=TemplateCatalog.from_sources(sources),
        packs=PACKS,
        creditors={
            "demo": creditor("demo", "MX"),
            "bogota": creditor("bogota", "CO"),
            "lejos": creditor("lejos", "ZZ"),
        },
        channels=channels,
        now=datetime(2026, 11, 24, 15, tzinfo=UTC),
    )


def found(text: str, around: Surroundings | None = None) -> list[str]:
    """What lint says of a sound text."""
    problems = lint_definition(sound(text), around or surroundings())
    return [str(problem).removeprefix("f.yaml:") for problem in problems]


def test_a_definition_that_fits_is_clean() -> None:
    assert found(BASE) == []


def test_an_unknown_template_is_reported_at_its_line() -> None:
    assert found(changed("template: aviso", "template: avizo")) == [
        "11:15: unknown template 'avizo': did you mean 'aviso'?"
    ]


def test_a_template_must_exist_for_every_channel() -> None:
    assert found(changed("[sms, email]", "[sms, whatsapp]")) == [
        "11:15: unknown template 'aviso' for whatsapp: add es/aviso.whatsapp.j2 to the templates"
    ]


def test_a_template_must_exist_in_the_campaigns_language() -> None:
    assert found(with_top("language: pt")) == [
        "12:15: unknown template 'aviso' for sms, email: add pt/aviso.sms.j2, pt/aviso.email.j2 to the templates"
    ]


def test_templates_of_branches_and_variants_are_checked_at_their_lines() -> None:
    text = changed(
        "    template: aviso\n",
        "    choose:\n      - when: debtor.segment == 'A'\n        template: nada\n"
        "      - variants:\n          - {template: aviso, weight: 1}\n          - {template: otra, weight: 1}\n",
    )
    assert found(text) == [
        "13:19: unknown template 'nada' for sms, email: add es/nada.sms.j2, es/nada.email.j2 to the templates",
        "16:24: unknown template 'otra' for sms, email: add es/otra.sms.j2, es/otra.email.j2 to the templates",
    ]


def test_a_faulty_template_is_reported_at_its_use_and_in_its_file() -> None:
    around = surroundings(SOURCES | {"es/aviso.sms.j2": "Hola {{ debtor.nme }}"})
    fault = "es/aviso.sms.j2:1:16: unknown name 'debtor.nme'; did you mean 'name'?"
    assert found(BASE, around) == [f"11:15: the template 'aviso' for sms has a fault: {fault}", fault]


def test_a_fault_in_any_language_counts() -> None:
    around = surroundings(SOURCES | {"pt/aviso.sms.j2": "Ola {{ nobody }}"})
    assert found(BASE, around)[0].startswith("11:15: the template 'aviso' for sms has a fault: pt/aviso.sms.j2:1:")


def test_a_fault_in_an_imported_file_counts() -> None:
    sources = {"es/_m.j2": "{% macro x() %}{{ nobody }}{% endmacro %}"}
    sources["es/aviso.sms.j2"] = "{% from '_m.j2' import x %}{{ x() }} {{ creditor.name }}"
    assert found(BASE, surroundings(SOURCES | sources)) == [
        "11:15: the template 'aviso' for sms imports a file that has a fault"
    ]


def test_a_channel_without_a_provider() -> None:
    around = surroundings(channels=frozenset({Channel.SMS}))
    assert found(BASE, around) == [
        "10:21: no provider serves email: add one to the providers file or remove the channel"
    ]


def test_an_unknown_creditor() -> None:
    assert found(changed("creditor: demo", "creditor: nadie")) == [
        "5:11: no creditor 'nadie' in the creditors file, which has demo, bogota, lejos"
    ]


def test_a_creditor_without_a_pack() -> None:
    assert found(changed("creditor: demo", "creditor: lejos")) == [
        "5:11: the creditor 'lejos' is under ZZ, for which there is no pack"
    ]


def test_one_channel_a_week_forbids_a_fallback() -> None:
    text = changed("creditor: demo", "creditor: bogota", with_step("fallback: {after: 4h}"))
    assert found(text) == ["12:15: 'fallback' is forbidden: CO allows one channel a week; remove it"]
    assert found(with_step("fallback: {after: 4h}")) == []


CLOSED = "this step never meets an hour permitted by the pack MX: move it into its hours, or expire it later"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('between: "23:00-23:45"', f"12:14: {CLOSED}"),
        ('between: "03:00-05:00"\nexpires: 3d', f"12:14: {CLOSED}"),
        ("expires: 4h", f"12:14: {CLOSED}"),
        ('between: "05:00-09:00"', None),
        ('between: "23:00-23:45"\nexpires: 12h', f"12:14: {CLOSED}"),
        ("expires: 12h", None),
    ],
)
def test_a_window_must_meet_some_permitted_hour(lines: str, expected: str | None) -> None:
    assert found(with_step(lines)) == ([expected] if expected else [])


def test_a_step_on_an_event_must_meet_some_permitted_hour() -> None:
    on_event = changed("at: due_date - 3d", "on: payment.received", with_step('between: "03:00-04:00"'))
    assert found(on_event) == [f"12:14: {CLOSED}"]
    assert found(changed("at: due_date - 3d", "on: payment.received", with_step("expires: 1h"))) == []


def test_a_cron_outside_every_permitted_hour_is_reported_at_its_line() -> None:
    text = changed("    at: due_date - 3d\n", "", with_top('schedule: {cron: "30 22 * * *"}'))
    around = surroundings()
    draft = read_definition(text, "f.yaml").definition
    assert draft is not None
    (problem,) = lint_definition(draft, around)
    assert str(problem) == f"f.yaml:7:18: {CLOSED.replace('step', 'cron')}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one clean definition."""
    (tmp_path / "bien.yaml").write_text(BASE, encoding="utf-8")
    return tmp_path


def test_files_are_reported_apart_and_in_order(folder: Path) -> None:
    (folder / "a.yaml").write_text(changed("version: 1", "version: 0"), encoding="utf-8")
    (folder / "z.yaml").write_text("a: [", encoding="utf-8")
    report = lint_paths([folder], surroundings())
    assert [(Path(problem.file).name, problem.line) for problem in report.problems] == [("a.yaml", 2), ("z.yaml", 1)]
    assert not report.unreadable


def test_surroundings_are_checked_even_beside_other_faults(folder: Path) -> None:
    path = folder / "a.yaml"
    path.write_text(changed("template: aviso", "template: nada", with_top("holdout: 200%")), encoding="utf-8")
    report = lint_paths([path], surroundings())
    assert [problem.line for problem in report.problems] == [7, 12]


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_missing_files_and_other_encodings_are_unreadable(folder: Path, content: bytes | None) -> None:
    path = folder / "otro.yaml"
    if content is not None:
        path.write_bytes(content)
    report = lint_paths([folder / "bien.yaml", path], surroundings())
    assert report.unreadable
    assert [problem.file for problem in report.problems] == [str(path)]


def test_segments_of_the_folder_are_read_and_checked(folder: Path) -> None:
    (folder / "segments.yaml").write_text("vip: debtor.risk_score > 800\n", encoding="utf-8")
    (folder / "bien.yaml").write_text(with_step("when: segments.vip"), encoding="utf-8")
    for path in (folder, folder / "bien.yaml"):
        problems = lint_paths([path], surroundings()).problems
        assert [Path(problem.file).name for problem in problems] == ["segments.yaml", "bien.yaml"]
    alone = lint_paths([folder / "segments.yaml"], surroundings()).problems
    assert [(problem.line, problem.column) for problem in alone] == [(1, 24)]


def test_a_file_given_twice_is_reported_once(folder: Path) -> None:
    (folder / "bien.yaml").write_text("x: 1\n", encoding="utf-8")
    once = lint_paths([folder], surroundings()).problems
    assert lint_paths([folder, folder / "bien.yaml"], surroundings()).problems == once
    assert all(isinstance(problem, Problem) for problem in once)
