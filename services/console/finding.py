"""What somebody types into the search: a message, an attempt, a debtor, a loan, a number or a mailbox."""

from dataclasses import dataclass
from uuid import UUID

from channels.phones import canonical, comparable
from services.console.rights import Right
from services.console.visit import Visit
from services.store import console_lists as store

_FEWEST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Found:
    """One message, or the debtors to list; `personal` where what was typed must stay out of addresses."""

    message: UUID | None = None
    debtors: tuple[str, ...] = ()
    personal: bool = False
    forbidden: bool = False


async def find(visit: Visit, text: str) -> Found:
    """What a text names."""
    text = text.strip()
    if is_personal(text):
        return await _by_contact(visit, text) if visit.may(Right.FIND) else Found(personal=True, forbidden=True)
    try:
        message = await visit.reading(store.message_named, UUID(text))
    except ValueError:
        message = None
    if message is not None:
        return Found(message=message)
    return Found(debtors=tuple(await visit.reading(store.debtors_named, text)))


def is_personal(text: str) -> bool:
    """Whether a text looks like a number or a mailbox."""
    digits = sum(each.isdigit() for each in text)
    return "@" in text or (digits >= _FEWEST_DIGITS and not any(each.isalpha() for each in text))


async def _by_contact(visit: Visit, text: str) -> Found:
    parts = visit.console.parts
    value = text if "@" in text else canonical(text, parts.intake.home_country)
    if value is None:
        return Found(personal=True)
    owners = await visit.reading(store.owners, parts.vault.blind(comparable(value).lower()))
    return Found(debtors=tuple(owners), personal=True)
