"""Whole numbers in words, in Spanish, Portuguese and English, up to a trillion (10^12 - 1)."""

LIMIT = 10**12


def _words(text: str) -> list[str]:
    return text.split()


_ES_SMALL = _words(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
    "diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco "
    "veintiséis veintisiete veintiocho veintinueve"
)
_ES_TENS = _words(". . . treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_ES_HUNDREDS = _words(
    ". ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
)

_PT_SMALL = _words(
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis "
    "dezessete dezoito dezenove"
)
_PT_TENS = _words(". . vinte trinta quarenta cinquenta sessenta setenta oitenta noventa")
_PT_HUNDREDS = _words(". cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos")

_EN_SMALL = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_EN_TENS = _words(". . twenty thirty forty fifty sixty seventy eighty ninety")


def spanish(number: int, *, feminine: bool = False) -> str:
    """`21` → veintiuno; the form before a noun is `before_noun`."""
    if number < 0:
        return "menos " + spanish(-number, feminine=feminine)
    millions, rest = divmod(number, 10**6)
    words = []
    if millions == 1:
        words.append("un millón")
    elif millions:
        words.append(before_noun(_spanish_below_million(millions, feminine=False)) + " millones")
    if rest or not words:
        words.append(_spanish_below_million(rest, feminine=feminine))
    return " ".join(words)


def before_noun(spanish_words: str) -> str:
    """Spanish drops the last `o` of one before a masculine noun: veintiuno → veintiún, treinta y uno → treinta y un."""
    if spanish_words.endswith("veintiuno"):
        return spanish_words.removesuffix("veintiuno") + "veintiún"
    return spanish_words.removesuffix("o") if spanish_words.endswith("uno") else spanish_words


def _spanish_below_million(number: int, *, feminine: bool) -> str:
    thousands, rest = divmod(number, 1000)
    words = []
    if thousands == 1:
        words.append("mil")
    elif thousands:
        count = _spanish_below_thousand(thousands, feminine=feminine)
        words.append((count if feminine else before_noun(count)) + " mil")
    if rest or not words:
        words.append(_spanish_below_thousand(rest, feminine=feminine))
    return " ".join(words)


def _spanish_below_thousand(number: int, *, feminine: bool) -> str:
    if number == 100:
        return "cien"
    hundreds, rest = divmod(number, 100)
    words = []
    if hundreds:
        word = _ES_HUNDREDS[hundreds]
        words.append(word.replace("ientos", "ientas").replace("quinientos", "quinientas") if feminine else word)
    if rest or not words:
        words.append(_spanish_below_hundred(rest, feminine=feminine))
    return " ".join(words)


def _spanish_below_hundred(number: int, *, feminine: bool) -> str:
    if number < 30:
        word = _ES_SMALL[number]
    else:
        tens, unit = divmod(number, 10)
        word = _ES_TENS[tens] + (f" y {_ES_SMALL[unit]}" if unit else "")
    return word.removesuffix("o") + "a" if feminine and word.endswith("uno") else word


def portuguese(number: int, *, feminine: bool = False) -> str:
    """`1250` → mil duzentos e cinquenta (Brazilian forms)."""
    if number < 0:
        return "menos " + portuguese(-number, feminine=feminine)
    groups = _portuguese_groups(number, feminine=feminine)
    if len(groups) < 2:
        return groups[0][1] if groups else "zero"
    last_value, last_word = groups[-1]
    joint = " e " if last_value < 100 or last_value % 100 == 0 else " "
    return " ".join(word for _, word in groups[:-1]) + joint + last_word


def _portuguese_groups(number: int, *, feminine: bool) -> list[tuple[int, str]]:
    """The groups of three digits that are not zero, highest first, each with its words."""
    billions, number = divmod(number, 10**9)
    millions, number = divmod(number, 10**6)
    thousands, rest = divmod(number, 1000)
    groups = []
    for count, one, many in ((billions, "bilhão", "bilhões"), (millions, "milhão", "milhões")):
        if count:
            groups.append((count, f"{_portuguese_below_thousand(count)} {one if count == 1 else many}"))
    if thousands:
        words = _portuguese_below_thousand(thousands, feminine=feminine)
        groups.append((thousands, "mil" if thousands == 1 else f"{words} mil"))
    if rest:
        groups.append((rest, _portuguese_below_thousand(rest, feminine=feminine)))
    return groups


def _portuguese_below_thousand(number: int, *, feminine: bool = False) -> str:
    if number == 100:
        return "cem"
    hundreds, rest = divmod(number, 100)
    words = [_PT_HUNDREDS[hundreds]] if hundreds else []
    if rest >= 20:
        words.append(_PT_TENS[rest // 10])
        rest %= 10
    if rest:
        words.append(_PT_SMALL[rest])
    return " e ".join(_portuguese_feminine(word) if feminine else word for word in words)


def _portuguese_feminine(word: str) -> str:
    if word.endswith("entos"):
        return word.removesuffix("os") + "as"
    return {"um": "uma", "dois": "duas"}.get(word, word)


def english(number: int) -> str:
    """`1250` → one thousand two hundred and fifty."""
    if number < 0:
        return "minus " + english(-number)
    words = []
    rest = number
    for scale, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand")):
        count, rest = divmod(rest, scale)
        if count:
            words.append(f"{_english_below_thousand(count)} {name}")
    if words and 0 < rest < 100:
        words.append("and")
    if rest or not words:
        words.append(_english_below_thousand(rest))
    return " ".join(words)


def _english_below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_EN_SMALL[hundreds]} hundred"] if hundreds else []
    if rest or not words:
        tens, unit = divmod(rest, 10)
        below = _EN_SMALL[rest] if rest < 20 else _EN_TENS[tens] + (f"-{_EN_SMALL[unit]}" if unit else "")
        words.append(below)
    return " and ".join(words)
