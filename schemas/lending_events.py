"""Facts about loans, installments, payments and promises, as core-banking systems send them."""

from typing import Annotated, Any

from pydantic import Field

from schemas.events_base import (
    PREFIX,
    Amount,
    Count,
    Day,
    DayOrInstant,
    Flag,
    InboundEvent,
    Ref,
    Shape,
    SignedAmount,
    Word,
)
from schemas.lending_words import (
    LoanRefType,
    LoanRole,
    LoanStatus,
    PauseReason,
    PaymentKind,
    ReversalReason,
)

__all__ = [
    "LENDING_EVENTS",
    "Allocation",
    "AmountParts",
    "DelinquencyRange",
    "InstallmentDue",
    "InstallmentOverdue",
    "InstallmentPaid",
    "LoanBalanceAdjusted",
    "LoanCollectionsPaused",
    "LoanCollectionsResumed",
    "LoanDelinquencyChanged",
    "LoanEvent",
    "LoanLinked",
    "LoanRefType",
    "LoanRescheduled",
    "LoanRole",
    "LoanStatus",
    "LoanStatusChanged",
    "PauseEvent",
    "PauseReason",
    "PaymentFailed",
    "PaymentKind",
    "PaymentReceived",
    "PaymentRef",
    "PaymentReversed",
    "PromiseBroken",
    "PromiseEvent",
    "PromiseKept",
    "PromiseMade",
    "ReversalReason",
]


class AmountParts(Shape):
    """An amount and what it is made of."""

    total: Amount
    principal: Amount | None = None
    interest: Amount | None = None
    fees: Amount | None = None
    penalties: Amount | None = None


class Allocation(Shape):
    """What a payment was applied to."""

    principal: Amount | None = None
    interest: Amount | None = None
    fees: Amount | None = None
    penalties: Amount | None = None
    overpayment: Amount | None = None


class PaymentRef(Shape):
    """A way to pay: scheme (clabe, spei, oxxo, convenio, pix, link, …) and its reference."""

    scheme: Word
    value: Annotated[str, Field(strict=True, min_length=1, max_length=2048)]
    expires_on: Day | None = None


class DelinquencyRange(Shape):
    """A band of days past due, as the core names it."""

    code: Word | None = None
    label: Word | None = None
    min_days: Count | None = None
    max_days: Count | None = None


class LoanEvent(InboundEvent):
    """Anything about a loan."""

    loan_ref: Ref
    loan_ref_type: LoanRefType | None = None
    product_code: Word | None = None
    source_refs: dict[str, Any] | None = None


class InstallmentDue(LoanEvent):
    """An installment falls due."""

    event_type = PREFIX + "installment.due.v1"
    installment_number: Count
    due_date: Day
    amount_due: AmountParts
    past_due: AmountParts | None = None
    total_outstanding: SignedAmount | None = None
    payment_refs: tuple[PaymentRef, ...] | None = None
    autopay: Flag | None = None


class InstallmentOverdue(InstallmentDue):
    """An installment was not paid in time; `days_past_due` only informs, it is computed again."""

    event_type = PREFIX + "installment.overdue.v1"
    days_past_due: Count | None = None
    overdue_since: Day | None = None


class InstallmentPaid(LoanEvent):
    """A payment reached an installment, in full or in part."""

    event_type = PREFIX + "installment.paid.v1"
    installment_number: Count
    paid_on: Day
    paid_in_full: Flag
    due_date: Day | None = None
    amount_paid: Amount | None = None


class PaymentReceived(LoanEvent):
    """Money came in for a loan."""

    event_type = PREFIX + "payment.received.v1"
    payment_ref: Ref
    kind: PaymentKind
    amount: Amount
    value_date: Day
    allocation: Allocation | None = None
    outstanding_after: SignedAmount | None = None
    remaining_due: SignedAmount | None = None
    channel: Word | None = None


class PaymentReversed(LoanEvent):
    """A payment was taken back or changed."""

    event_type = PREFIX + "payment.reversed.v1"
    payment_ref: Ref
    reason: ReversalReason
    amount: Amount | None = None
    value_date: Day | None = None
    new_payment_ref: Ref | None = None


class PaymentFailed(LoanEvent):
    """A direct debit or another automatic payment bounced."""

    event_type = PREFIX + "payment.failed.v1"
    amount: Amount
    payment_ref: Ref | None = None
    installment_number: Count | None = None
    reason_code: Word | None = None
    retry_on: Day | None = None


class PromiseEvent(LoanEvent):
    """Anything about a promise to pay that another system keeps."""

    promise_ref: Ref
    promised_for: Day
    amount: Amount | None = None
    made_via: Word | None = None


class PromiseMade(PromiseEvent):
    """The debtor promised to pay."""

    event_type = PREFIX + "promise.made.v1"


class PromiseKept(PromiseEvent):
    """A promise was kept."""

    event_type = PREFIX + "promise.kept.v1"


class PromiseBroken(PromiseEvent):
    """A promise was not kept."""

    event_type = PREFIX + "promise.broken.v1"


class LoanDelinquencyChanged(LoanEvent):
    """A loan entered, changed or left a delinquency range; `range` None means cured."""

    event_type = PREFIX + "loan.delinquency_changed.v1"
    range: DelinquencyRange | None
    delinquent_since: Day | None = None
    overdue_amount: Amount | None = None
    previous_range: DelinquencyRange | None = None


class LoanStatusChanged(LoanEvent):
    """A loan came to another stage of its life."""

    event_type = PREFIX + "loan.status_changed.v1"
    status: LoanStatus
    previous_status: LoanStatus | None = None
    effective_on: Day | None = None


class LoanRescheduled(LoanEvent):
    """Due dates or amounts moved."""

    event_type = PREFIX + "loan.rescheduled.v1"
    reason: Word
    effective_from: Day | None = None
    next_due_date: Day | None = None
    next_amount_due: Amount | None = None


class LoanBalanceAdjusted(LoanEvent):
    """The balance changed by something that is not a payment of the debtor."""

    event_type = PREFIX + "loan.balance_adjusted.v1"
    reason: Word
    amount: SignedAmount | None = None
    outstanding_after: SignedAmount | None = None


class PauseEvent(LoanEvent):
    """Anything about a pause of collections; `starts` and `until` are dates or instants."""

    starts: DayOrInstant = Field(alias="from")
    reason: PauseReason
    until: DayOrInstant | None = None


class LoanCollectionsPaused(PauseEvent):
    """Nobody may be asked to pay this loan."""

    event_type = PREFIX + "loan.collections_paused.v1"


class LoanCollectionsResumed(PauseEvent):
    """A pause is over."""

    event_type = PREFIX + "loan.collections_resumed.v1"


class LoanLinked(LoanEvent):
    """A loan belongs to a debtor."""

    event_type = PREFIX + "loan.linked.v1"
    debtor_ref: Ref
    role: LoanRole = LoanRole.BORROWER
    status: LoanStatus | None = None


LENDING_EVENTS: tuple[type[LoanEvent], ...] = (
    InstallmentDue,
    InstallmentOverdue,
    InstallmentPaid,
    PaymentReceived,
    PaymentReversed,
    PaymentFailed,
    PromiseMade,
    PromiseKept,
    PromiseBroken,
    LoanDelinquencyChanged,
    LoanStatusChanged,
    LoanRescheduled,
    LoanBalanceAdjusted,
    LoanCollectionsPaused,
    LoanCollectionsResumed,
    LoanLinked,
)
