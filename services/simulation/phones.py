"""Numbers of which a look at the digits tells that somebody can be reached by them."""

import re

from channels.phones import COUNTED

_SURE = re.compile(
    r"\+(?:52([2-9]\d{9})|57(3\d{9})|51(9\d{8})|56(9\d{8})|593(9\d{8})|55([1-9]{2}9\d{8})|1([2-9]\d\d[2-9]\d{6}))"
)


def surely_reachable(phone: str) -> bool:
    """True only where `channels.phones.canonical` finds a number, which takes fifty times as long."""
    found = _SURE.fullmatch(phone)
    if found is None or found.lastindex is None:
        return False
    national = found[found.lastindex]
    return len(set(national)) > 1 and national not in COUNTED
