"""The engine's compile errors in plain words, with suggestions."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from schemas.told import NOTHING, Told, told

_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*?)(?=\n \| |\nERROR: |\Z)", re.DOTALL)
_TRAILER = re.compile(r" \[[A-Z_]+\]$")
_UNKNOWN = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '\(([^']*)\)'")
_EXPECTING = re.compile(r" expecting (\{.*\}|'.*'|\S+)$")
_ABSENT = re.compile(r"missing ('.*?') at ")
_UNREADABLE = re.compile(r"(?:token recognition error at: |extraneous input |mismatched input )'(.*)'$", re.DOTALL)
_MEANT = {"=": "==", "=>": ">=", "is": "==", "and": "&&", "&": "&&", "or": "||", "|": "||", "not": "!"} | dict.fromkeys(
    "“”‘’«»", told("straight quotes", "comillas rectas")
)
_UNREADABLE_AS_A_WHOLE = told(
    "this condition cannot be read: make it shorter and less nested",
    "no se puede leer esta condición: hágala más corta y menos anidada",
)
_OPERATOR = re.compile(r"^@?_?(\W+|@in|in)_?$")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an expression, at an offset of its text."""

    offset: int
    message: Told


def faults_of(error: str, text: str, names: frozenset[str]) -> list[Fault]:
    """What one compile error of the engine reports: every wrong name and type, or the first slip of syntax."""
    lines = [0, *(found.end() for found in re.finditer(r"\n", text))]
    faults = []
    for line, column, message in _ERROR.findall(_TRAILER.sub("", error)):
        offset = lines[min(int(line), len(lines)) - 1] + int(column) - 1
        faults.append(_fault(min(offset, len(text)), message, text, names))
        if message.startswith("Syntax error"):
            return faults[:1]
    return faults or [Fault(0, _UNREADABLE_AS_A_WHOLE)]


def _fault(offset: int, message: str, text: str, names: frozenset[str]) -> Fault:
    if unknown := _UNKNOWN.search(message):
        return _unknown_name(offset, unknown.group(1), text, names)
    if overload := _OVERLOAD.search(message):
        return Fault(offset, _type_message(overload.group(1), overload.group(2)))
    plain = _EXPECTING.sub("", message.removeprefix("Syntax error: "))
    return Fault(offset, _syntax_message(" ".join(plain.split())))


def _syntax_message(plain: str) -> Told:
    if missing := _ABSENT.match(plain):
        return told("{what} is missing here", "aquí falta {what}", what=missing.group(1))
    if "<EOF>" in plain:
        return told("the condition ends too early", "la condición termina antes de tiempo")
    found = _UNREADABLE.match(plain)
    if found is None:
        return told("condition error: {why}", "error en la condición: {why}", why=plain)
    word = found.group(1).strip()
    if word[:1] in ("'", '"'):
        return told("this text has no closing quote", "a este texto le falta la comilla final")
    meant = _MEANT.get(word.lower())
    hint = told(": write {meant}", ": escriba {meant}", meant=meant) if meant else NOTHING
    return told("'{word}' is not understood here{hint}", "aquí no se entiende '{word}'{hint}", word=word, hint=hint)


def _unknown_name(offset: int, name: str, text: str, names: frozenset[str]) -> Fault:
    """The engine points at the last dot of a name and at the bracket of a function; we point at the word."""
    if text[offset : offset + 1] == "(":
        return Fault(
            max(text.rfind(name, 0, offset), 0),
            told("unknown function '{name}'", "función desconocida '{name}'", name=name),
        )
    start = offset - name.rfind(".") if "." in name else offset
    if text[start : start + len(name)] != name:
        start = offset
    english, spanish = "unknown name '{name}'{hint}", "nombre desconocido '{name}'{hint}"
    return Fault(start, told(english, spanish, name=name, hint=_name_hint(name, names)))


def _name_hint(name: str, names: frozenset[str]) -> Told:
    """The known name that was meant, else the names of the same group, else all groups."""
    space, dot, word = name.partition(".")
    spaces = sorted({known.partition(".")[0] for known in names})
    siblings = sorted(known.partition(".")[2] for known in names if known.startswith(f"{space}."))
    if dot and siblings:
        close = get_close_matches(word, siblings, n=1, cutoff=0.55)
        listed = told(": {space} has {known}", ": {space} tiene {known}", space=space, known=", ".join(siblings))
        return did_you_mean(f"{space}.{close[0]}") if close else listed
    close = get_close_matches(name, sorted(names), n=1, cutoff=0.7)
    listed = told(": names begin with {known}", ": los nombres empiezan con {known}", known=", ".join(spaces))
    return did_you_mean(close[0]) if close else listed


def did_you_mean(word: str) -> Told:
    """What is added to a fault where this was likely meant."""
    return told(": did you mean '{word}'?", ": ¿quiso decir '{word}'?", word=word)


def _type_message(function: str, types: str) -> Told:
    kinds = types.split(", ")
    operator = _OPERATOR.match(function)
    shown = operator.group(1).removeprefix("@") if operator else function
    if set(kinds) == {"double", "int"}:
        english = "type error: '{shown}' mixes a double and an integer: write 100.0, or use double(…)"
        spanish = "error de tipos: '{shown}' mezcla un decimal y un entero: escriba 100.0, o use double(…)"
        return told(english, spanish, shown=shown)
    if function.startswith("_") and len(kinds) == 2:
        english, spanish = "type error: '{shown}' cannot join {a} and {b}", "error de tipos: '{shown}' no une {a} y {b}"
        return told(english, spanish, shown=shown, a=kinds[0], b=kinds[1])
    english, spanish = "type error: '{shown}' does not take ({types})", "error de tipos: '{shown}' no admite ({types})"
    return told(english, spanish, shown=shown, types=types)
