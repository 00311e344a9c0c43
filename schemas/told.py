"""Sentences of findings, each in English and Spanish from the same parts.

A `Told` is the English text, for whoever takes it as a text (commands, JSON, logs); it knows its Spanish wording too.
"""


class Told(str):
    """A sentence, or a piece of one."""

    spanish: str

    def __new__(cls, english: str, spanish: str | None = None) -> "Told":
        """The English text; without a Spanish one it is the same in both."""
        made = super().__new__(cls, english)
        made.spanish = english if spanish is None else spanish
        return made

    def __reduce__(self) -> tuple[type["Told"], tuple[str, str]]:
        """What copies and other processes make it from."""
        return Told, (str(self), self.spanish)


NOTHING = Told("")


def told(english: str, spanish: str, /, **parts: object) -> Told:
    """A sentence from two wordings with the same `{parts}`; a part that is told itself reads in each language."""
    return Told(english.format(**parts), spanish.format(**{name: spanish_of(part) for name, part in parts.items()}))


def placed(place: str, message: Told) -> Told:
    """A sentence behind its place, such as `file:line:column`."""
    return Told(f"{place}: {message}", f"{place}: {message.spanish}")


def spanish_of(part: object) -> object:
    """The Spanish wording of what has one; anything else as it is."""
    return part.spanish if isinstance(part, Told) else part
