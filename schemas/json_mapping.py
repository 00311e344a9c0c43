"""Other cores' JSON as native events, by a declarative mapping: selectors, JSON Pointers, constants, word lists.

A mapping has `source`, `type` (where the foreign type stands) and `rules`; the first rule whose `when` holds
makes the event. In `data`, a text that starts with "/" points into the record, other scalars are constants,
and `{from: /pointer, as: date, map: {A: b}, default: c}` converts; what is absent is left out.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas import rfc3339, strict_json
from schemas.dead_letter import BadRecord, DeadLetterReason
from schemas.envelope import MAX_BYTES, CloudEvent
from schemas.events_base import PREFIX
from schemas.inbound import INBOUND
from schemas.json_values import ABSENT, CONVERSIONS, Pointer, pointer

_UNKNOWN_TYPE = "unknown"
_EXPRESSION = {"from", "as", "map", "default", "const"}
_RULE = {"when", "type", "id", "time", "subject", "data"}
_TOP = {"mapping", "source", "type", "rules"}
_VERSION = re.compile(r"\.v[0-9]+$")

Document = Any
Expression = Callable[[Document], Any]


class MappingFault(Exception):
    """A mapping that cannot be used; the message begins with the place, like `rules[0].data.dueDate`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of foreign record and the native event it becomes."""

    conditions: Sequence[tuple[Pointer, frozenset[Any]]]
    type: str
    id: Pointer
    time: Expression | None
    subject: Expression | None
    data: Expression

    def holds(self, document: Document) -> bool:
        """Whether every pointed value is one of the wanted words."""
        found = ((point(document), wanted) for point, wanted in self.conditions)
        return all(isinstance(value, str | int | bool) and value in wanted for value, wanted in found)


@dataclass(frozen=True, slots=True)
class JsonMapping:
    """A checked mapping, ready to decode records."""

    source: str
    type: Pointer
    rules: Sequence[Rule]

    def decode(self, value: bytes | None) -> list[CloudEvent]:
        """The event in a record; one that no rule wants keeps its foreign type and has no data."""
        if value is not None and len(value) > MAX_BYTES:
            raise BadRecord(DeadLetterReason.TOO_LARGE, f"the value is over {MAX_BYTES} bytes")
        document = strict_json.loads(value or b"")
        rule = next((rule for rule in self.rules if rule.holds(document)), None)
        if rule is None:
            return [CloudEvent(id=_UNKNOWN_TYPE, source=self.source, type=self._foreign_type(document))]
        return [self._event(rule, document)]

    def _foreign_type(self, document: Document) -> str:
        name = self.type(document)
        usable = isinstance(name, str) and 0 < len(name) <= 256 and name.isprintable()
        # A foreign word must never pass for one of our types.
        return name if usable and name not in INBOUND else _UNKNOWN_TYPE

    def _event(self, rule: Rule, document: Document) -> CloudEvent:
        data = _settled("data", rule.data, document) or {}
        at = _settled("time", rule.time, document)
        subject = _settled("subject", rule.subject, document)
        key = data.get("debtorRef") or data.get("loanRef")
        return CloudEvent(
            id=_id(rule.id(document)),
            source=self.source,
            type=rule.type,
            time=None if at is None else rfc3339.instant(at),
            subject=subject if isinstance(subject, str) else None,
            datacontenttype="application/json",
            data=data,
            extensions={"partitionkey": key} if isinstance(key, str) else {},
        )


def load(document: Any) -> JsonMapping:
    """Check a parsed mapping file; raises MappingFault for the first fault."""
    _members(document, "mapping file", _TOP, needed={"source", "type", "rules"})
    rules = document["rules"]
    if not isinstance(rules, list) or not rules:
        raise MappingFault("rules: must be a list of at least one rule")
    if not isinstance(document["source"], str) or not document["source"].strip():
        raise MappingFault("source: must be a text that names the core, like urn:core:demo")
    return JsonMapping(
        source=document["source"],
        type=_pointer(document["type"], "type"),
        rules=[_rule(rule, f"rules[{number}]") for number, rule in enumerate(rules)],
    )


def _rule(rule: Any, place: str) -> Rule:
    _members(rule, place, _RULE, needed={"when", "type", "id", "data"})
    if not isinstance(rule["when"], Mapping) or not rule["when"]:
        raise MappingFault(f"{place}.when: must be an object of pointers and the words wanted there")
    native = _native_type(rule["type"], f"{place}.type")
    _known_members(rule["data"], native, f"{place}.data")
    at = rule.get("time")
    return Rule(
        conditions=[_condition(key, word, f"{place}.when") for key, word in rule["when"].items()],
        type=native,
        id=_pointer(rule["id"], f"{place}.id"),
        time=None if at is None else _conversion({"from": at, "as": "instant"}, f"{place}.time"),
        subject=_expression(rule["subject"], f"{place}.subject") if "subject" in rule else None,
        data=_object(rule["data"], f"{place}.data"),
    )


def _condition(key: Any, words: Any, place: str) -> tuple[Pointer, frozenset[Any]]:
    wanted = words if isinstance(words, list) else [words]
    if not wanted or not all(isinstance(word, str | int | bool) for word in wanted):
        raise MappingFault(f"{place}.{key}: must be a word, a number, or a list of them")
    return _pointer(key, place), frozenset(wanted)


def _native_type(name: Any, place: str) -> str:
    text = str(name)
    full = PREFIX + text.removeprefix(PREFIX)
    full = full if _VERSION.search(full) else full + ".v1"
    if full not in INBOUND:
        raise MappingFault(f"{place}: {text} is not one of our inbound types, like installment.due")
    return full


def _known_members(data: Any, native: str, place: str) -> None:
    """The members must be the type's own; needed ones must be there."""
    fields = INBOUND[native].model_fields.values()
    known = {str(field.alias) for field in fields if field.alias}
    needed = {str(field.alias) for field in fields if field.is_required()}
    _members(data, place, known, needed)


def _members(value: Any, place: str, known: set[str], needed: set[str]) -> None:
    if not isinstance(value, Mapping):
        raise MappingFault(f"{place}: must be an object")
    for name in value:
        if name not in known:
            raise MappingFault(f"{place}.{name}: is not one of {', '.join(sorted(known))}")
    for name in sorted(needed - set(value)):
        raise MappingFault(f"{place}.{name}: is required")


def _pointer(text: Any, place: str) -> Pointer:
    try:
        return pointer(text)
    except ValueError as error:
        raise MappingFault(f"{place}: {error}") from None


def _expression(given: Any, place: str) -> Expression:
    if isinstance(given, str) and given.startswith("/"):
        return _pointer(given, place)
    if isinstance(given, Mapping):
        converts = set(given) <= _EXPRESSION and bool({"from", "const"} & set(given))
        return _conversion(given, place) if converts else _object(given, place)
    if isinstance(given, list):
        items = [_expression(item, f"{place}[{number}]") for number, item in enumerate(given)]
        return lambda document: [value for item in items if (value := item(document)) is not ABSENT]
    return _constant(given, place)


def _constant(value: Any, place: str) -> Expression:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        raise MappingFault(f"{place}: is not a JSON value; put a date or a time into quotes") from None
    return lambda _document: value


def _object(given: Mapping[str, Any], place: str) -> Expression:
    """Members that are there; an object whose every non-constant member is absent is absent itself."""
    members = {name: _expression(part, f"{place}.{name}") for name, part in given.items()}
    read = [name for name, part in given.items() if _reads(part)]

    def build(document: Document) -> Any:
        found = {name: value for name, part in members.items() if (value := part(document)) is not ABSENT}
        return ABSENT if read and not any(found.get(name) is not None for name in read) else found

    return build


def _reads(given: Any) -> bool:
    """Whether an expression looks into the record."""
    return isinstance(given, Mapping | list) or (isinstance(given, str) and given.startswith("/"))


def _conversion(given: Mapping[str, Any], place: str) -> Expression:
    _members(given, place, _EXPRESSION, needed=set())
    if "const" in given:
        return _constant(given["const"], f"{place}.const")
    point = _pointer(given.get("from"), f"{place}.from")
    convert = CONVERSIONS.get(given.get("as", "same"))
    if convert is None:
        raise MappingFault(f"{place}.as: must be one of {', '.join(sorted(CONVERSIONS))}")
    words, default = given.get("map"), given.get("default", ABSENT)
    if words is not None and not isinstance(words, Mapping):
        raise MappingFault(f"{place}.map: must be an object of their words and ours")
    for name in ("map", "default"):
        _constant(given.get(name), f"{place}.{name}")

    def compute(document: Document) -> Any:
        value = point(document)
        if words is not None and isinstance(value, str | int):
            value = words.get(value, ABSENT)
        return default if value is ABSENT or value is None else convert(value)

    return compute


def _settled(place: str, expression: Expression | None, document: Document) -> Any:
    if expression is None:
        return None
    try:
        value = expression(document)
    except (ValueError, TypeError, OverflowError) as error:
        kind = type(error).__name__
        raise BadRecord(DeadLetterReason.MAPPING_ERROR, f"{place} cannot be made of the record ({kind})") from None
    return None if value is ABSENT else value


def _id(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int) or not 0 < len(str(value)) <= 256:
        raise BadRecord(DeadLetterReason.MAPPING_ERROR, "the record has no id where the mapping points")
    if not str(value).isprintable():
        raise BadRecord(DeadLetterReason.MAPPING_ERROR, "the record's id holds a control character")
    return str(value)
