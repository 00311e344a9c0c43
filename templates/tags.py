"""Language tags (BCP 47): their canonical form and the order in which languages stand in for each other."""

import re
from functools import lru_cache

_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?")


@lru_cache(maxsize=1024)
def canonical(tag: str) -> str | None:
    """`es_mx` → `es-MX`; None for what is not a language tag."""
    match = _TAG.fullmatch(tag)
    if match is None:
        return None
    language, script, region = match.groups()
    return "-".join(part for part in (language.lower(), script and script.title(), region and region.upper()) if part)


def base(tag: str) -> str:
    """The language alone: `es-MX` → `es`."""
    return tag.split("-", 1)[0]


@lru_cache(maxsize=4096)
def fallbacks(language: str, default: str) -> tuple[str, ...]:
    """Languages to try, in order: `es-MX`, `es`, then the default and its base."""
    chain: list[str] = []
    for tag in (canonical(language), canonical(default)):
        while tag:
            if tag not in chain:
                chain.append(tag)
            tag = tag.rpartition("-")[0]
    return tuple(chain)
