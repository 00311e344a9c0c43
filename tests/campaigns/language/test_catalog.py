"""A folder of definitions and segments."""

from pathlib import Path

import pytest

from campaigns.catalog import find_segments, load_catalog, load_file
from campaigns.conditions import Segments
from campaigns.segments import parse_segments
from campaigns.yaml_source import MAX_BYTES
from tests.campaigns.language.samples import BASE, changed, with_step


def write(folder: Path, **files: str) -> Path:
    """A folder with these files, by name without suffix."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_one_broken_file_never_hides_another(tmp_path: Path) -> None:
    folder = write(tmp_path / "d", a="steps: [", b=BASE, c=changed("version: 1", "version: 0"))
    (folder / "d.yaml").write_bytes(b"campaign: x\nowner: \xff\n")
    (folder / "e.yaml").mkdir()
    entries = {entry.path.name: entry for entry in load_catalog(folder).entries}
    assert [len(entries[name].problems) for name in ("a.yaml", "b.yaml", "c.yaml", "d.yaml")] == [1, 0, 1, 1]
    assert entries["b.yaml"].definition is not None
    assert str(entries["d.yaml"].problems[0]) == f"{folder}/d.yaml:2:8: not UTF-8 from here on: save the file as UTF-8"
    assert entries["d.yaml"].unreadable
    assert "e.yaml" not in entries


def test_only_yaml_directly_in_the_folder_counts(tmp_path: Path) -> None:
    folder = write(tmp_path / "d", a=BASE)
    write(folder / "sub", b="nonsense")
    (folder / "notes.txt").write_text("nonsense", encoding="utf-8")
    assert [entry.path.name for entry in load_catalog(folder).entries] == ["a.yaml"]


@pytest.mark.parametrize("beside", [True, False])
def test_segments_lie_in_or_beside_the_folder(tmp_path: Path, beside: bool) -> None:
    folder = write(tmp_path / "d", a=with_step("when: segments.vip"))
    write(tmp_path if beside else folder, segments="vip: debtor.risk_score > 800.0\n")
    catalog = load_catalog(folder)
    assert catalog.problems == ()
    assert [definition.campaign for definition in catalog.definitions] == ["prueba"]
    assert catalog.segments.names == {"vip"}


def test_segments_in_the_folder_win(tmp_path: Path) -> None:
    folder = write(tmp_path / "d", segments="a: 'true'\n")
    write(tmp_path, segments="b: 'true'\n")
    assert find_segments(folder) == folder / "segments.yaml"


def test_a_broken_segment_is_reported_at_its_line_and_to_its_readers(tmp_path: Path) -> None:
    folder = write(tmp_path / "d", a=with_step("when: segments.vip"), segments="vip: debtor.risk > 1\nok: 'true'\n")
    assert [str(problem).removeprefix(f"{folder}/") for problem in load_catalog(folder).problems] == [
        "segments.yaml:1:6: unknown name 'debtor.risk': did you mean 'debtor.risk_score'?",
        "a.yaml:12:11: the segment 'vip' has a fault of its own: correct it first",
    ]


def test_a_campaign_is_defined_once(tmp_path: Path) -> None:
    folder = write(tmp_path / "d", a=BASE, b=BASE)
    problems = load_catalog(folder).problems
    assert [str(problem) for problem in problems] == [
        f"{folder}/b.yaml:1:11: the campaign 'prueba' is already defined in a.yaml: rename one"
    ]


def test_a_missing_file_is_unreadable(tmp_path: Path) -> None:
    entry = load_file(tmp_path / "no.yaml", Segments())
    assert entry.unreadable
    assert entry.problems[0].message == "this file cannot be read: No such file or directory"


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_bytes(BASE.encode().replace(b"\n", b"\r\n") + b"#" * MAX_BYTES)
    entry = load_file(path, Segments())
    assert not entry.unreadable
    assert str(entry.problems[0]) == f"{path}:1:1: larger than 1 MiB: split it into smaller files"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a\n", "s:1:1: segments must be a mapping of names and conditions, not a list"),
        ("a-b: 'true'\n", "s:1:1: a segment cannot be named 'a-b': use letters, digits and '_'"),
        ("in: 'true'\n", "s:1:1: a segment cannot be named 'in': use letters, digits and '_'"),
        ("a: 'true'\na: 'false'\n", "s:2:1: duplicate key 'a': keep one of the two"),
        ("a: loan.bucket\n", "s:1:4: a condition must be true or false, and this is of type string"),
        (
            "a: 'true'\nb: segments.a\n",
            "s:2:4: unknown name 'segments.a': names begin with debtor, history, installment, loan",
        ),
        (
            "a: [\n",
            "s:2:1: YAML syntax error while parsing a flow node that begins on line 2: "
            "expected the node content, but found '<stream end>'",
        ),
    ],
)
def test_problems_of_segments(text: str, expected: str) -> None:
    assert [str(problem) for problem in parse_segments(text, "s").problems] == [expected]
