"""Turns number words of the three languages into digits, before dates and amounts are sought."""

from collections.abc import Sequence

SPANISH = {
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17,
    "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiuno": 21, "veintiun": 21, "veintidos": 22,
    "veintitres": 23, "veinticuatro": 24, "veinticinco": 25, "veintiseis": 26, "veintisiete": 27,
    "veintiocho": 28, "veintinueve": 29, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60,
    "setenta": 70, "ochenta": 80, "noventa": 90, "cien": 100, "ciento": 100, "doscientos": 200,
    "trescientos": 300, "cuatrocientos": 400, "quinientos": 500, "seiscientos": 600, "setecientos": 700,
    "ochocientos": 800, "novecientos": 900, "mil": 1000, "millon": 1_000_000, "millones": 1_000_000,
}  # fmt: skip
PORTUGUESE = {
    "dois": 2, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7, "oito": 8, "nove": 9,
    "dez": 10, "onze": 11, "doze": 12, "treze": 13, "quatorze": 14, "catorze": 14, "quinze": 15,
    "dezesseis": 16, "dezessete": 17, "dezoito": 18, "dezenove": 19, "vinte": 20, "trinta": 30,
    "quarenta": 40, "cinquenta": 50, "sessenta": 60, "setenta": 70, "oitenta": 80, "noventa": 90, "cem": 100,
    "cento": 100, "duzentos": 200, "trezentos": 300, "quatrocentos": 400, "quinhentos": 500,
    "seiscentos": 600, "setecentos": 700, "oitocentos": 800, "novecentos": 900, "mil": 1000,
    "milhao": 1_000_000, "milhoes": 1_000_000,
}  # fmt: skip
ENGLISH = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000,
    "million": 1_000_000, "tenth": 10, "fifteenth": 15, "twentieth": 20, "thirtieth": 30, "third": 3,
    "fourth": 4, "fifth": 5,
}  # fmt: skip
WORDS = {"es": SPANISH, "pt": PORTUGUESE, "en": ENGLISH, None: PORTUGUESE | SPANISH}
JOINERS = frozenset({"y", "e", "and"})
THOUSAND = 1000


def spell_digits(words: Sequence[str], language: str | None) -> list[str]:
    """Return the words with runs such as "mil quinientos" or "treinta y uno" replaced by "1500" or "31"."""
    table = WORDS.get(language, SPANISH)
    spelled: list[str] = []
    index = 0
    while index < len(words):
        value, index_after = _run(words, index, table)
        spelled.append(words[index] if value is None else str(value))
        index = max(index_after, index + 1)
    return spelled


def _run(words: Sequence[str], start: int, table: dict[str, int]) -> tuple[int | None, int]:
    """Return the value of the number words from `start` on, and the index after them."""
    total, index = _digits_of_thousands(words, start)
    if index == start and (words[start] not in table or (start and words[start - 1].isdigit())):
        return None, start
    current = 0
    while index < len(words):
        step = _next_value(words, index, table, total, current)
        if step is None:
            break
        value, index = step
        total, current = _add(total, current, value)
    return total + current, index


def _digits_of_thousands(words: Sequence[str], start: int) -> tuple[int, int]:
    """Read the mixed form "2 mil (quinientos)"."""
    mixed = words[start].isdigit() and len(words[start]) <= 3 and list(words[start + 1 : start + 2]) == ["mil"]
    return (int(words[start]) * THOUSAND, start + 2) if mixed else (0, start)


def _next_value(
    words: Sequence[str], index: int, table: dict[str, int], total: int, current: int
) -> tuple[int, int] | None:
    word = words[index]
    if word in JOINERS and total + current and index + 1 < len(words):
        following = table.get(words[index + 1]) or (1 if words[index + 1] in ("uno", "um", "one") else None)
        if following is None or not _fits_after(total, current, following):
            return None
        return following, index + 2
    value = table.get(word)
    if value is None or not (_fits_after(total, current, value) or _multiplies(current, value)):
        return None
    return value, index + 1


def _fits_after(total: int, current: int, value: int) -> bool:
    if current == 0:
        return value < THOUSAND or total == 0
    if current % 100 == 0:
        return value < 100
    return current % 10 == 0 and current % 100 >= 20 and value < 10


def _multiplies(current: int, value: int) -> bool:
    return current > 0 and (value >= THOUSAND or (value == 100 and current < 10))


def _add(total: int, current: int, value: int) -> tuple[int, int]:
    if value >= THOUSAND:
        return total + max(current, 1) * value, 0
    if value == 100 and 0 < current < 10:
        return total, current * value
    return total, current + value
