"""How a call goes, as a pure function: what was asked, which keys came, and so what is said, asked and done next.

Nothing about a debt is in reach before the person has said by a key that they are the one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from services.creditors import CallProof

YES, NO, REPEAT, PROMISE_KEY, AGENT_KEY, LINK_KEY, STOP_KEY = "1", "2", "1", "2", "3", "4", "9"
CONNECTED = frozenset({"completed", "answered"})
LOOK_AHEAD_DAYS = 200
"""A day without a year that is farther off than this is a slip of the finger."""


class Asked(StrEnum):
    """What a call was asked last; the words stand in addresses and in the log of its turns."""

    START = "start"
    IDENTITY = "identity"
    IDENTITY_AGAIN = "identity-again"
    PROOF = "proof"
    PROOF_AGAIN = "proof-again"
    MENU = "menu"
    MENU_AGAIN = "menu-again"
    DAY = "day"
    DAY_AGAIN = "day-again"
    CHECK = "check"
    CHECK_AGAIN = "check-again"
    AGENT = "agent"


class Phrase(StrEnum):
    """Something a call says."""

    GREETING = "greeting"
    ASK_DOCUMENT = "ask_document"
    ASK_BIRTH_YEAR = "ask_birth_year"
    NOT_PROVEN = "not_proven"
    GOODBYE = "goodbye"
    APOLOGY = "apology"
    STOPPED = "stopped"
    SCRIPT = "script"
    NOTHING_NOW = "nothing_now"
    MENU = "menu"
    NOT_UNDERSTOOD = "not_understood"
    ASK_DAY = "ask_day"
    BAD_DAY = "bad_day"
    READ_BACK = "read_back"
    PROMISED = "promised"
    CONNECTING = "connecting"
    WE_CALL_BACK = "we_call_back"
    LINK_COMES = "link_comes"


class Effect(StrEnum):
    """What a turn does beyond words."""

    CONFIRMED = "confirmed"
    WRONG_PERSON = "wrong_person"
    OPT_OUT = "opt_out"
    PROMISE = "promise"
    CALL_BACK = "call_back"
    LINK = "link"
    NOT_PROVEN = "not_proven"


@dataclass(frozen=True, slots=True)
class Situation:
    """What the flow must know: may the words be said now, can a person be reached now, which day is on the table.

    `today` is the debtor's; `day` the one that was read back. `proof` is what must be keyed in after the first yes,
    None where nothing is asked for; `proven` whether the keys that came are it. `link_open`: can a link to pay be sent.
    """

    today: date
    may_tell: bool
    has_script: bool
    agent_open: bool
    inbound: bool = False
    day: date | None = None
    proof: CallProof | None = None
    proven: bool = False
    link_open: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """Say this, do that, then ask; without a question the call ends. A question for an AGENT is a transfer."""

    say: tuple[Phrase, ...]
    asks: Asked | None = None
    effect: Effect | None = None
    day: date | None = None


GOODBYE = Turn((Phrase.GOODBYE,))
OUTCOMES: Mapping[Effect, str] = {
    Effect.CONFIRMED: "right_party",
    Effect.WRONG_PERSON: "wrong_party",
    Effect.OPT_OUT: "opted_out",
    Effect.PROMISE: "promise",
    Effect.CALL_BACK: "call_back",
    Effect.LINK: "link",
    Effect.NOT_PROVEN: "not_proven",
}


def outcome_of(turn: Turn) -> str | None:
    """What a call came to with this turn, None where it goes on as before."""
    if turn.asks is Asked.AGENT:
        return "agent"
    return OUTCOMES[turn.effect] if turn.effect is not None else None


def turn(asked: Asked, keys: str, situation: Situation) -> Turn:
    """The next turn; `keys` is empty where none came in time, and an agent's line tells how it ended in them."""
    if keys == STOP_KEY and asked not in (Asked.START, Asked.AGENT):
        return Turn((Phrase.STOPPED,), effect=Effect.OPT_OUT)
    match asked:
        case Asked.START:
            return Turn((Phrase.GREETING,), Asked.IDENTITY)
        case Asked.IDENTITY | Asked.IDENTITY_AGAIN:
            return _identity(asked, keys, situation)
        case Asked.PROOF | Asked.PROOF_AGAIN:
            return _proof(asked, situation)
        case Asked.MENU | Asked.MENU_AGAIN:
            return _menu(asked, keys, situation)
        case Asked.DAY | Asked.DAY_AGAIN:
            return _day(asked, keys, situation)
        case Asked.CHECK | Asked.CHECK_AGAIN:
            return _check(asked, keys, situation)
        case Asked.AGENT:
            return GOODBYE if keys in CONNECTED else Turn((Phrase.WE_CALL_BACK,), effect=Effect.CALL_BACK)
        case _:
            assert_never(asked)


def day_of(keys: str, today: date) -> date | None:
    """The next day with these digits (DDMM), today included; None where there is none within reach."""
    if len(keys) != 4 or not (keys.isascii() and keys.isdecimal()):
        return None
    for year in (today.year, today.year + 1):
        try:
            day = date(year, int(keys[2:]), int(keys[:2]))
        except ValueError:
            continue
        if 0 <= (day - today).days <= LOOK_AHEAD_DAYS:
            return day
    return None


def _identity(asked: Asked, keys: str, situation: Situation) -> Turn:
    if keys == NO:
        return Turn((Phrase.APOLOGY,), effect=Effect.WRONG_PERSON)
    if keys != YES:
        return Turn((Phrase.GREETING,), Asked.IDENTITY_AGAIN) if asked is Asked.IDENTITY else GOODBYE
    return _asked_for_proof(situation, Asked.PROOF) if situation.proof is not None else _confirmed(situation)


def _proof(asked: Asked, situation: Situation) -> Turn:
    """Twice at most; a call that began before the lender asked for proof goes on without."""
    if situation.proven or situation.proof is None:
        return _confirmed(situation)
    if asked is Asked.PROOF:
        return _asked_for_proof(situation, Asked.PROOF_AGAIN)
    return Turn((Phrase.NOT_PROVEN,), effect=Effect.NOT_PROVEN)


def _asked_for_proof(situation: Situation, asks: Asked) -> Turn:
    phrase = Phrase.ASK_DOCUMENT if situation.proof is CallProof.DOCUMENT else Phrase.ASK_BIRTH_YEAR
    return Turn((Phrase.NOT_UNDERSTOOD, phrase) if asks is Asked.PROOF_AGAIN else (phrase,), asks)


def _confirmed(situation: Situation) -> Turn:
    if situation.may_tell and situation.has_script:
        return Turn((Phrase.SCRIPT, Phrase.MENU), Asked.MENU, Effect.CONFIRMED)
    if situation.inbound:
        return Turn((Phrase.MENU,), Asked.MENU, Effect.CONFIRMED)
    return Turn((Phrase.NOTHING_NOW,))


def _menu(asked: Asked, keys: str, situation: Situation) -> Turn:
    if keys in (REPEAT, "*") and situation.has_script and situation.may_tell:
        return Turn((Phrase.SCRIPT, Phrase.MENU), Asked.MENU)
    if keys == PROMISE_KEY:
        return Turn((Phrase.ASK_DAY,), Asked.DAY)
    if keys == AGENT_KEY:
        if situation.agent_open:
            return Turn((Phrase.CONNECTING,), Asked.AGENT)
        return Turn((Phrase.WE_CALL_BACK,), effect=Effect.CALL_BACK)
    if keys == LINK_KEY and situation.link_open:
        return Turn((Phrase.LINK_COMES,), effect=Effect.LINK)
    return Turn((Phrase.NOT_UNDERSTOOD, Phrase.MENU), Asked.MENU_AGAIN) if asked is Asked.MENU else GOODBYE


def _day(asked: Asked, keys: str, situation: Situation) -> Turn:
    day = day_of(keys, situation.today)
    if day is not None:
        return Turn((Phrase.READ_BACK,), Asked.CHECK, day=day)
    if asked is Asked.DAY:
        return Turn((Phrase.BAD_DAY, Phrase.ASK_DAY), Asked.DAY_AGAIN)
    return Turn((Phrase.BAD_DAY, Phrase.MENU), Asked.MENU_AGAIN)


def _check(asked: Asked, keys: str, situation: Situation) -> Turn:
    if keys == YES and situation.day is not None:
        return Turn((Phrase.PROMISED,), effect=Effect.PROMISE, day=situation.day)
    if keys == NO:
        return Turn((Phrase.ASK_DAY,), Asked.DAY)
    if asked is Asked.CHECK:
        return Turn((Phrase.READ_BACK,), Asked.CHECK_AGAIN, day=situation.day)
    return GOODBYE
