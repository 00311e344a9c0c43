"""The static check of a template's names: every name, field, import and macro must exist."""

import difflib
from collections.abc import Callable, Iterable

from jinja2 import nodes
from jinja2.visitor import NodeVisitor

from schemas.told import NOTHING, Told, told
from templates.locale_filters import FILTERS_FOR_TEMPLATES
from templates.names import AMOUNTS, REFERENCE_FIELDS, ROOTS, TESTS, TEXT_METHODS
from templates.usage import field_read, imported_names

_LOOPS = 2
_JINJA_NAMES = frozenset({"loop", "caller", "varargs", "kwargs"})

Report = Callable[[int, str, Told], None]
"""Takes the line, the word at fault (for the column) and what is wrong with it."""

Exports = Callable[[str], frozenset[str] | None]
"""The names a macro file offers; None for a file that is not there."""


def check_names(tree: nodes.Template, *, report: Report, exports: Exports) -> None:
    """Report every name that cannot have a value when the template is rendered."""
    _NameCheck(tree, report, exports).visit(tree)


def did_you_mean(word: str, known: Iterable[str]) -> Told:
    """`; did you mean 'name'?` where something known is near, else an empty text."""
    near = difflib.get_close_matches(word, list(known), 1, 0.6)
    return told("; did you mean {word!r}?", "; ¿quiso decir {word!r}?", word=near[0]) if near else NOTHING


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
        english, spanish = "unknown name {name!r}{near}", "nombre desconocido {name!r}{near}"
        self.report(node.lineno, node.name, told(english, spanish, name=node.name, near=near))

    def visit_Output(self, node: nodes.Output) -> None:
        for child in node.nodes:
            if isinstance(child, nodes.Name) and child.name in ROOTS and child.name not in self.locals:
                known = ", ".join(f"{child.name}.{field}" for field in ROOTS[child.name])
                english, spanish = (
                    "{name!r} is a group; print one of {known}",
                    "{name!r} es un grupo; imprima uno de {known}",
                )
                self.report(child.lineno, child.name, told(english, spanish, name=child.name, known=known))
        self.generic_visit(node)

    def visit_Filter(self, node: nodes.Filter) -> None:
        if node.name not in FILTERS_FOR_TEMPLATES:
            near = did_you_mean(node.name, FILTERS_FOR_TEMPLATES)
            english, spanish = "unknown filter {name!r}{near}", "filtro desconocido {name!r}{near}"
            self.report(node.lineno, node.name, told(english, spanish, name=node.name, near=near))
        self.generic_visit(node)

    def visit_Test(self, node: nodes.Test) -> None:
        if node.name not in TESTS:
            near = did_you_mean(node.name, TESTS)
            english, spanish = "unknown test {name!r}{near}", "prueba desconocida {name!r}{near}"
            self.report(node.lineno, node.name, told(english, spanish, name=node.name, near=near))
        self.generic_visit(node)

    def visit_For(self, node: nodes.For) -> None:
        self.loops += 1
        if self.loops > _LOOPS or node.recursive:
            english = "loops nest {most} deep at most, and never call themselves"
            spanish = "los ciclos se anidan {most} veces como máximo, y nunca se llaman a sí mismos"
            self.report(node.lineno, "for", told(english, spanish, most=_LOOPS))
        self.generic_visit(node)
        self.loops -= 1

    def visit_EvalContextModifier(self, node: nodes.EvalContextModifier) -> None:
        message = told("escaping cannot be turned off", "el escape no se puede apagar")
        self.report(node.lineno, "autoescape", message)

    visit_ScopedEvalContextModifier = visit_EvalContextModifier

    def visit_Getattr(self, node: nodes.Getattr) -> None:
        self._check_field(node, node.attr)
        self.generic_visit(node)

    def visit_Getitem(self, node: nodes.Getitem) -> None:
        if isinstance(node.arg, nodes.Const):
            self._check_field(node, str(node.arg.value))
        elif isinstance(node.node, nodes.Name) and node.node.name in ROOTS:
            english = "write the field of {name!r} out; a computed field cannot be checked"
            spanish = "escriba el campo de {name!r}; un campo calculado no se puede revisar"
            self.report(node.lineno, node.node.name, told(english, spanish, name=node.node.name))
        self.generic_visit(node)

    def _check_field(self, node: nodes.Getattr | nodes.Getitem, field: str) -> None:
        owner = node.node
        if field.startswith("_"):
            english, spanish = "{field!r} is closed to templates", "{field!r} está cerrado a las plantillas"
            self.report(node.lineno, field, told(english, spanish, field=field))
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
            all_known = ", ".join(sorted(known))
            listed = told("; {owner} has {known}", "; {owner} tiene {known}", owner=owner, known=all_known)
            english, spanish = "unknown name '{owner}.{field}'{hint}", "nombre desconocido '{owner}.{field}'{hint}"
            hint = did_you_mean(field, known) or listed
            self.report(line, field, told(english, spanish, owner=owner, field=field, hint=hint))

    def _check_part(self, line: int, name: str, part: str) -> None:
        if name in AMOUNTS or name == "installment.due_date":
            english = "{name!r} prints as it is and has no {part!r}; filters give other forms"
            spanish = "{name!r} se imprime tal cual y no tiene {part!r}; los filtros dan otras formas"
            self.report(line, part, told(english, spanish, name=name, part=part))
        elif part not in TEXT_METHODS and name != "payment.references":
            english, spanish = "{name!r} has no {part!r}; use a filter", "{name!r} no tiene {part!r}; use un filtro"
            self.report(line, part, told(english, spanish, name=name, part=part))

    def visit_Import(self, node: nodes.Import) -> None:
        known = self._exports_of(node)
        if known is not None:
            self.modules[node.target] = known

    def visit_FromImport(self, node: nodes.FromImport) -> None:
        known = self._exports_of(node)
        for name, _ in imported_names(node):
            if known is not None and name not in known:
                near = did_you_mean(name, known)
                english, spanish = "no macro {name!r} in that file{near}", "no hay macro {name!r} en ese archivo{near}"
                self.report(node.lineno, name, told(english, spanish, name=name, near=near))

    def visit_Include(self, node: nodes.Include) -> None:
        self._exports_of(node)

    def visit_Extends(self, node: nodes.Extends) -> None:
        self._exports_of(node)

    def _exports_of(
        self, node: nodes.Import | nodes.FromImport | nodes.Include | nodes.Extends
    ) -> frozenset[str] | None:
        if not isinstance(node.template, nodes.Const) or not isinstance(node.template.value, str):
            english = "the file's name must be written out, between quotes"
            self.report(node.lineno, "", told(english, "el nombre del archivo se escribe completo, entre comillas"))
            return None
        known = self.exports(node.template.value)
        if known is None:
            word = node.template.value
            english, spanish = (
                "no file {word!r} in this language's folder",
                "no hay archivo {word!r} en la carpeta de este idioma",
            )
            self.report(node.lineno, word, told(english, spanish, word=word))
        return known


def _owners(word: str, fields: list[str]) -> Told:
    fields_alone = [field.partition(".")[2] for field in fields]
    near = difflib.get_close_matches(word, fields_alone, 1, 0.7)
    owners = [field for field in fields if near and field.endswith(f".{near[0]}")]
    if not owners:
        return NOTHING
    english, spanish = (joint.join(map(repr, owners)) for joint in (" or ", " o "))
    return told("; did you mean {fields}?", "; ¿quiso decir {fields}?", fields=Told(english, spanish))


def _local_names(tree: nodes.Template) -> set[str]:
    """Names that the template itself makes, wherever they hold; groups stay groups."""
    names = set(_JINJA_NAMES)
    names.update(name.name for name in tree.find_all(nodes.Name) if name.ctx in ("store", "param"))
    names.update(macro.name for macro in tree.find_all(nodes.Macro))
    names.update(each.target for each in tree.find_all(nodes.Import))
    for each in tree.find_all(nodes.FromImport):
        names.update(local for _, local in imported_names(each))
    return names
