"""A webhook of a call, verified and read."""

from dataclasses import dataclass
from uuid import UUID

from services.calls.flow import Asked


@dataclass(frozen=True, slots=True)
class Request:
    """A verified webhook of a call: answer what turn `seq` asks; `keys` is also how an agent's line ended.

    `call_id` is None for the first webhook of a call that came in.
    """

    provider: str
    call_ref: str
    call_id: UUID | None
    seq: int
    asked: Asked
    keys: str
    debtor_number: str
    our_number: str
    machine: bool = False
