"""Fineract's event types that concern collections, and what each becomes; all others are ignored."""

from dataclasses import dataclass

from schemas.fineract import mapping
from schemas.fineract.mapping import Mapper

_SUFFIX = "BusinessEvent"


@dataclass(frozen=True, slots=True)
class Rule:
    """How a type is mapped; `any_payload` where the loan's id in the key is enough."""

    mapper: Mapper
    any_payload: bool = False


def rule_for(fineract_type: str) -> Rule | None:
    """The rule for a type, with or without the word Post that some releases put before BusinessEvent."""
    if not fineract_type.endswith(_SUFFIX):
        return None
    return _RULES.get(fineract_type.removesuffix(_SUFFIX).removesuffix("Post"))


_BALANCE = {
    "LoanTransactionGoodwillCredit": "goodwill_credit",
    "LoanTransactionMerchantIssuedRefund": "merchant_issued_refund",
    "LoanTransactionPayoutRefund": "payout_refund",
    "LoanTransactionInterestPaymentWaiver": "interest_payment_waiver",
    "LoanTransactionInterestRefund": "interest_refund",
    "LoanChargeRefund": "charge_refund",
    "LoanWaiveInterest": "waive_interest",
    "LoanApplyOverdueCharge": "overdue_charge",
    "LoanRefund": "refund",
    "LoanCreditBalanceRefund": "credit_balance_refund",
    "LoanChargeAdjustment": "charge_adjustment",
    "LoanWaiveCharge": "waive_charge",
}
_RESCHEDULED = {
    "LoanRescheduledDueAdjustSchedule": "adjust_schedule",
    "LoanRescheduledDueHoliday": "holiday",
    "LoanRescheduledDueCalendarChange": "calendar_change",
    "LoanReAgeTransaction": "re_age",
    "LoanUndoReAgeTransaction": "undo_re_age",
    "LoanReAmortizeTransaction": "re_amortize",
    "LoanUndoReAmortizeTransaction": "undo_re_amortize",
    "LoanTransactionContractTermination": "contract_termination",
    "LoanUndoContractTermination": "undo_contract_termination",
}
_LINKED = (
    "LoanCreated",
    "LoanApproved",
    "LoanDisbursal",
    "LoanAccountSnapshot",
    "LoanBalanceChanged",
)
_RULES: dict[str, Rule] = {
    "LoanRepaymentDue": Rule(mapping.installment("installment.due")),
    "LoanRepaymentOverdue": Rule(mapping.installment("installment.overdue")),
    "LoanTransactionMakeRepayment": Rule(mapping.payment("repayment")),
    "LoanTransactionDownPayment": Rule(mapping.payment("down_payment")),
    "LoanTransactionRecoveryPayment": Rule(mapping.payment("recovery")),
    "LoanForeClosure": Rule(mapping.payment("foreclosure")),
    "LoanChargePayment": Rule(mapping.payment("charge")),
    "LoanAdjustTransaction": Rule(mapping.reversal("reversal")),
    "LoanChargebackTransaction": Rule(mapping.reversal("chargeback")),
    "LoanDelinquencyRangeChange": Rule(mapping.delinquency),
    "LoanAccountDelinquencyPauseChanged": Rule(mapping.paused),
    "LoanStatusChanged": Rule(mapping.status_changed),
    "LoanClose": Rule(mapping.status_changed),
    "LoanChargeOff": Rule(mapping.status("charged_off")),
    "LoanUndoChargeOff": Rule(mapping.status("active")),
    "LoanWrittenOff": Rule(mapping.status("written_off")),
    "LoanUndoWrittenOff": Rule(mapping.status("active")),
    "ClientCreate": Rule(mapping.client),
    "ClientActivate": Rule(mapping.client),
    "ClientReactivate": Rule(mapping.client),
    "ClientReject": Rule(mapping.client_gone("rejected")),
    "ClientClose": Rule(mapping.client_gone("closed")),
    "ClientWithdraw": Rule(mapping.client_gone("withdrawn")),
    **{name: Rule(mapping.linked) for name in _LINKED},
    **{name: Rule(mapping.balance(reason), any_payload=True) for name, reason in _BALANCE.items()},
    **{name: Rule(mapping.rescheduled(reason), any_payload=True) for name, reason in _RESCHEDULED.items()},
}
