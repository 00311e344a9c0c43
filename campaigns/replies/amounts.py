"""Finds the amounts of money that a clause names, with the currency where the words tell."""

import re
from dataclasses import dataclass
from decimal import Decimal

MAX_DIGITS = 10

PREFIXES = {
    "r$": "BRL", "us$": "USD", "u$s": "USD", "usd": "USD", "s/": "PEN", "€": "EUR", "mxn": "MXN", "cop": "COP",
    "clp": "CLP", "pen": "PEN", "brl": "BRL", "eur": "EUR", "ars": "ARS", "gtq": "GTQ",
}  # fmt: skip
UNITS = PREFIXES | {
    "dolares": "USD", "dolar": "USD", "dollars": "USD", "dollar": "USD", "bucks": "USD", "reais": "BRL", "real": "BRL",
    "soles": "PEN", "sol": "PEN", "euros": "EUR", "quetzales": "GTQ", "lempiras": "HNL", "colones": "CRC",
    "guaranies": "PYG", "bolivianos": "BOB", "cordobas": "NIO", "balboas": "PAB", "bolivares": "VES",
}  # fmt: skip
DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "BZD", "JMD", "TTD"})
OWN_UNITS = frozenset({"$", "pesos", "peso", "varos", "bolas", "mangos", "pesitos", "mn", "plata"})
SCALES = {"mil": 1000, "k": 1000, "lucas": 1000, "luca": 1000, "grand": 1000, "mill": 1_000_000, "millon": 1_000_000,
          "millones": 1_000_000, "palos": 1_000_000, "milhao": 1_000_000, "milhoes": 1_000_000,
          "thousand": 1000, "m": 1000}  # fmt: skip
COUNTED = (
    "%|por ciento|percent|pagos?|cuotas?|veces|vez|partes?|parcialidades|meses|anos|dias|semanas|quincenas"
    "|times?|installments?|payments?|parcelas?|vezes|horas?|am|pm|hrs|x|letras?|abonos?|hijos?|"
    "days|weeks|months|years|prestacoes"
)
LABELS = (
    "cuenta|folio|referencia|contrato|tarjeta|numero|terminacion|ref|tel|telefono|cel|celular|"
    "account|card|number|conta|cartao|los ultimos"
    "|debo|devo|owe|debia|de los|de mis|of the|dos meus|total de|deuda de|saldo de|de un total de|out of"
)

_UNIT = "|".join(sorted(map(re.escape, UNITS.keys() | OWN_UNITS), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?<= )(?:(?P<label>{LABELS}) )?(?:(?P<prefix>r\$|us\$|u\$s|s/|\$|€|usd|mxn|cop|clp|pen|"
    rf"brl|eur|ars|gtq) ?)?"
    rf"(?P<number>\d+(?:[.,]\d+)*) (?:(?P<scale>{'|'.join(SCALES)}) )?"
    rf"(?:(?:de )?(?P<unit>{_UNIT}) )?(?P<counted>(?:{COUNTED}) )?"
)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?:,\d{3})+")


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount at its place in a clause."""

    start: int
    end: int
    amount: Decimal
    currency: str | None


def find_amounts(clause: str, currency: str | None) -> list[Sum]:
    """Return the sums of money in a clause whose dates are blanked; counts, labels and phone numbers are none.

    A sum has a currency where its words name one; `currency`, the loan's, tells which dollars are meant.
    """
    return [found for match in _AMOUNT.finditer(clause) if (found := _sum(match, currency)) is not None]


def parse_amount(written: str) -> Decimal | None:
    """Read "1,050.50", "1.050,50", "1.500" or "500"; None where it cannot be a sum of money."""
    if sum(char.isdigit() for char in written) > MAX_DIGITS:
        return None
    if _THOUSANDS.fullmatch(written):
        return Decimal(re.sub(r"[.,]", "", written))
    last = max(written.rfind("."), written.rfind(","))
    if last < 0:
        return Decimal(written)
    whole, cents = re.sub(r"[.,]", "", written[:last]), written[last + 1 :]
    return Decimal(f"{whole}.{cents}") if len(cents) <= 2 else None


def _sum(match: "re.Match[str]", currency: str | None) -> Sum | None:
    amount = parse_amount(match["number"])
    if amount is None or match["counted"] or match["label"]:
        return None
    scaled = amount * SCALES.get(match["scale"] or "", 1)
    if scaled <= 0:
        return None
    return Sum(match.start(), match.end(), scaled, _currency(match["prefix"] or match["unit"], currency))


def _currency(unit: str | None, currency: str | None) -> str | None:
    named = UNITS.get(unit or "")
    if named == "USD" and unit in ("dollars", "dollar", "bucks", "dolares") and currency in DOLLARS:
        return currency
    return named
