"""Reader schemas of Apache Fineract's events: the leading fields that every release since 1.9 writes alike.

Avro binary has no field names and is read front to back, so a schema cut off after the last field needed
reads every release. Amounts are read as bytes (scale 8) and turned into text exactly, never rounded.
"""

from typing import Any

from fastavro import parse_schema
from fastavro.types import Schema

_NAMESPACE = "org.apache.fineract.avro"
Fields = dict[str, Any]


def _opt(kind: Any) -> list[Any]:
    return ["null", kind]


def _record(name: str, fields: Fields) -> dict[str, Any]:
    members = [{"name": field, "type": kind} for field, kind in fields.items()]
    return {"type": "record", "name": name, "fields": members}


def _all_optional(kind: str, names: str) -> Fields:
    return {name: _opt(kind) for name in names.split()}


def _currency() -> dict[str, Any]:
    return _record(
        "CurrencyDataV1",
        {
            **_all_optional("string", "code name"),
            **_all_optional("int", "decimalPlaces inMultiplesOf"),
            **_all_optional("string", "displaySymbol nameCode displayLabel"),
        },
    )


def _enum_option(name: str = "EnumOptionDataV1") -> dict[str, Any]:
    return _record(name, {"id": _opt("int"), **_all_optional("string", "code value")})


def _code_value() -> dict[str, Any]:
    return _record(
        "CodeValueDataV1",
        {
            "id": _opt("long"),
            "name": _opt("string"),
            "position": _opt("int"),
            "description": _opt("string"),
            **_all_optional("boolean", "active mandatory"),
        },
    )


def _payment_detail() -> dict[str, Any]:
    kind = _record(
        "PaymentTypeDataV1",
        {
            "id": _opt("long"),
            **_all_optional("string", "name description"),
            "isCashPayment": _opt("boolean"),
            "position": _opt("long"),
            "codeName": _opt("string"),
            "isSystemDefined": _opt("boolean"),
        },
    )
    return _record(
        "PaymentDetailDataV1",
        {
            "id": _opt("long"),
            "paymentType": _opt(kind),
            **_all_optional("string", "accountNumber checkNumber routingCode receiptNumber bankNumber"),
        },
    )


def _transaction_type() -> dict[str, Any]:
    flags = (
        "disbursement repaymentAtDisbursement repayment merchantIssuedRefund payoutRefund goodwillCredit "
        "chargeRefund contra waiveInterest waiveCharges accrual writeOff recoveryRepayment initiateTransfer "
        "approveTransfer withdrawTransfer rejectTransfer chargePayment refund refundForActiveLoans "
        "creditBalanceRefund chargeback"
    )
    option = {"id": _opt("int"), **_all_optional("string", "code value")}
    return _record("LoanTransactionEnumDataV1", option | _all_optional("boolean", flags))


def _transaction() -> dict[str, Any]:
    return _record(
        "LoanTransactionDataV1",
        {
            **_all_optional("long", "id loanId"),
            "externalLoanId": _opt("string"),
            "officeId": _opt("long"),
            "officeName": _opt("string"),
            "type": _opt(_transaction_type()),
            "date": _opt("string"),
            "currency": _opt(_currency()),
            "paymentDetailData": _opt(_payment_detail()),
            **_all_optional(
                "bytes",
                "amount netDisbursalAmount principalPortion interestPortion feeChargesPortion "
                "penaltyChargesPortion overpaymentPortion unrecognizedIncomePortion",
            ),
            **_all_optional("string", "externalId externalOwnerId"),
        },
    )


def _repayment_due() -> dict[str, Any]:
    due = _record(
        "RepaymentDueDataV1",
        {
            "installmentNumber": _opt("int"),
            "installmentDueDate": _opt("string"),
            **_all_optional(
                "bytes",
                "principalAmountDue interestAmountDue feeChargeAmountDue penaltyChargeAmountDue totalAmountDue",
            ),
        },
    )
    amounts = "totalAmount principalAmount interestAmount feeAmount penaltyAmount"
    return _record(
        "LoanRepaymentDueDataV1",
        {
            "loanId": ["long"],
            "loanAccountNo": ["string"],
            "loanExternalId": _opt("string"),
            "currency": _opt(_currency()),
            "installment": [due],
            "pastDueAmount": _opt(_record("RepaymentPastDueDataV1", _all_optional("bytes", amounts))),
        },
    )


def _delinquency() -> dict[str, Any]:
    charge = _record(
        "LoanChargeDataRangeViewV1",
        {"id": "long", "name": "string", "currency": _currency(), "amount": "bytes"},
    )
    band = _record(
        "DelinquencyRangeDataV1",
        {
            "id": _opt("long"),
            "classification": _opt("string"),
            **_all_optional("int", "minimumAgeDays maximumAgeDays"),
        },
    )
    amounts = "totalAmount principalAmount interestAmount feeAmount penaltyAmount"
    return _record(
        "LoanAccountDelinquencyRangeDataV1",
        {
            "loanId": "long",
            "loanAccountNo": "string",
            "loanExternalId": _opt("string"),
            "delinquencyRange": _opt(band),
            "charges": {"type": "array", "items": charge},
            "currency": "CurrencyDataV1",
            "amount": _record("LoanAmountDataV1", _all_optional("bytes", amounts)),
            "delinquentDate": _opt("string"),
        },
    )


def _loan_account() -> dict[str, Any]:
    status = _enum_option("LoanStatusEnumDataV1")
    flags = (
        "pendingApproval waitingForDisbursal active closedObligationsMet closedWrittenOff closedRescheduled "
        "closed overpaid"
    )
    status["fields"] += [{"name": name, "type": _opt("boolean")} for name in flags.split()]
    return _record(
        "LoanAccountDataV1",
        {
            "id": _opt("long"),
            **_all_optional("string", "accountNo externalId externalOwnerId settlementDate purchasePriceRatio"),
            "status": _opt(status),
            "subStatus": _opt(_enum_option()),
            "clientId": _opt("long"),
            **_all_optional("string", "clientAccountNo clientName"),
            "clientOfficeId": _opt("long"),
            "clientExternalId": _opt("string"),
            "loanProductId": _opt("long"),
            "loanProductName": _opt("string"),
        },
    )


def _client() -> dict[str, Any]:
    return _record(
        "ClientDataV1",
        {
            "id": _opt("long"),
            **_all_optional("string", "accountNo externalId"),
            "status": _opt(_enum_option()),
            "subStatus": _opt(_code_value()),
            "active": _opt("boolean"),
            **_all_optional(
                "string",
                "activationDate firstname middlename lastname fullname displayName mobileNo emailAddress",
            ),
        },
    )


def _message() -> dict[str, Any]:
    words = "source type category createdAt businessDate tenantId idempotencyKey dataschema"
    names = dict.fromkeys(words.split(), "string")
    return _record("MessageV1", {"id": "long", **names, "data": "bytes"})


def _bulk() -> dict[str, Any]:
    names = dict.fromkeys(["type", "category", "dataschema"], "string")
    item = _record("BulkMessageItemV1", {"id": "long", **names, "data": "bytes"})
    return _record("BulkMessagePayloadV1", {"datas": {"type": "array", "items": item}})


def _parsed(schema: dict[str, Any]) -> Schema:
    return parse_schema({"namespace": _NAMESPACE, **schema}, named_schemas={})


MESSAGE = _parsed(_message())
BULK = _parsed(_bulk())
# By the last part of `dataschema`: namespaces moved between releases, names did not.
PAYLOADS: dict[str, Schema] = {
    "LoanRepaymentDueDataV1": _parsed(_repayment_due()),
    "LoanTransactionDataV1": _parsed(_transaction()),
    "LoanTransactionAdjustmentDataV1": _parsed(
        _record("LoanTransactionAdjustmentDataV1", {"transactionToAdjust": _opt(_transaction())})
    ),
    "LoanAccountDelinquencyRangeDataV1": _parsed(_delinquency()),
    "LoanAccountDataV1": _parsed(_loan_account()),
    "ClientDataV1": _parsed(_client()),
}


def record_name(dataschema: str) -> str:
    """The record's own name in a `dataschema`."""
    return dataschema.rpartition(".")[2]


def has_reader(dataschema: str) -> bool:
    """Whether we can read payloads of this schema."""
    return record_name(dataschema) in PAYLOADS
