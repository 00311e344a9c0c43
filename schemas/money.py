"""An amount with its currency; never a float."""

from decimal import Decimal

from schemas.values import value

NO_CURRENCY = "XXX"
"""ISO 4217's code for an amount whose currency nobody named."""


@value
class Money:
    """A decimal amount and its ISO 4217 currency."""

    amount: Decimal
    currency: str
