"""Phone numbers as people and providers write them, brought to the one E.164 form."""

import re
from functools import lru_cache

import phonenumbers

SEPARATORS = re.compile(r"[\s\-.()/\u00a0\u2010-\u2015\u202a-\u202e\u2066-\u2069]+")
DIALABLE = re.compile(r"\+?\d{7,18}")
# Dialled before Mexican numbers until August 2019, when ten digits became enough for everyone.
MX_LEGACY = re.compile(r"(?:044|045|01|1)(?=\d{10}$)")
# Brazilian mobiles got a ninth digit, always 9, between 2012 and 2016; landlines start with 2 to 5.
BR_WITHOUT_NINTH = re.compile(r"(\d\d)([6-9]\d{7})")
BRAZIL = 55
AR_MOBILE = re.compile(r"\+549(?=\d{10}$)")
WHATSAPP_USER = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{6,64}")
COUNTED = frozenset({"0123456789", "1234567890", "9876543210"})
MAX_WRITTEN = 40


@lru_cache(maxsize=8192)  # 80 µs each; a number is asked for by the import, then by the intake
def canonical(value: str, country: str | None = None) -> str | None:
    """The number as `+` and digits, None where no one can be reached by it.

    `country` (ISO 3166 alpha-2) is used for numbers without one; a number that has one keeps it.
    """
    if len(value) > MAX_WRITTEN:
        return None
    written = SEPARATORS.sub("", value.strip().removeprefix("whatsapp:").removeprefix("tel:"))
    if not DIALABLE.fullmatch(written) or not written.isascii():
        return None
    region = country.upper() if country else None
    return _valid(_international(written, region), region, whole=written.startswith(("+", "00")))


def is_whatsapp_user(value: str) -> bool:
    """Whether it is the name WhatsApp gives somebody who hides their number; nobody can be written to by it here."""
    return WHATSAPP_USER.fullmatch(value) is not None


def comparable(e164: str) -> str:
    """What two forms of one canonical number have in common: Argentina's 9 for mobiles comes and goes."""
    return AR_MOBILE.sub("+54", e164)


def _international(written: str, country: str | None) -> str:
    """With `+` where the country is known from the digits, without its legacy prefixes."""
    if written.startswith("00"):
        written = "+" + written[2:]
    if country == "MX" and not written.startswith("+"):
        written = MX_LEGACY.sub("", written)
        written = "+52" + written if len(written) == 10 else "+" + written
    elif country is None and not written.startswith("+"):
        written = "+" + written
    if written.startswith("+52"):
        return "+52" + MX_LEGACY.sub("", written[3:])
    return written


def _valid(number: str, country: str | None, *, whole: bool) -> str | None:
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None
    national = str(parsed.national_number)
    if parsed.country_code == BRAZIL and (short := BR_WITHOUT_NINTH.fullmatch(national)):
        parsed.national_number = int(f"{short[1]}9{short[2]}")
    if not _may_exist(parsed, whole=whole) or _is_junk(national):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _may_exist(parsed: phonenumbers.PhoneNumber, *, whole: bool) -> bool:
    """Plans change faster than our copy of them: a full number of the right length is the provider's to judge.

    A number that we completed ourselves must be a known one, since the guess may be wrong.
    """
    return bool(phonenumbers.is_valid_number(parsed) or (whole and phonenumbers.is_possible_number(parsed)))


def _is_junk(national: str) -> bool:
    """Typed to fill a field: one digit only, or all ten counted up or down."""
    return len(set(national)) == 1 or national in COUNTED
