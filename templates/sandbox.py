"""The closed world in which templates run: no globals, a list of filters, undefined and blank values are faults."""

import threading
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, TemplateNotFound, nodes
from jinja2 import Template as Program
from jinja2.environment import Environment, TemplateModule
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from schemas.enums import Channel
from schemas.told import told
from templates.context import PaymentReference, TemplateContext
from templates.locale_filters import FILTERS_FOR_TEMPLATES
from templates.names import REFERENCE_FIELDS, ROOTS, TESTS, TEXT_METHODS
from templates.printed import BlankValue, Missing, Section, Shown
from templates.problems import Unprintable

_ARITHMETIC = frozenset(["*", "**", "%"])

_BLANK = told(
    "a value printed here is blank; guard it with {{% if … %}} or give it a |default",
    "un valor que se imprime aquí está en blanco; protéjalo con {{% if … %}} o dele un |default",
)

SLOT_START, SLOT_END = "\ue000", "\ue001"


class TooMuch(Unprintable):
    """A template computes what no message needs."""


def refuse_blank(value: object) -> object:
    """The value that is printed, if there is any text in it; absent values raise by themselves."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise BlankValue(_BLANK)
    return value


def mark_slot(value: object) -> str:
    """The printed value between marks, so that a content template's variables can be told from its words."""
    return f"{SLOT_START}{refuse_blank(value)}{SLOT_END}"


class SourceLoader(BaseLoader):
    """Templates and macro files from memory, by `language/file`."""

    def __init__(
        self, bodies: Mapping[str, str], files: Mapping[str, str], locate: Callable[[str], str | None]
    ) -> None:
        self.bodies = bodies
        self.files = files
        self.locate = locate

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The body under this name, and the file name that tracebacks show."""
        path = self.locate(template)
        if path is None:
            raise TemplateNotFound(template)
        return self.bodies[path], self.files[path], _always_fresh


def _always_fresh() -> bool:
    return True


class TemplateSandbox(ImmutableSandboxedEnvironment):
    """Jinja2's immutable sandbox, closed further; names a section lacks are undefined."""

    intercepted_binops = _ARITHMETIC

    def __init__(self, loader: BaseLoader, *, html: bool, finalize: Callable[[Any], Any]) -> None:
        super().__init__(
            loader=loader,
            autoescape=html,
            undefined=StrictUndefined,
            finalize=finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            auto_reload=False,
            cache_size=-1,
        )
        self.globals.clear()
        self._shown = Shown()
        self._turn = threading.Lock()
        self.globals.update({root: Section(root, self._shown) for root in ROOTS})
        self.filters = dict(FILTERS_FOR_TEMPLATES)
        self.tests = {name: self.tests[name] for name in TESTS}
        self.tests["none"] = _is_none

    def shown(self, program: Program, context: TemplateContext, language: str, channel: Channel) -> str:
        """What a program prints of one context: one at a time is seen by every template and macro, none afterwards.

        The names are the same objects in every rendering, so macros are made once and not anew for each message.
        """
        with self._turn:
            self._shown.show(context, language, channel)
            try:
                return program.render()
            finally:
                self._shown.hide()

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Every template has the same globals: the sections."""
        return super().make_globals(d) if d else self.globals

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`debtor.name` reads a section's value; on anything else the sandbox's rules hold."""
        if type(obj) is Section:
            value = obj.read(attribute)
            return self.undefined(obj=obj, name=attribute) if value is None else value
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """`debtor["name"]` is the same as `debtor.name`."""
        if type(obj) is Section:
            value = obj.read(argument)
            return self.undefined(obj=obj, name=argument) if value is None else value
        return super().getitem(obj, argument)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Few methods of text, the fields of a reference, `loop` and imported macros; nothing else has attributes."""
        if isinstance(obj, str):
            return attr in TEXT_METHODS
        if isinstance(obj, PaymentReference):
            return attr in REFERENCE_FIELDS
        return isinstance(obj, LoopContext | TemplateModule) and super().is_safe_attribute(obj, attr, value)

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Macros are our own and are called straight; anything else by the sandbox's rules."""
        if type(obj) is Macro:
            return obj(*args, **kwargs)
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Multiplication of numbers only, no powers: a template must not be able to exhaust the process."""
        if operator == "**" or not all(isinstance(side, int | float) for side in (left, right)):
            english = "the operator {operator!r} is not available here; amounts come ready to print"
            spanish = "el operador {operator!r} no se puede usar aquí; los montos ya vienen listos"
            raise TooMuch(told(english, spanish, operator=operator))
        return super().call_binop(context, operator, left, right)

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        """Jinja's hook for code generation: a file that does more than define macros is run anew for each message."""
        for whole in source.find_all(nodes.Import):
            whole.with_context = not self._only_macros(whole.template, name or "")
        for some in source.find_all(nodes.FromImport):
            some.with_context = not self._only_macros(some.template, name or "")
        return super()._generate(source, name, filename, defer_init)

    def _only_macros(self, imported: nodes.Expr, parent: str, above: tuple[str, ...] = ()) -> bool:
        """Whether nothing of a file's own text, and so no value of a message, can stay behind in its module."""
        if not isinstance(imported, nodes.Const) or self.loader is None:
            return False
        name = self.join_path(imported.value, parent)
        try:
            body = self.loader.get_source(self, name)[0]
        except TemplateNotFound:
            return False
        return name not in above and all(self._defines(node, name, (*above, name)) for node in self.parse(body).body)

    def _defines(self, node: nodes.Node, name: str, above: tuple[str, ...]) -> bool:
        if isinstance(node, nodes.Import | nodes.FromImport):
            return self._only_macros(node.template, name, above)
        if isinstance(node, nodes.Output):
            return all(isinstance(part, nodes.TemplateData) for part in node.nodes)
        return isinstance(node, nodes.Macro)

    def join_path(self, template: str, parent: str) -> str:
        """`_macros.j2` named in `es/x.sms.j2` is `es/_macros.j2`."""
        return f"{parent.partition('/')[0]}/{template}"


def _is_none(value: object) -> bool:
    return value is None or isinstance(value, Missing)
