"""What a piece of a template uses: the names it reads and the macros it calls."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jinja2 import nodes

from templates.names import ROOTS


@dataclass(frozen=True, slots=True)
class Usage:
    """`names` are full (`debtor.name`); `calls` are as written (`salida`, `m.salida`)."""

    names: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FileUsage:
    """The body and the macros of one file, and what its imports stand for."""

    body: Usage = Usage()
    macros: Mapping[str, Usage] = field(default_factory=dict)
    members: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)


def field_read(node: nodes.Node) -> tuple[str, str] | None:
    """(`debtor`, `name`) for `debtor.name` and `debtor["name"]`; None for anything else."""
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name in ROOTS:
        return node.node.name, node.attr
    if isinstance(node, nodes.Getitem) and isinstance(node.node, nodes.Name) and node.node.name in ROOTS:
        key = node.arg.value if isinstance(node.arg, nodes.Const) else None
        return (node.node.name, key) if isinstance(key, str) else None
    return None


def file_usage(tree: nodes.Template) -> FileUsage:
    """The usage of a parsed file; imports with a computed name are left out (they are faults)."""
    macros = {macro.name: _usage(macro.body) for macro in tree.find_all(nodes.Macro)}
    members: dict[str, tuple[str, str]] = {}
    modules: dict[str, str] = {}
    for whole in tree.find_all(nodes.Import):
        if isinstance(whole.template, nodes.Const):
            modules[whole.target] = whole.template.value
    for some in tree.find_all(nodes.FromImport):
        if isinstance(some.template, nodes.Const):
            source = some.template.value
            members.update({local: (source, name) for name, local in imported_names(some)})
    body = _usage([node for node in tree.body if not isinstance(node, nodes.Macro)])
    return FileUsage(body, macros, members, modules)


def imported_names(node: nodes.FromImport) -> Iterator[tuple[str, str]]:
    """(name in the file, local name) for each name of a `from … import`."""
    for name in node.names:
        yield (name, name) if isinstance(name, str) else name


def _usage(body: list[nodes.Node]) -> Usage:
    names: set[str] = set()
    calls: set[str] = set()
    for node in _all(body):
        read = field_read(node)
        if read is not None:
            names.add(".".join(read))
        if isinstance(node, nodes.Call):
            calls.add(_callee(node.node))
    return Usage(frozenset(names), frozenset(calls))


def _all(body: list[nodes.Node]) -> Iterator[nodes.Node]:
    for node in body:
        yield node
        yield from node.find_all(nodes.Node)


def _callee(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return f"{node.node.name}.{node.attr}"
    return ""
