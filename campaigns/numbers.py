"""In which zones the holder of a telephone number may live, by the area codes that the packs list."""

from collections.abc import Iterable
from functools import lru_cache

from campaigns.resolved_pack import Pack

_MX_OLD_MOBILE = "521"


class NumberPlan:
    """The area codes of some packs; numbers are ported and people move, so an answer may only ever narrow."""

    __slots__ = ("_plans", "zones_of")

    def __init__(self, packs: Iterable[Pack]) -> None:
        self._plans: dict[str, tuple[dict[str, tuple[str, ...]], tuple[str, ...]]] = {}
        for pack in packs:
            if pack.numbers is not None:
                areas = {code: area.zones for area in pack.numbers.areas for code in area.codes}
                self._plans.update(dict.fromkeys(pack.numbers.calling_codes, (areas, pack.zones)))
        self.zones_of = lru_cache(maxsize=4_096)(self._zones_of)
        """The zones of a number in E.164; of its whole country where its area is not listed, none where that is not."""

    def _zones_of(self, number: str) -> tuple[str, ...]:
        digits = number.removeprefix("+")
        if digits.startswith(_MX_OLD_MOBILE) and len(digits) == 13:
            digits = "52" + digits[3:]
        code = _longest_start(digits, self._plans)
        if code is None:
            return ()
        areas, everywhere = self._plans[code]
        area = _longest_start(digits[len(code) :], areas)
        return everywhere if area is None else areas[area]


def _longest_start(digits: str, codes: Iterable[str]) -> str | None:
    return max((code for code in codes if digits.startswith(code)), key=len, default=None)
