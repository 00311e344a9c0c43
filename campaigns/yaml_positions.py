"""Where a character of a scalar's value stands in the YAML text, whatever the quoting and folding."""

import re
from collections.abc import Iterator

from campaigns.yaml_source import Scalar

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_PROPERTIES = re.compile(r"([&!]\S*\s+)+")
_HEX_DIGITS = {"x": 2, "u": 4, "U": 8}
_SPACES = {"t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", " ": " "} | {
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}


def source_index(text: str, scalar: Scalar, offset: int) -> int:
    """The index in `text` of the character at `offset` of the scalar's value.

    Folding changes nothing but white space, so all other characters of value and source pair up in order;
    an offset on folded white space, or at the end, is placed right after the character before it.
    """
    atoms = _atoms(text, scalar)
    atom = next(atoms, None)
    after = scalar.start
    for position, character in enumerate(scalar.text[: offset + 1]):
        if character.isspace() and (atom is None or atom[0] != character):
            continue
        if atom is None:
            break
        _, start, after = atom
        if position == offset:
            return start
        atom = next(atoms, None)
    return after


def _atoms(text: str, scalar: Scalar) -> Iterator[tuple[str, int, int]]:
    """The characters that are no plain white space, each with its start and end in the text."""
    index, end = _content(text, scalar)
    while index < end:
        character, length = text[index], 1
        if scalar.style == '"' and character == "\\":
            character, length = _escape(text, index)
        elif scalar.style == "'" and character == "'":
            length = 2
        if character and (length > 1 or not character.isspace()):
            yield character, index, index + length
        index += length


def _content(text: str, scalar: Scalar) -> tuple[int, int]:
    """The bounds of the value in the text, without anchor, quotes or the header of a block."""
    anchor = _PROPERTIES.match(text, scalar.start, scalar.end)
    start = anchor.end() if anchor else scalar.start
    if scalar.style and scalar.style in "\"'":
        return start + 1, scalar.end - 1
    if scalar.style and scalar.style in "|>":
        header = _LINE_BREAK.search(text, start, scalar.end)
        return (header.end() if header else scalar.end), scalar.end
    return start, scalar.end


def _escape(text: str, index: int) -> tuple[str, int]:
    """The character an escape stands for and its length in the text; an escaped line break is nothing."""
    code = text[index + 1 : index + 2]
    if code in _HEX_DIGITS:
        digits = text[index + 2 : index + 2 + _HEX_DIGITS[code]]
        return chr(int(digits, 16)), 2 + len(digits)
    if code in ("\n", "\r"):
        return "", 2
    return _SPACES.get(code, code), 2
