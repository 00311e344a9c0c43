"""Which values a template does no more with than print them, or ask whether they are there.

Such a value reaches the message as it stands, so two messages whose values of that kind are alike in length and
alphabet are alike in length and alphabet themselves, and take the same number of parts.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment, nodes

from templates.names import ROOTS
from templates.source_file import read_source
from templates.template import Template
from templates.usage import field_read

_WRITERS = frozenset({"amount_short", "amount_plain", "amount_code"})
_CAUGHT = (nodes.FilterBlock, nodes.AssignBlock)

Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Print:
    """A value printed as it is, or through one of the filters that write an amount."""

    name: Name
    filter: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """How a template uses its values: `prints` are only printed or asked for, of `reads` the value itself matters."""

    prints: tuple[Print, ...]
    reads: tuple[Name, ...]


def reading_of(template: Template) -> Reading:
    """How a template and the macros it may call use their values; where that is not plain, all are reads."""
    prints: set[Print] = set()
    reads: set[Name] = set()
    environment = Environment(autoescape=True)
    files = [read_source(path, text, file=path, environment=environment) for path, text in template.sources.items()]
    for tree in [tree for file in files for tree in file.trees()]:
        if any(True for _ in tree.find_all(_CAUGHT)) or not all(_plain_call(tree)):
            return _everything()
        _walk(tree, prints, reads)
    found = tuple(sorted((each for each in prints if each.name not in reads), key=_order))
    return Reading(found, tuple(sorted(reads)))


def _everything() -> Reading:
    return Reading((), tuple((root, field) for root, fields in ROOTS.items() for field in fields))


def _walk(node: nodes.Node, prints: set[Print], reads: set[Name]) -> None:
    if isinstance(node, nodes.Output):
        for part in node.nodes:
            _printed(part, prints, reads)
        return
    if isinstance(node, nodes.If | nodes.CondExpr):
        _asked(node.test, reads, prints)
        rest = [child for child in node.iter_child_nodes() if child is not node.test]
    else:
        rest = list(node.iter_child_nodes())
    name = field_read(node)
    if name is not None:
        reads.add(name)
        return
    for child in rest:
        _walk(child, prints, reads)


def _printed(part: nodes.Node, prints: set[Print], reads: set[Name]) -> None:
    """One expression of an output."""
    name = field_read(part)
    if name is not None:
        prints.add(Print(name, None))
    elif isinstance(part, nodes.Filter) and part.name in _WRITERS and not (part.args or part.kwargs):
        inside = field_read(part.node) if part.node is not None else None
        if inside is not None:
            prints.add(Print(inside, part.name))
        else:
            _walk(part, prints, reads)
    else:
        _walk(part, prints, reads)


def _asked(test: nodes.Node, reads: set[Name], prints: set[Print]) -> None:
    """A test for presence, and what is made of such tests."""
    name = field_read(test)
    if name is not None:
        prints.add(Print(name, None))
    elif isinstance(test, nodes.And | nodes.Or | nodes.Not):
        for child in test.iter_child_nodes():
            _asked(child, reads, prints)
    else:
        _walk(test, prints, reads)


def _plain_call(tree: nodes.Template) -> Iterator[bool]:
    """Whether each call's text is printed as it comes."""
    printed = {id(part) for output in tree.find_all(nodes.Output) for part in output.nodes}
    blocks = {id(block.call) for block in tree.find_all(nodes.CallBlock)}
    yield from (id(call) in printed or id(call) in blocks for call in tree.find_all(nodes.Call))


def _order(each: Print) -> tuple[Name, str]:
    return each.name, each.filter or ""
