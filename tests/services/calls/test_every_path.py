"""Every question of a call, every key, silence and hanging up: where each leads, in theory and on the line."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from channels.twiml import Question, Transfer, twiml
from services.calls.flow import OUTCOMES, Asked, Situation, outcome_of, turn
from services.calls.prompts import Prompts, speech
from services.creditors import CallProof
from tests.services.calls.line import Line, spoken
from tests.services.calls.structure import check_structure

TODAY = date(2026, 11, 24)
KEYS = ("", *"0123456789", "*", "#", "2711", "9999", "1985", "99")
ENDS = "the end"
ANY = "any other"
OPEN = Situation(TODAY, may_tell=True, has_script=True, agent_open=True, day=date(2026, 11, 27), link_open=True)
# From a question, by the keys that come, to the next question, or to what the call came to.
TABLE: Mapping[Asked, Mapping[str, str]] = {
    Asked.IDENTITY: {"1": "menu", "2": "wrong_party", "9": "opted_out", ANY: "identity-again"},
    Asked.IDENTITY_AGAIN: {"1": "menu", "2": "wrong_party", "9": "opted_out", ANY: ENDS},
    Asked.MENU: {
        "1": "menu",
        "*": "menu",
        "2": "day",
        "3": "agent",
        "4": "link",
        "9": "opted_out",
        ANY: "menu-again",
    },
    Asked.MENU_AGAIN: {"1": "menu", "*": "menu", "2": "day", "3": "agent", "4": "link", "9": "opted_out", ANY: ENDS},
    Asked.DAY: {"2711": "check", "9": "opted_out", ANY: "day-again"},
    Asked.DAY_AGAIN: {"2711": "check", "9": "opted_out", ANY: "menu-again"},
    Asked.CHECK: {"1": "promise", "2": "day", "9": "opted_out", ANY: "check-again"},
    Asked.CHECK_AGAIN: {"1": "promise", "2": "day", "9": "opted_out", ANY: ENDS},
    Asked.AGENT: {ANY: "call_back"},
}
PROVING: Mapping[Asked, Mapping[str, str]] = {
    Asked.IDENTITY: {"1": "proof", "2": "wrong_party", "9": "opted_out", ANY: "identity-again"},
    Asked.IDENTITY_AGAIN: {"1": "proof", "2": "wrong_party", "9": "opted_out", ANY: ENDS},
    Asked.PROOF: {"1985": "menu", "9": "opted_out", ANY: "proof-again"},
    Asked.PROOF_AGAIN: {"1985": "menu", "9": "opted_out", ANY: "not_proven"},
}
# How each question is come to.
PATHS: Mapping[Asked, tuple[str, ...]] = {
    Asked.IDENTITY: (),
    Asked.IDENTITY_AGAIN: ("",),
    Asked.MENU: ("1",),
    Asked.MENU_AGAIN: ("1", ""),
    Asked.DAY: ("1", "2"),
    Asked.DAY_AGAIN: ("1", "2", "9999"),
    Asked.CHECK: ("1", "2", "2711"),
    Asked.CHECK_AGAIN: ("1", "2", "2711", ""),
}


def expected(table: Mapping[Asked, Mapping[str, str]], asked: Asked, keys: str) -> str:
    return table[asked].get(keys, table[asked][ANY])


def reached(asked: Asked, keys: str, situation: Situation) -> str:
    """Where a turn leads: to a question, or to what the call came to."""
    following = turn(asked, keys, situation)
    return (following.asks.value if following.asks else outcome_of(following)) or ENDS


@pytest.mark.parametrize("keys", KEYS)
@pytest.mark.parametrize("asked", TABLE)
def test_every_key_leads_where_the_table_says(asked: Asked, keys: str) -> None:
    assert reached(asked, keys, OPEN) == expected(TABLE, asked, keys)


@pytest.mark.parametrize("proof", CallProof)
@pytest.mark.parametrize("keys", KEYS)
@pytest.mark.parametrize("asked", PROVING)
def test_where_proof_is_asked_for_every_key_leads_where_the_table_says(
    asked: Asked, keys: str, proof: CallProof
) -> None:
    situation = replace(OPEN, proof=proof, proven=keys == "1985")
    assert reached(asked, keys, situation) == expected(PROVING, asked, keys)


def test_what_is_closed_leads_elsewhere() -> None:
    closed = replace(OPEN, agent_open=False, link_open=False, may_tell=False)
    assert reached(Asked.IDENTITY, "1", closed) == ENDS
    assert reached(Asked.IDENTITY, "1", replace(closed, inbound=True)) == "menu"
    assert reached(Asked.MENU, "1", closed) == "menu-again"
    assert reached(Asked.MENU, "3", closed) == "call_back"
    assert reached(Asked.MENU, "4", closed) == "menu-again"
    assert reached(Asked.AGENT, "completed", closed) == ENDS


@pytest.mark.parametrize("link", [True, False])
@pytest.mark.parametrize("language", ["es-MX", "pt-BR", "en-US"])
def test_every_turn_is_a_document_that_twilio_takes(language: str, link: bool) -> None:
    prompts = Prompts(language[:2], "Demo", "Zarvol", "Hoy vence su pago.", link)
    address = "http://127.0.0.1:8080/callbacks/twilio/voice/01890000-0000-7000-8000-000000000001/1/menu?k=" + "x" * 22
    documents = set()
    for asked in Asked:
        for keys in (*KEYS, "busy", "completed"):
            for proof in (None, *CallProof):
                following = turn(asked, keys, replace(OPEN, proof=proof, link_open=link))
                then: Question | Transfer | None = None
                if following.asks is not None:
                    then = Question(address, 4)
                if following.asks is Asked.AGENT:
                    then = Transfer("+525550000000", "+525550000002", 60, address)
                sentences = [prompts.say(phrase, following.day) for phrase in following.say]
                documents.add(twiml(speech(language, None), sentences, then))
    for document in documents:
        check_structure(document)
    assert len(documents) > 15


def test_every_effect_is_an_outcome_by_name() -> None:
    assert len(set(OUTCOMES.values())) == len(OUTCOMES)


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("keys", [*KEYS, "hangup"])
@pytest.mark.parametrize("asked", PATHS)
async def test_on_the_line_every_key_leads_where_the_table_says(line: Line, asked: Asked, keys: str) -> None:
    line.twilio.settings.agent = "busy"
    call = await line.call(*PATHS[asked], keys, "hangup")
    await walked(line, call.scripts, len(PATHS[asked]), asked)
    if keys == "hangup":
        assert len(call.scripts) == len(PATHS[asked]) + 1
        return
    # A single key is all that is taken where one is asked for.
    pressed = keys if asked in (Asked.DAY, Asked.DAY_AGAIN) else keys[:1]
    wanted = expected(TABLE, asked, "" if pressed == "#" else pressed)
    if wanted == "link":
        wanted = expected(TABLE, asked, "0")
    if wanted == "agent":
        assert "<Dial" in call.scripts[len(PATHS[asked]) + 1]
        assert await line.outcome(call) == "call_back"
    elif wanted in OUTCOMES.values():
        assert await line.outcome(call) == wanted
        assert len(call.scripts) == len(PATHS[asked]) + 2
    elif wanted == ENDS:
        assert "<Hangup" in call.scripts[-1]
    else:
        assert asked_by(call.scripts[len(PATHS[asked]) + 1]) == wanted


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("keys", "outcome", "delivered"),
    [
        (("1", "1985", "hangup"), "right_party", True),
        (("1", "1984", "1985", "hangup"), "right_party", True),
        (("1", "1984", "1986"), "not_proven", False),
        (("1", "", ""), "not_proven", False),
        (("1", "9"), "opted_out", False),
        (("2",), "wrong_party", False),
        (("1", "hangup"), "unconfirmed", False),
    ],
)
async def test_a_lender_may_ask_for_more_than_a_yes(
    proving_line: Line, keys: tuple[str, ...], outcome: str, delivered: bool
) -> None:
    line = proving_line
    call = await line.call(*keys, verification={"birthYear": "1985"})
    assert any("pesos" in spoken(script) for script in call.scripts) is delivered
    assert ("delivered" in await line.life()) is delivered
    assert await line.outcome(call) == outcome
    sql = "select digits from call_step s join call c on c.id = s.call_id where debtor_ref = $1"
    rows = await line.rows(sql, line.ref)
    assert not any("198" in row["digits"] for row in rows)


@pytest.mark.asyncio(loop_scope="module")
async def test_of_whom_no_such_fact_is_known_a_yes_is_enough(proving_line: Line) -> None:
    call = await proving_line.call("1", "hangup", verification={"document": "1234"})
    assert "mil cincuenta pesos" in spoken(call.scripts[1])


async def walked(line: Line, scripts: list[str], steps: int, asked: Asked) -> None:
    """The way to a question is the way there; every document on it is sound."""
    for script in scripts:
        check_structure(script)
    assert asked_by(scripts[steps]) == asked.value


def asked_by(script: str) -> str:
    """The question in whose address the answer to a script goes."""
    gather = ElementTree.fromstring(script).find("Gather")
    assert gather is not None
    return gather.attrib["action"].partition("?")[0].rpartition("/")[2]
