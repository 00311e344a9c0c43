"""Findings read in English and Spanish: every sentence of every rule has both, with the same parts."""

import ast
import copy
import pickle
import string
from collections.abc import Iterator
from pathlib import Path

from schemas.told import Told, spanish_of, told

ROOT = Path(__file__).parents[2]
PACKAGES = ("campaigns", "templates", "services")
SAME_IN_BOTH = {"cron: {why}", "{why}"}


def sentences(source: str) -> Iterator[tuple[int, str | None, str | None]]:
    """(line, English, Spanish) of each call of `told`; None for a text that could not be found."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            for call in _own(function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "told":
                    english, spanish = (_text(each, function, call.lineno) for each in call.args)
                    yield call.lineno, english, spanish


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function and in no function inside it."""
    for child in ast.iter_child_nodes(function):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield child
            yield from _own(child)


def _text(node: ast.expr, function: ast.AST, line: int) -> str | None:
    """A constant, or the last one that was given to this name before."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    found = None
    for each in _own(function):
        if isinstance(each, ast.Assign) and each.lineno <= line and isinstance(node, ast.Name):
            target, value = each.targets[0], each.value
            pairs = zip(target.elts, value.elts, strict=True) if _pair(target, value) else [(target, value)]  # type: ignore[attr-defined]
            for name, given in pairs:
                if isinstance(name, ast.Name) and name.id == node.id and isinstance(given, ast.Constant):
                    found = str(given.value)
    return found


def _pair(target: ast.expr, value: ast.expr) -> bool:
    return isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)


def parts_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_sentence_has_both_wordings_with_the_same_parts() -> None:
    seen = 0
    for path in sorted(each for name in PACKAGES for each in (ROOT / name).rglob("*.py")):
        source = path.read_text("utf-8")
        for line, english, spanish in sentences(source) if "from schemas.told" in source else ():
            where = f"{path.relative_to(ROOT)}:{line}"
            assert english, where
            assert spanish, where
            assert parts_of(english) == parts_of(spanish) or english == "{why}", where
            assert english != spanish or english in SAME_IN_BOTH, where
            seen += 1
    assert seen > 100


def test_parts_that_are_told_themselves_read_in_each_language() -> None:
    found = told("a list", "una lista")
    sentence = told("'{name}' is {found!s}", "'{name}' es {found!s}", name="steps", found=found)
    assert (sentence, sentence.spanish) == ("'steps' is a list", "'steps' es una lista")
    assert spanish_of("as it is") == "as it is"


def test_both_wordings_reach_other_processes() -> None:
    sentence = told("clean", "limpio")
    for again in (pickle.loads(pickle.dumps(sentence)), copy.deepcopy(sentence)):
        assert (again, again.spanish, type(again)) == ("clean", "limpio", Told)
