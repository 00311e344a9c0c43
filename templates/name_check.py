"""The static check of a template's names: every name, field, import and macro must exist."""

import difflib
from collections.abc import Callable, Iterable

from jinja2 import nodes
from jinja2.visitor import NodeVisitor

from templates.locale_filters import FILTERS_FOR_TEMPLATES
from templates.names import AMOUNTS, REFERENCE_FIELDS, ROOTS, TESTS, TEXT_METHODS
from templates.usage import field_read, imported_names

_LOOPS = 2
_JINJA_NAMES = frozenset({"loop", "caller", "varargs", "kwargs"})

Report = Callable[[int, str, str], None]
"""Takes the line, the word at fault (for the column) and what is wrong with it."""

Exports = Callable[[str], frozenset[str] | None]
"""The names a macro file offers; None for a file that is not there."""


def check_names(tree: nodes.Template, *, report: Report, exports: Exports) -> None:
    """Report every name that cannot have a value when the template is rendered."""
    _NameCheck(tree, report, exports).visit(tree)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'name'?` where something known is near, else an empty text."""
    near = difflib.get_close_matches(word, list(known), 1, 0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


class _NameCheck(NodeVisitor):
    def __init__(self, tree: nodes.Template, report: Report, exports: Exports) -> None:
        self.report = report
        self.exports = exports
        self.modules: dict[str, frozenset[str]] = {}
        self.reference_names: set[str] = set()
        self.locals = _local_names(tree)
        self.loops = 0
        for loop in tree.find_all(nodes.For):
            if field_read(loop.iter) == ("payment", "references") and isinstance(loop.target, nodes.Name):
                self.reference_names.add(loop.target.name)

    def visit_Name(self, node: nodes.Name) -> None:
        if node.ctx != "load" or node.name in ROOTS or node.name in self.locals:
            return
        fields = [f"{root}.{field}" for root, fields in ROOTS.items() for field in fields]
        near = _owners(node.name, fields) or did_you_mean(node.name, [*ROOTS, *self.locals - _JINJA_NAMES])
        self.report(node.lineno, node.name, f"unknown name {node.name!r}{near}")

    def visit_Output(self, node: nodes.Output) -> None:
        for child in node.nodes:
            if isinstance(child, nodes.Name) and child.name in ROOTS and child.name not in self.locals:
                known = ", ".join(f"{child.name}.{field}" for field in ROOTS[child.name])
                self.report(child.lineno, child.name, f"{child.name!r} is a group; print one of {known}")
        self.generic_visit(node)

    def visit_Filter(self, node: nodes.Filter) -> None:
        if node.name not in FILTERS_FOR_TEMPLATES:
            near = did_you_mean(node.name, FILTERS_FOR_TEMPLATES)
            self.report(node.lineno, node.name, f"unknown filter {node.name!r}{near}")
        self.generic_visit(node)

    def visit_Test(self, node: nodes.Test) -> None:
        if node.name not in TESTS:
            self.report(node.lineno, node.name, f"unknown test {node.name!r}{did_you_mean(node.name, TESTS)}")
        self.generic_visit(node)

    def visit_For(self, node: nodes.For) -> None:
        self.loops += 1
        if self.loops > _LOOPS or node.recursive:
            self.report(node.lineno, "for", f"loops nest {_LOOPS} deep at most, and never call themselves")
        self.generic_visit(node)
        self.loops -= 1

    def visit_EvalContextModifier(self, node: nodes.EvalContextModifier) -> None:
        self.report(node.lineno, "autoescape", "escaping cannot be turned off")

    visit_ScopedEvalContextModifier = visit_EvalContextModifier

    def visit_Getattr(self, node: nodes.Getattr) -> None:
        self._check_field(node, node.attr)
        self.generic_visit(node)

    def visit_Getitem(self, node: nodes.Getitem) -> None:
        if isinstance(node.arg, nodes.Const):
            self._check_field(node, str(node.arg.value))
        elif isinstance(node.node, nodes.Name) and node.node.name in ROOTS:
            text = f"write the field of {node.node.name!r} out; a computed field cannot be checked"
            self.report(node.lineno, node.node.name, text)
        self.generic_visit(node)

    def _check_field(self, node: nodes.Getattr | nodes.Getitem, field: str) -> None:
        owner = node.node
        if field.startswith("_"):
            self.report(node.lineno, field, f"{field!r} is closed to templates")
        elif isinstance(owner, nodes.Name):
            self._check_owned(node.lineno, owner.name, field)
        elif (read := field_read(owner)) is not None:
            self._check_part(node.lineno, ".".join(read), field)

    def _check_owned(self, line: int, owner: str, field: str) -> None:
        if owner in ROOTS:
            known: Iterable[str] = ROOTS[owner]
        elif owner in self.reference_names:
            known = REFERENCE_FIELDS
        elif owner in self.modules:
            known = self.modules[owner]
        else:
            return
        if field not in known:
            text = f"unknown name '{owner}.{field}'{did_you_mean(field, known)}"
            if not text.endswith("?"):
                text += f"; {owner} has {', '.join(sorted(known))}"
            self.report(line, field, text)

    def _check_part(self, line: int, name: str, part: str) -> None:
        if name in AMOUNTS or name == "installment.due_date":
            self.report(line, part, f"{name!r} prints as it is and has no {part!r}; filters give other forms")
        elif part not in TEXT_METHODS and name != "payment.references":
            self.report(line, part, f"{name!r} has no {part!r}; use a filter")

    def visit_Import(self, node: nodes.Import) -> None:
        known = self._exports_of(node)
        if known is not None:
            self.modules[node.target] = known

    def visit_FromImport(self, node: nodes.FromImport) -> None:
        known = self._exports_of(node)
        for name, _ in imported_names(node):
            if known is not None and name not in known:
                self.report(node.lineno, name, f"no macro {name!r} in that file{did_you_mean(name, known)}")

    def visit_Include(self, node: nodes.Include) -> None:
        self._exports_of(node)

    def visit_Extends(self, node: nodes.Extends) -> None:
        self._exports_of(node)

    def _exports_of(
        self, node: nodes.Import | nodes.FromImport | nodes.Include | nodes.Extends
    ) -> frozenset[str] | None:
        if not isinstance(node.template, nodes.Const) or not isinstance(node.template.value, str):
            self.report(node.lineno, "", "the file's name must be written out, between quotes")
            return None
        known = self.exports(node.template.value)
        if known is None:
            word = node.template.value
            self.report(node.lineno, word, f"no file {word!r} in this language's folder")
        return known


def _owners(word: str, fields: list[str]) -> str:
    fields_alone = [field.partition(".")[2] for field in fields]
    near = difflib.get_close_matches(word, fields_alone, 1, 0.7)
    owners = [field for field in fields if near and field.endswith(f".{near[0]}")]
    return f"; did you mean {' or '.join(map(repr, owners))}?" if owners else ""


def _local_names(tree: nodes.Template) -> set[str]:
    """Names that the template itself makes, wherever they hold; groups stay groups."""
    names = set(_JINJA_NAMES)
    names.update(name.name for name in tree.find_all(nodes.Name) if name.ctx in ("store", "param"))
    names.update(macro.name for macro in tree.find_all(nodes.Macro))
    names.update(each.target for each in tree.find_all(nodes.Import))
    for each in tree.find_all(nodes.FromImport):
        names.update(local for _, local in imported_names(each))
    return names
