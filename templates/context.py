"""Everything a template may print, under the names that authors write."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from schemas.money import Money
from schemas.values import value


@value
class DebtorContext:
    """The person written to; `language` is a BCP-47 tag and rules how amounts and dates print."""

    name: str | None
    first_name: str | None
    language: str


@dataclass(frozen=True, slots=True)
class CreditorContext:
    """The lender that speaks, and where it can be reached and paid."""

    name: str
    phone: str | None = None
    email: str | None = None
    complaints: str | None = None
    pay_at: str | None = None
    address: str | None = None
    registration: str | None = None


@dataclass(frozen=True, slots=True)
class AgencyContext:
    """Who collects for the lender; `notice` is all that the law wants it to say of itself and of the debt."""

    name: str | None = None
    notice: str | None = None


@value
class LoanContext:
    """The loan the message is about."""

    ref: str
    product: str | None = None
    total_outstanding: Money | None = None
    overdue_amount: Money | None = None
    days_past_due: int | None = None


@value
class InstallmentContext:
    """The installment the message is about; `days_to_due` is negative once it is past due."""

    number: int | None
    amount: Money | None
    due_date: date
    days_to_due: int


class PaymentReference(NamedTuple):
    """A way to pay: the scheme (SPEI, OXXO, PSE, Pix, …) and the reference to give there."""

    scheme: str
    value: str


@value
class PaymentContext:
    """Where this installment can be paid."""

    link: str | None = None
    references: tuple[PaymentReference, ...] = ()


@value
class OptOutContext:
    """The exit: a sentence ready for the channel, and a link, which is made when a template prints it."""

    text: str | None = None
    link: str | Callable[[], str] | None = None


@value
class TemplateContext:
    """The values of one message; a part that a message does not have is None.

    The loan may be a function, since its sums are worked out only for a template that asks for them.
    """

    debtor: DebtorContext
    creditor: CreditorContext
    loan: LoanContext | Callable[[], LoanContext] | None = None
    installment: InstallmentContext | None = None
    payment: PaymentContext | None = None
    opt_out: OptOutContext | None = None
    agency: AgencyContext | None = None
