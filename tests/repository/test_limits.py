"""Files and functions stay small enough to be read at once."""

import ast

from tests.repository.tree import PACKAGES, modules, texts

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
LONG_FUNCTIONS_ALLOWED: frozenset[str] = frozenset()
"""`path::function` of the few that are clearer in one piece; best empty."""

MIGRATIONS = "deploy/migrations/versions/"
"""Never edited once they have run, so never split."""

CODE = (".py", ".sh", ".js", ".css", ".html", ".sql")


def test_no_file_of_code_outside_the_tests_is_long() -> None:
    long = [
        f"{name}: {text.count(chr(10))} lines"
        for name, text in texts()
        if name.endswith(CODE) and not name.startswith(("tests/", MIGRATIONS)) and text.count("\n") > LONGEST_FILE
    ]
    assert long == []


def test_no_function_of_the_product_is_long() -> None:
    long = [
        f"{name}::{node.name}: {length(node)} lines"
        for name, tree in modules(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and length(node) > LONGEST_FUNCTION
        and f"{name}::{node.name}" not in LONG_FUNCTIONS_ALLOWED
    ]
    assert long == []


def test_every_module_of_the_product_says_what_it_is() -> None:
    silent = [name for name, tree in modules(*PACKAGES) if not ast.get_docstring(tree)]
    assert silent == []


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the def to the end, without decorators."""
    return (node.end_lineno or node.lineno) - node.lineno + 1
