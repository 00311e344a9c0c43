"""Secrets in what got out, found in one pass over the text however many there are."""

from collections.abc import Iterable, Iterator

HEAD = 6


def leaks(text: str, secrets: Iterable[str]) -> Iterator[int]:
    """Where a secret stands in a text, in whatever case, by its own letters or as its bytes were misread."""
    folded = text.lower()
    wanted = {form for secret in secrets for form in _forms(secret)}
    short = {form for form in wanted if len(form) < HEAD}
    yield from (place for form in short if (place := folded.find(form)) >= 0)
    heads = {form[:HEAD] for form in wanted - short}
    lengths = sorted({len(form) for form in wanted - short})
    for place in range(len(folded) - HEAD + 1 if heads else 0):
        if folded[place : place + HEAD] in heads and any(folded[place : place + n] in wanted for n in lengths):
            yield place


def _forms(secret: str) -> tuple[str, str]:
    return secret.lower(), secret.encode().decode("latin-1").lower()
