"""Rules that were learnt the hard way, checked on every file."""

import ast
from collections.abc import Iterator

from tests.repository.tree import PACKAGES, modules

CLOCK = "services/clock.py"
WALL_CLOCK = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
METRICS = {"Counter", "Gauge", "Histogram", "Summary"}


def test_only_the_clock_reads_the_wall_clock() -> None:
    readers = [
        f"{name}:{call.lineno}"
        for name, tree in modules(*PACKAGES)
        for call in calls(tree)
        if name != CLOCK and attribute(call) in WALL_CLOCK
    ]
    assert readers == []


def test_imports_stand_at_the_top_of_the_file() -> None:
    hidden = [
        f"{name}:{inner.lineno}"
        for name, tree in modules(*PACKAGES, "tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_tests_use_fakes_and_patch_nothing() -> None:
    patches = [
        f"{name}:{call.lineno}"
        for name, tree in modules("tests")
        for call in calls(tree)
        if attribute(call) in {("monkeypatch", "setattr"), ("monkeypatch", "delattr"), ("mocker", "patch")}
    ]
    mocks = [
        f"{name}:{node.lineno}"
        for name, tree in modules("tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module == "unittest.mock" or (node.module == "unittest" and "mock" in {a.name for a in node.names}))
    ]
    assert patches + mocks == []


def test_no_error_is_swallowed_without_a_name() -> None:
    swallowed = [
        f"{name}:{node.lineno}"
        for name, tree in modules(*PACKAGES, "tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and catches_everything(node) and isinstance(node.body[-1], ast.Pass)
    ]
    assert swallowed == []


def test_nothing_is_left_for_later() -> None:
    stubs = [
        f"{name}:{node.lineno}"
        for name, tree in modules(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and node.exc is not None and "NotImplementedError" in ast.unparse(node.exc)
    ]
    assert stubs == []


def test_metrics_are_declared_in_one_place() -> None:
    strays = [
        f"{name}:{node.lineno}"
        for name, tree in modules(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "prometheus_client"
        and name != "services/telemetry.py"
        and METRICS & {alias.name for alias in node.names}
    ]
    assert strays == []


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Every call in a file."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def attribute(call: ast.Call) -> tuple[str, str] | None:
    """The last two names of what is called, as in ("datetime", "now")."""
    function = call.func
    if not isinstance(function, ast.Attribute):
        return None
    owner = function.value
    name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return name, function.attr


def catches_everything(handler: ast.ExceptHandler) -> bool:
    """Whether a handler takes any exception at all."""
    return handler.type is None or ast.unparse(handler.type) in {"Exception", "BaseException"}
