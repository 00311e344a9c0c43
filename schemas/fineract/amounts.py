"""Fineract's decimals (unscaled big-endian bytes, scale 8) as the text of native events; nothing is rounded."""

from typing import Any

_SCALE = 8
_ROOM = 10**_SCALE
_MAX_BYTES = 12


def decimal_text(raw: bytes, places: int) -> str:
    """The amount as a decimal with at least `places` digits after the point, more where they are not zero."""
    if not 1 <= len(raw) <= _MAX_BYTES:
        raise ValueError(f"an amount must have 1 to {_MAX_BYTES} bytes")
    unscaled = int.from_bytes(raw, "big", signed=True)
    sign = "-" if unscaled < 0 else ""
    whole, part = divmod(abs(unscaled), _ROOM)
    digits = (f"{part:08d}".rstrip("0") if part else "").ljust(places, "0")
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def money(raw: bytes | None, currency: dict[str, Any]) -> dict[str, str] | None:
    """Native money, None for an absent amount; `currency` is Fineract's record."""
    return None if raw is None else {"amount": decimal_text(raw, _places(currency)), "currency": currency["code"]}


def parts(record: dict[str, Any] | None, currency: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The amounts of a record under our names, without the absent ones."""
    if record is None:
        return {}
    there = {ours: raw for ours, theirs in names.items() if (raw := record[theirs]) is not None}
    if not there:
        return {}
    code, places = currency["code"], _places(currency)
    return {ours: {"amount": decimal_text(raw, places), "currency": code} for ours, raw in there.items()}


def _places(currency: dict[str, Any]) -> int:
    places = currency["decimalPlaces"]
    return places if isinstance(places, int) and 0 <= places <= _SCALE else 2
