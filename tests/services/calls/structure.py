"""What a TwiML document of ours may look like: the elements, their places and their attributes, and nothing else."""

import inspect
import re
from collections.abc import Mapping
from xml.etree import ElementTree

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

LARGEST_BYTES = 64 * 1024
LONGEST_SAY = 4096
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
        check_twilio_knows(element)
        for name, pattern in wanted.items():
            assert re.fullmatch(pattern, element.attrib[name]), f"{element.tag} {name}={element.attrib[name]}"
        if element.tag in PARTS:
            assert PARTS[element.tag].fullmatch(_children(element)), f"{element.tag} holds {_children(element)}"
        if element.tag in ("Say", "Number"):
            assert 0 < len((element.text or "").strip()) <= LONGEST_SAY


def check_twilio_knows(element: ElementTree.Element) -> None:
    """Fail where Twilio's own builder has no such verb or noun here, or gives it no such attribute."""
    parent = {"Response": VoiceResponse, "Gather": Gather, "Dial": Dial}.get(element.tag)
    for child in element:
        assert parent is not None, f"{element.tag} holds {child.tag}"
        known = inspect.signature(getattr(parent, child.tag.lower())).parameters
        given = {re.sub("([A-Z])", r"_\1", name).lower() for name in child.attrib}
        assert given <= set(known), f"{child.tag} has {sorted(given - set(known))}"


def _children(element: ElementTree.Element) -> str:
    return " ".join(child.tag for child in element)
