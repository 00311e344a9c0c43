"""`puntual users`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from services.settings import PROJECT_ROOT

COMMAND = Path(sys.executable).with_name("puntual")


def run(dsn: str, folder: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command over a database, with something on its standard input."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "USER": "rosa",
        "PYTHONPATH": str(PROJECT_ROOT),
        "PUNTUAL_DATABASE_URL": dsn,
        "PUNTUAL_DATA_DIR": str(folder / "data"),
    }
    return subprocess.run(
        [str(COMMAND), "users", *arguments], input=typed, env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.mark.slow
def test_a_user_is_made_listed_disabled_and_enabled(database_url: str, tmp_path: Path) -> None:
    make = ("create", "--name", "rosa", "--role", "operator")
    done = run(database_url, tmp_path, *make, typed="caballo-bateria-grapa\n")
    assert done.returncode == 0, done.stderr
    assert "caballo" not in done.stdout + done.stderr
    taken = run(database_url, tmp_path, *make, typed="caballo-bateria-grapa\n")
    assert (taken.returncode, "already" in taken.stderr) == (1, True)
    assert run(database_url, tmp_path, "disable", "rosa").returncode == 0
    (listed,) = json.loads(run(database_url, tmp_path, "list", "--json").stdout)
    assert (listed["name"], listed["role"], listed["state"]) == ("rosa", "operator", "disabled")
    assert run(database_url, tmp_path, "enable", "rosa").returncode == 0
    assert run(database_url, tmp_path, "password", "nobody", typed="otra-frase-larga-x\n").returncode == 1


@pytest.mark.parametrize(
    ("typed", "role", "code"), [("short\n", "viewer", 1), ("", "viewer", 1), ("caballo-bateria-grapa\n", "system", 1)]
)
def test_what_can_not_be_a_user_is_refused_in_a_line(
    database_url: str, tmp_path: Path, typed: str, role: str, code: int
) -> None:
    done = run(database_url, tmp_path, "create", "--name", "rosa", "--role", role, typed=typed)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
