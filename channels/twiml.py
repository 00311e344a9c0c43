"""What a call is told, as TwiML: say, ask for keys, dial a person, hang up."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
HANG_UP = '<?xml version="1.0" encoding="UTF-8"?><Response><Hangup /></Response>'
ANSWER_SECONDS = 6
"""How long a question waits for the first key, and for each further one."""
RING_AGENT_SECONDS = 20
# XML 1.0 has no place for these, not even escaped.
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Speech:
    """A voice of the provider and the language (BCP 47) in which it reads."""

    voice: str
    language: str


@dataclass(frozen=True, slots=True)
class Question:
    """Keys to wait for, while what is said goes on; they are posted to `address`, and silence too."""

    address: str
    keys: int = 1


@dataclass(frozen=True, slots=True)
class Transfer:
    """A person to connect to for `seconds` at most; how that went is posted to `address`."""

    number: str
    caller: str
    seconds: int
    address: str


def twiml(speech: Speech, sentences: Sequence[str], then: Question | Transfer | None) -> str:
    """A document that says the sentences and then asks, connects, or (None) hangs up."""
    response = Element("Response")
    place = response
    if isinstance(then, Question):
        place = _gather(response, then)
    for sentence in sentences:
        SubElement(place, "Say", voice=speech.voice, language=speech.language).text = _UNPRINTABLE.sub("", sentence)
    if isinstance(then, Transfer):
        _dial(response, then)
    elif then is None:
        SubElement(response, "Hangup")
    return '<?xml version="1.0" encoding="UTF-8"?>' + tostring(response, encoding="unicode")


def _gather(response: Element, question: Question) -> Element:
    """An empty result is posted like any other, so that one address hears every answer."""
    return SubElement(
        response,
        "Gather",
        input="dtmf",
        numDigits=str(question.keys),
        timeout=str(ANSWER_SECONDS),
        finishOnKey="#",
        actionOnEmptyResult="true",
        action=question.address,
        method="POST",
    )


def _dial(response: Element, transfer: Transfer) -> None:
    dial = SubElement(
        response,
        "Dial",
        callerId=transfer.caller,
        timeout=str(RING_AGENT_SECONDS),
        timeLimit=str(transfer.seconds),
        action=transfer.address,
        method="POST",
    )
    SubElement(dial, "Number").text = transfer.number
