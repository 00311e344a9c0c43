"""One person as the console shows them: masked, unless somebody with the right asked for once, with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from campaigns.person import ContactPoint, Person
from services.console import masking
from services.console.visit import Visit
from services.intake import open_personal
from services.store import people
from services.vault import VaultProblem

_HISTORY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """A person and what may be seen of them."""

    person: Person
    name: str
    contacts: Mapping[str, str]
    erased: bool


async def load(visit: Visit, debtor_ref: str) -> Person | None:
    """A debtor with loans, contact points, holds and suppressions; None where we never heard of them."""
    now = visit.now()
    async with visit.database.reading() as connection:
        known, _ = await people.load(connection, debtor_refs=[debtor_ref], now=now, history_from=now - _HISTORY)
    return known.get(debtor_ref)


def shown(visit: Visit, person: Person, *, unmasked: bool) -> Shown:
    """The person's name and addresses, masked unless they were asked for."""
    data = _opened(visit, person)
    name = str(data.get("name") or "")
    values = data.get("points", {})
    contacts = {
        point.contact_point_ref: _contact(point, values.get(point.contact_point_ref), unmasked=unmasked)
        for point in person.contact_points
    }
    return Shown(person, name if unmasked else masking.name(name), contacts, erased=not data)


def _opened(visit: Visit, person: Person) -> Mapping[str, Any]:
    """Empty where nothing is kept, or where it can't be opened with the keys of this process."""
    try:
        return open_personal(visit.console.parts.vault, person)
    except VaultProblem:
        return {}


def _contact(point: ContactPoint, value: str | None, *, unmasked: bool) -> str:
    if value is None:
        return "—"
    return value if unmasked else masking.contact(point.kind, value)
