"""Fineract's event types that say nothing about collections: known by name, so that they can be counted by it."""

from schemas.fineract.catalogue import rule_for

OTHER = "other"
_NAMES = """
BulkBusinessEvent ClientUndoRejection ClientUndoWithdraw DocumentCreated DocumentDeleted
FixedDepositAccountCreate GroupsCreate CentersCreate
LoanAcceptTransfer LoanAccountCustomSnapshot LoanAccrualAdjustmentTransaction LoanAccrualTransactionCreated
LoanAddCharge LoanApprovedAmountChanged LoanBuyDownFeeTransactionCreated LoanCapitalizedIncomeTransactionCreated
LoanCloseAsReschedule LoanDeleteCharge LoanDisbursalTransaction LoanInitiateTransfer LoanInterestRecalculation
LoanInvoiceGeneration LoanOwnershipTransfer LoanProductCreate LoanReassignOfficer LoanRejected LoanRejectTransfer
LoanRemoveOfficer LoanScheduleVariationsAdded LoanScheduleVariationsDeleted LoanTopUp
LoanTransactionAccrualActivity LoanTransactionAccrualActivityPost
LoanUndoApproval LoanUndoDisbursal LoanUndoLastDisbursal LoanUpdateCharge LoanUpdateDisbursementData
LoanWaiveChargeUndo LoanWithdrawTransfer LoanWithdrawn
RecurringDepositAccountCreate SavingsAccountForceWithdrawal SavingsActivate SavingsApprove SavingsCharge
SavingsClose SavingsCreate SavingsDeposit SavingsInterestPosting SavingsPostInterest SavingsReject SavingsWithdrawal
ShareAccountApprove ShareAccountCreate ShareProductDividentsCreate
"""
_UNUSED = frozenset(name if name.endswith("BusinessEvent") else f"{name}BusinessEvent" for name in _NAMES.split())


def label_of(event_type: str) -> str:
    """The type as a metric's label: one of a closed list, else `other`."""
    return event_type if event_type in _UNUSED or rule_for(event_type) is not None else OTHER
