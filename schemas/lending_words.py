"""The words that events about loans use."""

from enum import StrEnum


class LoanRefType(StrEnum):
    """What kind of identifier a loanRef is at its source."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    ACCOUNT_NO = "account_no"


class PaymentKind(StrEnum):
    """What a payment was for."""

    REPAYMENT = "repayment"
    DOWN_PAYMENT = "down_payment"
    RECOVERY = "recovery"
    FORECLOSURE = "foreclosure"
    CHARGE = "charge"
    OTHER = "other"


class ReversalReason(StrEnum):
    """Why a payment was taken back."""

    REVERSAL = "reversal"
    CHARGEBACK = "chargeback"
    NSF = "nsf"
    ADJUSTMENT = "adjustment"
    OTHER = "other"


class LoanStatus(StrEnum):
    """Where a loan stands in its life."""

    ACTIVE = "active"
    CLOSED = "closed"
    OVERPAID = "overpaid"
    WRITTEN_OFF = "written_off"
    CHARGED_OFF = "charged_off"
    RESCHEDULED = "rescheduled"
    TRANSFERRED = "transferred"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class PauseReason(StrEnum):
    """Why collections of a loan pause."""

    HOLIDAY = "holiday"
    DISPUTE = "dispute"
    LEGAL = "legal"
    BANKRUPTCY = "bankruptcy"
    DECEASED = "deceased"
    DISASTER = "disaster"
    MANUAL = "manual"


class LoanRole(StrEnum):
    """What a debtor is to a loan."""

    BORROWER = "borrower"
    CO_BORROWER = "co_borrower"
    GUARANTOR = "guarantor"
