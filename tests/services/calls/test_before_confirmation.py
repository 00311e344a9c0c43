"""Until somebody says that they are the one, no call tells of a debt; shown over all ways and languages."""

import re
from collections import deque
from collections.abc import Iterator
from datetime import date

import pytest

from services.calls.flow import Asked, Effect, Phrase, Situation, turn
from services.calls.prompts import Prompts, neutral_name
from services.creditors import CallProof, Creditor
from tests.services.calls.line import Line, spoken

TODAY = date(2026, 11, 24)
SCRIPT = "Le llamamos de parte de Financiera Demo: hoy vence su pago de mil cincuenta pesos."
KEYS = ("", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "2711", "0000", "completed", "busy")
TELLING = re.compile(
    r"deud|adeud|pag|cobr|venc|monto|saldo|cr[eé]dit|pr[eé]stam|cuota|mora|peso|d[oó]lar|real|reais|d[ií]vid|empr[eé]st"
    r"|parcela|fatura|debt|owe|pay|due|loan|lend|credit|amount|balance|overdue|collect|install|dollar|financ|banc|bank"
    r"|mil|cincuenta|cinquenta|thousand|noviembre|novembro|november|\d",
    re.IGNORECASE,
)
LANGUAGES = ("es", "pt", "en")
SITUATIONS = [
    Situation(TODAY, may_tell, has_script, agent_open, inbound, proof=proof, proven=proven, link_open=link_open)
    for may_tell in (True, False)
    for has_script in (True, False)
    for agent_open, link_open in ((True, True), (False, False))
    for inbound in (True, False)
    for proof, proven in ((None, False), *((each, known) for each in CallProof for known in (True, False)))
]
PROOFS = (Asked.PROOF, Asked.PROOF_AGAIN)


def ways(situation: Situation) -> Iterator[tuple[Asked, str, bool, tuple[Phrase, ...]]]:
    """Every turn that can come: what was asked, the keys, whether anyone is confirmed after it, and what is said."""
    waiting, seen = deque([(Asked.START, False)]), {(Asked.START, False)}
    while waiting:
        asked, confirmed = waiting.popleft()
        for keys in KEYS:
            following = turn(asked, keys, situation)
            after = confirmed or following.effect is Effect.CONFIRMED
            yield asked, keys, after, following.say
            if following.asks is not None and (following.asks, after) not in seen:
                seen.add((following.asks, after))
                waiting.append((following.asks, after))


@pytest.mark.parametrize("situation", SITUATIONS, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("brand", ["Demo", None])
def test_no_way_through_a_call_tells_before_the_confirmation(
    situation: Situation, language: str, brand: str | None
) -> None:
    prompts = Prompts(language, brand, "Zarvol", SCRIPT if situation.has_script else None)
    walked = list(ways(situation))
    for asked, keys, confirmed, phrases in walked:
        said = " ".join(prompts.say(phrase, TODAY) for phrase in phrases)
        assert confirmed or not TELLING.search(said), f"{asked} {keys!r} {said}"
    assert {asked for asked, *_ in walked} >= {Asked.START, Asked.IDENTITY, Asked.IDENTITY_AGAIN}


def test_only_a_yes_confirms_and_where_proof_is_asked_for_only_the_proof() -> None:
    for situation in SITUATIONS:
        for asked in Asked:
            for keys in KEYS:
                if turn(asked, keys, situation).effect is not Effect.CONFIRMED:
                    continue
                if situation.proof is None:
                    assert asked in PROOFS or (asked in (Asked.IDENTITY, Asked.IDENTITY_AGAIN) and keys == "1")
                else:
                    assert asked in PROOFS
                    assert situation.proven


def test_every_state_is_reached_and_every_call_ends_when_nobody_answers() -> None:
    reached = {asked for situation in SITUATIONS for asked, *_ in ways(situation)}
    assert reached == set(Asked)
    for situation in SITUATIONS:
        for asked in Asked:
            following: Asked | None = asked
            for _ in range(6):
                following = turn(following, "", situation).asks if following else None
            assert following is None


@pytest.mark.parametrize(
    ("name", "brand", "expected"),
    [
        ("Financiera Demo, S.A. de C.V.", "Demo", "Demo"),
        ("Financiera Demo, S.A. de C.V.", None, None),
        ("Cobranzas del Sur", None, None),
        ("Banco Azteca", None, None),
        ("Norte Uno, S.A. de C.V.", None, "Norte Uno"),
        ("Norte", "Recuperadora Norte", None),
        ("Acme Credit Union", None, None),
    ],
)
def test_a_name_that_tells_its_trade_is_not_said(name: str, brand: str | None, expected: str | None) -> None:
    creditor = Creditor(
        ref="x", name=name, brand=brand, type="financial_entity", collector="first_party", jurisdiction="MX"
    )
    assert neutral_name(creditor) == expected


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("language", "voice", "name", "words"),
    [
        ("es-MX", "Polly.Mia-Neural", "Hola, llamamos de Demo. ¿Hablo con Zarvol?", "mil cincuenta pesos"),
        ("pt-BR", "Polly.Camila-Neural", "Olá, ligamos da Demo. Falo com Zarvol?", "mil e cinquenta pesos"),
        ("en-US", "Polly.Joanna-Neural", "Hello, this is Demo calling. Am I speaking with Zarvol?", "fifty pesos"),
    ],
)
@pytest.mark.parametrize("keys", [(), ("", "1"), ("1", "1"), ("2",), ("9",), ("3", "2"), ("8", "9")])
async def test_no_document_of_a_call_tells_before_the_confirmation(
    line: Line, language: str, voice: str, name: str, words: str, keys: tuple[str, ...]
) -> None:
    call = await line.call(*keys, language=language)
    assert spoken(call.scripts[0]).startswith(name)
    assert f'voice="{voice}" language="{language}"' in call.scripts[0]
    told = keys.index("1") + 1 if "1" in keys else len(call.scripts)
    for script in call.scripts[:told]:
        assert not TELLING.search(spoken(script))
    for script in call.scripts[told : told + 1]:
        assert words in spoken(script)
