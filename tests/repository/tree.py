"""The files of the repository as the tests of its rules read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("schemas", "campaigns", "templates", "channels", "services")


@cache
def files() -> tuple[Path, ...]:
    """Every file that is tracked, or would be if it were added."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = (ROOT / name for name in sorted(set(listed.split("\0"))) if name)
    return tuple(path for path in paths if path.is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Path and text of every file that is text."""
    for path in files():
        content = path.read_bytes()
        if b"\0" not in content:
            yield name_of(path), content.decode("utf-8")


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Path and syntax tree of every Python file in these top-level folders."""
    for path in files():
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders:
            yield name_of(path), parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), filename=name_of(path))


def name_of(path: Path) -> str:
    """The path from the root of the repository."""
    return path.relative_to(ROOT).as_posix()
