"""What a TwiML document of ours may look like: the elements, their places and their attributes, and nothing else."""

import re
from collections.abc import Mapping
from xml.etree import ElementTree

LARGEST_BYTES = 64 * 1024
ADDRESS = r"http://127\.0\.0\.1:\d+/callbacks/twilio/voice/[0-9a-f-]{36}/\d+/[a-z-]+\?k=[\w-]{22}"
_VOICE = {
    "voice": r"Polly\.[A-Z][a-z]+-Neural",
    "language": r"es-MX|pt-BR|en-US",
}
_POSTS = {"action": ADDRESS, "method": "POST"}
ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "Response": {},
    "Say": _VOICE,
    "Gather": {
        "input": "dtmf",
        "numDigits": "[14]",
        "timeout": r"\d+",
        "finishOnKey": "#",
        "actionOnEmptyResult": "true",
        **_POSTS,
    },
    "Dial": {"callerId": r"\+\d+", "timeout": r"\d+", "timeLimit": r"\d+", **_POSTS},
    "Number": {},
    "Hangup": {},
}
SHAPES = re.compile("Gather|(Say )*Dial|(Say )*Hangup")
PARTS = {"Gather": re.compile("Say( Say)*"), "Dial": re.compile("Number")}


def check_structure(document: str) -> None:
    """Fail with what is wrong with a document."""
    assert document.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    assert len(document.encode()) < LARGEST_BYTES
    root = ElementTree.fromstring(document)
    assert root.tag == "Response"
    assert SHAPES.fullmatch(_children(root)), f"Response holds {_children(root)}"
    for element in root.iter():
        wanted = ATTRIBUTES[element.tag]
        assert set(element.attrib) == set(wanted), f"{element.tag} has {sorted(element.attrib)}"
        for name, pattern in wanted.items():
            assert re.fullmatch(pattern, element.attrib[name]), f"{element.tag} {name}={element.attrib[name]}"
        if element.tag in PARTS:
            assert PARTS[element.tag].fullmatch(_children(element)), f"{element.tag} holds {_children(element)}"
        if element.tag in ("Say", "Number"):
            assert (element.text or "").strip()


def _children(element: ElementTree.Element) -> str:
    return " ".join(child.tag for child in element)
