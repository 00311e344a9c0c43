"""The engine's compile errors in plain words, with suggestions."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*?)(?=\n \| |\nERROR: |\Z)", re.DOTALL)
_TRAILER = re.compile(r" \[[A-Z_]+\]$")
_UNKNOWN = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '\(([^']*)\)'")
_EXPECTING = re.compile(r" expecting (\{.*\}|'.*'|\S+)$")
_ABSENT = re.compile(r"missing ('.*?') at ")
_UNREADABLE = re.compile(r"(?:token recognition error at: |extraneous input |mismatched input )'(.*)'$", re.DOTALL)
_MEANT = {"=": "==", "=>": ">=", "is": "==", "and": "&&", "&": "&&", "or": "||", "|": "||", "not": "!"} | dict.fromkeys(
    "“”‘’«»", "straight quotes"
)
_OPERATOR = re.compile(r"^@?_?(\W+|@in|in)_?$")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an expression, at an offset of its text."""

    offset: int
    message: str


def faults_of(error: str, text: str, names: frozenset[str]) -> list[Fault]:
    """What one compile error of the engine reports: every wrong name and type, or the first slip of syntax."""
    lines = [0, *(found.end() for found in re.finditer(r"\n", text))]
    faults = []
    for line, column, message in _ERROR.findall(_TRAILER.sub("", error)):
        offset = lines[min(int(line), len(lines)) - 1] + int(column) - 1
        faults.append(_fault(min(offset, len(text)), message, text, names))
        if message.startswith("Syntax error"):
            return faults[:1]
    return faults or [Fault(0, "this condition cannot be read: make it shorter and less nested")]


def _fault(offset: int, message: str, text: str, names: frozenset[str]) -> Fault:
    if unknown := _UNKNOWN.search(message):
        return _unknown_name(offset, unknown.group(1), text, names)
    if overload := _OVERLOAD.search(message):
        return Fault(offset, _type_message(overload.group(1), overload.group(2)))
    plain = _EXPECTING.sub("", message.removeprefix("Syntax error: "))
    return Fault(offset, _syntax_message(" ".join(plain.split())))


def _syntax_message(plain: str) -> str:
    if missing := _ABSENT.match(plain):
        return f"{missing.group(1)} is missing here"
    if "<EOF>" in plain:
        return "the condition ends too early"
    found = _UNREADABLE.match(plain)
    if found is None:
        return f"condition error: {plain}"
    word = found.group(1).strip()
    if word[:1] in ("'", '"'):
        return "this text has no closing quote"
    meant = _MEANT.get(word.lower())
    return f"'{word}' is not understood here" + (f": write {meant}" if meant else "")


def _unknown_name(offset: int, name: str, text: str, names: frozenset[str]) -> Fault:
    """The engine points at the last dot of a name and at the bracket of a function; we point at the word."""
    if text[offset : offset + 1] == "(":
        return Fault(max(text.rfind(name, 0, offset), 0), f"unknown function '{name}'")
    start = offset - name.rfind(".") if "." in name else offset
    if text[start : start + len(name)] != name:
        start = offset
    return Fault(start, f"unknown name '{name}'{_name_hint(name, names)}")


def _name_hint(name: str, names: frozenset[str]) -> str:
    """The known name that was meant, else the names of the same group, else all groups."""
    space, dot, word = name.partition(".")
    spaces = sorted({known.partition(".")[0] for known in names})
    siblings = sorted(known.partition(".")[2] for known in names if known.startswith(f"{space}."))
    if dot and siblings:
        close = get_close_matches(word, siblings, n=1, cutoff=0.55)
        return f": did you mean '{space}.{close[0]}'?" if close else f": {space} has {', '.join(siblings)}"
    close = get_close_matches(name, sorted(names), n=1, cutoff=0.7)
    return f": did you mean '{close[0]}'?" if close else f": names begin with {', '.join(spaces)}"


def _type_message(function: str, types: str) -> str:
    kinds = types.split(", ")
    operator = _OPERATOR.match(function)
    shown = operator.group(1).removeprefix("@") if operator else function
    if set(kinds) == {"double", "int"}:
        return f"type error: '{shown}' mixes a double and an integer: write 100.0, or use double(…)"
    if function.startswith("_") and len(kinds) == 2:
        return f"type error: '{shown}' cannot join {kinds[0]} and {kinds[1]}"
    return f"type error: '{shown}' does not take ({types})"
