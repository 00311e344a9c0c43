"""What a page is made with: who looks at it, in which language, and the parts of the product behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemas.told import Told
from services.console.entrance import Entrance
from services.console.formats import Formats
from services.console.live import Feeds
from services.console.passwords import Passwords
from services.console.rights import RIGHTS, Right
from services.console.sessions import Sessions, Visitor
from services.console.words import CHANNELS, COMMON, ROLES, STATES, Pair, Words, pick, word
from services.database import Database
from services.explanation_words import Language
from services.wiring import Parts

SCOPE = "puntual.visit"


@dataclass(frozen=True, slots=True)
class Console:
    """What all pages of a process share."""

    parts: Parts
    sessions: Sessions
    entrance: Entrance
    passwords: Passwords
    feeds: Feeds

    @property
    def database(self) -> Database:
        """The database."""
        return self.parts.database

    def now(self) -> datetime:
        """The present instant."""
        return self.parts.clock.now()


@dataclass(frozen=True, slots=True)
class Visit:
    """One page opened by one visitor; `params` are the parts of its address, `query` what follows the `?`."""

    console: Console
    visitor: Visitor
    language: Language
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]

    @property
    def database(self) -> Database:
        """The database."""
        return self.console.database

    @property
    def formats(self) -> Formats:
        """How this visitor writes numbers and instants."""
        return Formats(self.language, self.visitor.zone)

    def now(self) -> datetime:
        """The present instant."""
        return self.console.now()

    def may(self, right: Right) -> bool:
        """Whether this visitor's role has a right."""
        return right in RIGHTS[self.visitor.role]

    async def reading(self, read: Any, *arguments: Any, **named: Any) -> Any:
        """What a function of a store, called with a connection first, reads."""
        async with self.database.reading() as connection:
            return await read(connection, *arguments, **named)

    def say(self, words: Words, key: str, **values: object) -> str:
        """A text of a page, in this visitor's language."""
        return words(self.language, key, **values)

    def common(self, key: str, **values: object) -> str:
        """A text that all pages share."""
        return COMMON(self.language, key, **values)

    def pick(self, pair: Pair) -> str:
        """One of two texts, in this visitor's language."""
        return pick(pair, self.language)

    def told(self, sentence: Told) -> str:
        """A finding, in this visitor's language."""
        return sentence.spanish if self.language is Language.ES else str(sentence)

    def state(self, value: str | None) -> str:
        """What a state is called."""
        return word(STATES, value, self.language)

    def channel(self, value: str | None) -> str:
        """What a channel is called."""
        return word(CHANNELS, value, self.language)

    def role(self, value: str | None) -> str:
        """What a role is called."""
        return word(ROLES, value, self.language)
