"""The Dockerfile: what it copies exists, what it leaves out stays out, and its steps make a `puntual` that works."""

import fnmatch
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from services.settings import Settings
from tests.deploy.documents import DEPLOY, ROOT, text
from tests.repository.tree import files, name_of

DOCKERFILE = text("Dockerfile").replace("\\\n", " ")
INSTRUCTIONS = [
    (word, rest.strip())
    for word, _, rest in (line.strip().partition(" ") for line in DOCKERFILE.splitlines())
    if word and not word.startswith("#")
]
LAST_STAGE = INSTRUCTIONS[max(n for n, (word, _) in enumerate(INSTRUCTIONS) if word == "FROM") :]
COPIES = [rest.split() for word, rest in INSTRUCTIONS if word == "COPY" and not rest.startswith("--from")]
SOURCES = [source for copy in COPIES for source in copy[:-1]]
DOCKERIGNORE = [
    line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line and not line.startswith("#")
]
REHEARSED = os.environ.get("CI") == "true"


def test_it_has_two_stages_on_one_named_version() -> None:
    images = [rest.partition(" ")[0] for word, rest in INSTRUCTIONS if word == "FROM"]
    assert images == ["${PYTHON}", "${PYTHON}"]
    pinned = dict(rest.split("=") for word, rest in INSTRUCTIONS if word == "ARG")["PYTHON"]
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", pinned)


def test_it_runs_as_nobody_in_particular() -> None:
    users = [rest for word, rest in LAST_STAGE if word == "USER"]
    assert users == ["10001:10001"]
    after = [word for word, _ in LAST_STAGE[LAST_STAGE.index(("USER", users[0])) :]]
    assert not {"RUN", "COPY", "ADD"} & set(after)


def test_its_last_stage_has_no_build_tools() -> None:
    commands = " ".join(rest for word, rest in LAST_STAGE if word == "RUN")
    assert "install" not in commands.replace("uninstall", "")
    assert "pip uninstall" in commands


def test_it_starts_puntual_and_asks_for_its_health() -> None:
    assert ("ENTRYPOINT", '["puntual"]') in LAST_STAGE
    assert any(word == "HEALTHCHECK" and "healthy.py" in rest for word, rest in LAST_STAGE)


def test_everything_is_installed_by_the_constraints_and_nothing_is_compiled() -> None:
    installs = re.findall(r"pip install ([^&\n]*)", DOCKERFILE)
    assert len(installs) == 2
    for options in installs:
        assert "--no-deps" in options or {"--constraint", "--only-binary"} <= set(options.split())


def test_it_holds_no_secret() -> None:
    named = {rest.split("=")[0] for word, rest in INSTRUCTIONS if word in ("ENV", "ARG") for rest in rest.split()}
    assert [name for name in named if re.search("SECRET|TOKEN|PASSWORD|KEY|DATABASE_URL", name)] == []


def test_its_variables_are_settings() -> None:
    named = set(re.findall(r"\bPUNTUAL_[A-Z_]+(?==)", DOCKERFILE))
    assert {name.removeprefix("PUNTUAL_").lower() for name in named} <= Settings.model_fields.keys()
    assert "PYTHONTZPATH= " in DOCKERFILE


@pytest.mark.parametrize("source", SOURCES)
def test_what_it_copies_exists_and_reaches_the_builder(source: str) -> None:
    path = ROOT / source
    assert path.exists()
    inside = [name for name in map(name_of, files()) if name == source or name.startswith(f"{source}/")]
    assert inside
    assert [name for name in inside if ignored(name)] == []


def test_only_what_it_copies_reaches_the_builder() -> None:
    reach = [name for name in map(name_of, files()) if not ignored(name)]
    wanted = tuple(f"{source}/" for source in SOURCES)
    assert [name for name in reach if name not in SOURCES and not name.startswith(wanted)] == []


@pytest.mark.parametrize(
    "name", [".venv/bin/python", ".env", "deploy/secrets/PUNTUAL_PII_KEYS", ".git/config", "tests/x"]
)
def test_what_is_private_never_reaches_the_builder(name: str) -> None:
    assert ignored(name)


def test_secrets_of_files_become_variables_of_the_process(tmp_path: Path) -> None:
    secrets, commands = tmp_path / "secrets", tmp_path / "bin"
    secrets.mkdir()
    commands.mkdir()
    (secrets / "PUNTUAL_SECRET_KEY").write_text("a 'quoted' $HOME `value` = with all of it\n")
    (secrets / "readme.txt").write_text("not a variable")
    stand_in = commands / "puntual"
    stand_in.write_text('#!/bin/sh\nprintf "%s|%s|%s" "$PUNTUAL_SECRET_KEY" "$1" "$2"\n')
    stand_in.chmod(0o755)
    environment = {"PATH": f"{commands}:/usr/bin:/bin", "SECRETS_DIR": str(secrets)}
    script = str(DEPLOY / "with-secrets.sh")
    run = subprocess.run([script, "serve", "--role"], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout == "a 'quoted' $HOME `value` = with all of it|serve|--role"


def test_the_health_check_says_when_nobody_answers() -> None:
    command = [sys.executable, str(DEPLOY / "healthy.py")]
    run = subprocess.run(command, env={"PUNTUAL_HTTP_PORT": "9"}, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr.startswith("no answer from http://127.0.0.1:9/health/ready")
    assert "Traceback" not in run.stderr


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not REHEARSED, reason="installs everything anew; runs where CI=true")
def test_the_steps_of_the_image_make_a_puntual_that_works(tmp_path: Path) -> None:
    app, venv = tmp_path / "app", tmp_path / "venv"
    for name in map(name_of, files()):
        if not ignored(name):
            (app / name).parent.mkdir(parents=True, exist_ok=True)
            (app / name).write_bytes((ROOT / name).read_bytes())
    python = venv / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([sys.executable, "-m", "venv", str(venv)], app)
    (tmp_path / "needs.txt").write_text(run([sys.executable, "deploy/dependencies.py"], app))
    needs = ["--requirement", str(tmp_path / "needs.txt")]
    run([*pip, "--only-binary", ":all:", "--constraint", "constraints.txt", *needs], app)
    run([*pip, "--no-deps", "--editable", "."], app)
    puntual = str(venv / "bin" / "puntual")
    assert run([puntual, "--version"], tmp_path).startswith("puntual ")
    assert "MX" in run([puntual, "policy", "packs"], tmp_path)
    run([puntual, "campaigns", "lint"], tmp_path)
    run([str(python), "-c", "import services.serve, services.migrations; services.migrations.head()"], tmp_path)


def run(command: list[str], folder: Path) -> str:
    """What a command prints; the environment of these tests does not reach it."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHONTZPATH": "", "HOME": str(folder)}
    environment |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "HTTP", "SSL"))}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def ignored(name: str) -> bool:
    """Whether .dockerignore keeps a file from the builder: the last line that matches it or a parent decides."""
    kept_out = False
    parts = name.split("/")
    parents = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    for line in DOCKERIGNORE:
        pattern = line.removeprefix("!")
        plain = pattern.removeprefix("**/")
        if any(fnmatch.fnmatchcase(path, pattern) for path in parents) or (
            plain != pattern and any(fnmatch.fnmatchcase(part, plain) for part in parts)
        ):
            kept_out = not line.startswith("!")
    return kept_out
