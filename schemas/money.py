"""An amount with its currency; never a float."""

from dataclasses import dataclass
from decimal import Decimal

NO_CURRENCY = "XXX"
"""ISO 4217's code for an amount whose currency nobody named."""


@dataclass(frozen=True, slots=True)
class Money:
    """A decimal amount and its ISO 4217 currency."""

    amount: Decimal
    currency: str
