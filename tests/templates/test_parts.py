"""SMS parts against a counter written from the standard, and transliteration that never loses a message."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.enums import Encoding
from templates.parts import GSM7_BASIC, GSM7_EXTENSION, measure, transliterate

GSM_TEXT = st.text(alphabet=sorted(GSM7_BASIC | GSM7_EXTENSION), max_size=700)
SPANISH = st.text(alphabet="abc áéíóúñÁÍÓÚç¿¡“”’–—…\u00a0\u202f1$", max_size=400)
LATIN = st.text(st.characters(max_codepoint=0xFF), max_size=400)

GSM_03_38 = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


def packed_parts(text: str) -> tuple[Encoding, int]:
    """Parts by filling them one character at a time, as a handset would have to join them."""
    gsm = all(c in GSM7_BASIC or c in GSM7_EXTENSION for c in text)
    if gsm:
        sizes = [2 if c in GSM7_EXTENSION else 1 for c in text]
        single, joined, encoding = 160, 153, Encoding.GSM7
    else:
        sizes = [len(c.encode("utf-16-be")) // 2 for c in text]
        single, joined, encoding = 70, 67, Encoding.UCS2
    if sum(sizes) <= single:
        return encoding, 1
    parts, room = 1, joined
    for size in sizes:
        if size > room:
            parts, room = parts + 1, joined
        room -= size
    return encoding, parts


@given(GSM_TEXT | LATIN | st.text(max_size=400))
def test_parts_agree_with_filling_them_one_by_one(text: str) -> None:
    measured = measure(text)
    assert (measured.encoding, measured.parts) == packed_parts(text)


def test_basic_table_is_gsm_03_38_without_the_escape() -> None:
    assert len(GSM_03_38) == 128
    assert set(GSM_03_38) - {"\x1b"} == GSM7_BASIC


@pytest.mark.parametrize(
    ("text", "encoding", "characters", "parts"),
    [
        ("", Encoding.GSM7, 0, 1),
        ("a" * 160, Encoding.GSM7, 160, 1),
        ("a" * 161, Encoding.GSM7, 161, 2),
        ("a" * 306, Encoding.GSM7, 306, 2),
        ("a" * 307, Encoding.GSM7, 307, 3),
        ("€" * 80, Encoding.GSM7, 160, 1),
        ("a" * 152 + "€" + "a" * 152, Encoding.GSM7, 306, 3),
        ("ñ¿¡üéÑàèìòùÇ", Encoding.GSM7, 12, 1),
        ("í", Encoding.UCS2, 1, 1),
        ("í" * 70, Encoding.UCS2, 70, 1),
        ("í" * 71, Encoding.UCS2, 71, 2),
        ("í" * 134, Encoding.UCS2, 134, 2),
        ("😀" * 35, Encoding.UCS2, 70, 1),
        ("😀" * 36, Encoding.UCS2, 72, 2),
        ("a" * 66 + "😀" + "a" * 66, Encoding.UCS2, 134, 3),
    ],
)
def test_edges_of_parts(text: str, encoding: Encoding, characters: int, parts: int) -> None:
    assert measure(text) == (encoding, characters, parts)


@given(SPANISH | LATIN | st.text(max_size=200))
def test_transliteration_gives_gsm7_or_leaves_the_text_alone(text: str) -> None:
    result = transliterate(text)
    assert result == text or measure(result).encoding is Encoding.GSM7


@given(SPANISH)
def test_spanish_text_always_reaches_gsm7(text: str) -> None:
    assert measure(transliterate(text)).encoding is Encoding.GSM7


@given(st.text(max_size=200))
def test_transliterating_twice_changes_nothing_more(text: str) -> None:
    once = transliterate(text)
    assert transliterate(once) == once


@given(GSM_TEXT)
def test_what_gsm7_has_stays(text: str) -> None:
    assert transliterate(text) == text


@given(SPANISH)
def test_letters_gsm7_has_survive_beside_replaced_ones(text: str) -> None:
    kept = [c for c in text if c in "éñ¿¡"]
    assert [c for c in transliterate(text) if c in "éñ¿¡"] == kept


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("María pagó más", "Maria pago mas"),
        ("Año, niña, pingüino, café", "Año, niña, pingüino, café"),
        ("João São Açaí", "Joao Sao Acai"),
        ("“Hola” – ‘sí’…", "\"Hola\" - 'si'..."),
        ("$1\u00a0050\u202f50", "$1 050 50"),
        ("Łódź Škoda Zoë", "Lodz Skoda Zoe"),
        (unicodedata.normalize("NFD", "café María"), "café Maria"),
        ("a\u200bb\ufeffc", "abc"),
        ("María 😀", "María 😀"),
        ("Мария", "Мария"),
    ],
)
def test_transliteration_by_example(text: str, plain: str) -> None:
    assert transliterate(text) == plain
