"""Every rule of lint: a file of `broken/` that breaks it, and exactly what is said, in the file's last comments."""

import re
from pathlib import Path

import pytest

from schemas.enums import Channel
from services.lint import Surroundings, lint_paths
from tests.services.lint.test_lint import SOURCES, surroundings

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
EXPECTED = "# lint: "
TEMPLATES = SOURCES | {
    "es/faulty.sms.j2": "Hola {{ debtor.nmae }}, {{ creditor.name }}. {{ opt_out.text }}",
    "es/bilingual.sms.j2": "{{ creditor.name }}: su pago vence pronto. {{ opt_out.text }}",
    "en/bilingual.sms.j2": "{{ creditor.name }}: your payment is due soon. {{ opt_out.text }}",
    "es/too_long.sms.j2": f"{{{{ creditor.name }}}}: {'su pago vence pronto, ' * 20}. {{{{ opt_out.text }}}}",
    "es/nameless.sms.j2": "Su pago vence pronto. {{ opt_out.text }}",
    "es/no_exit.sms.j2": "{{ creditor.name }}: su pago vence pronto.",
    "es/free.whatsapp.j2": "---\nfree_form: true\n---\n{{ creditor.name }}: su pago vence pronto. {{ opt_out.text }}",
}


@pytest.fixture(scope="module")
def around() -> Surroundings:
    """A deployment without a provider of calls."""
    return surroundings(TEMPLATES, channels=frozenset(Channel) - {Channel.VOICE})


def said(path: Path, around: Surroundings) -> list[str]:
    """The problems as they are printed, without the folder."""
    return [str(problem).removeprefix(f"{path.parent}/") for problem in lint_paths([path], around).problems]


@pytest.mark.parametrize("path", BROKEN, ids=[path.stem for path in BROKEN])
def test_each_broken_file_is_told_what_is_wrong(path: Path, around: Surroundings) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    expected = [line.removeprefix(EXPECTED) for line in lines if line.startswith(EXPECTED)]
    assert expected, "say what lint says of it"
    assert said(path, around) == expected


QUOTED = re.compile(r"'[^' ]*'")


@pytest.mark.parametrize("path", BROKEN, ids=[path.stem for path in BROKEN])
def test_each_is_told_in_spanish_too_about_the_same_things(path: Path, around: Surroundings) -> None:
    for problem in lint_paths([path], around).problems:
        assert problem.message.spanish != problem.message
        assert set(QUOTED.findall(problem.message.spanish)) == set(QUOTED.findall(problem.message))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("campaign: año\n".encode("latin-1"), "1:12: not UTF-8 from here on: save the file as UTF-8"),
        ("campaign: x\n".encode("utf-16"), "1:1: not UTF-8 from here on: save the file as UTF-8"),
        (b"#" * (1024 * 1024 + 1), "1:1: larger than 1 MiB: split it into smaller files"),
    ],
    ids=["latin-1", "utf-16", "giant"],
)
def test_files_that_are_no_text_or_too_much_of_it(
    tmp_path: Path, around: Surroundings, data: bytes, expected: str
) -> None:
    path = tmp_path / "campaign.yaml"
    path.write_bytes(data)
    assert said(path, around) == [f"campaign.yaml:{expected}"]
