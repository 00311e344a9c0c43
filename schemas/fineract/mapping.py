"""From Fineract's facts to native ones: which type becomes which, and how the fields go over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from schemas.fineract.amounts import money, parts
from schemas.fineract.codec import Envelope

PREFIX = "io.puntual."
_DUE = {
    "total": "totalAmountDue",
    "principal": "principalAmountDue",
    "interest": "interestAmountDue",
    "fees": "feeChargeAmountDue",
    "penalties": "penaltyChargeAmountDue",
}
_PAST_DUE = {
    "total": "totalAmount",
    "principal": "principalAmount",
    "interest": "interestAmount",
    "fees": "feeAmount",
    "penalties": "penaltyAmount",
}
_ALLOCATION = {
    "principal": "principalPortion",
    "interest": "interestPortion",
    "fees": "feeChargesPortion",
    "penalties": "penaltyChargesPortion",
    "overpayment": "overpaymentPortion",
}
LOAN_STATUS = {
    300: "active",
    303: "transferred",
    304: "transferred",
    400: "withdrawn",
    500: "rejected",
    600: "closed",
    601: "written_off",
    602: "rescheduled",
    700: "overpaid",
}
NOT_YET_LENT = (100, 200)
_CLIENT_GONE = {600: "closed", 700: "rejected", 800: "withdrawn"}


@dataclass(frozen=True, slots=True)
class Native:
    """A native fact: type, subject, data, and the partition key."""

    type: str
    subject: str
    data: dict[str, Any]
    partition_key: str


Fields = dict[str, Any]
Mapper = Callable[[Fields, Envelope], Native | None]


def installment(fact: str) -> Mapper:
    """Due and overdue installments; amounts are what is still outstanding of the installment."""

    def to_native(fields: Fields, _envelope: Envelope) -> Native:
        loan = _loan_data(fields["loanId"], fields["loanAccountNo"], fields["loanExternalId"])
        due, currency = fields["installment"], fields["currency"]
        number = due["installmentNumber"]
        data = loan | {
            "installmentNumber": number,
            "dueDate": due["installmentDueDate"],
            "amountDue": parts(due, currency, _DUE),
        }
        past_due = parts(fields["pastDueAmount"], currency, _PAST_DUE)
        if "total" in past_due:
            data["pastDue"] = past_due
        return _loan_fact(fact, data, f"/installment/{number}")

    return to_native


def payment(kind: str) -> Mapper:
    """Money that came in."""

    def to_native(fields: Fields, _envelope: Envelope) -> Native:
        data = _transaction_data(fields) | {
            "paymentRef": _payment_ref(fields),
            "kind": kind,
            "amount": money(fields["amount"], fields["currency"]),
            "valueDate": fields["date"],
        }
        allocation = parts(fields, fields["currency"], _ALLOCATION)
        return _loan_fact("payment.received", data | ({"allocation": allocation} if allocation else {}))

    return to_native


def reversal(reason: str) -> Mapper:
    """A payment taken back; an adjustment holds the transaction it takes back."""

    def to_native(fields: Fields, _envelope: Envelope) -> Native:
        transaction = fields.get("transactionToAdjust", fields)
        data = _transaction_data(transaction) | {"paymentRef": _payment_ref(transaction), "reason": reason}
        if transaction["amount"] is not None:
            data["amount"] = money(transaction["amount"], transaction["currency"])
        if transaction["date"]:
            data["valueDate"] = transaction["date"]
        return _loan_fact("payment.reversed", data)

    return to_native


def balance(reason: str) -> Mapper:
    """A balance that changed by something other than a payment."""

    def to_native(fields: Fields, envelope: Envelope) -> Native:
        data = _any_loan_data(fields, envelope) | {"reason": reason}
        if fields.get("amount") is not None and fields.get("currency"):
            data["amount"] = money(fields["amount"], fields["currency"])
        return _loan_fact("loan.balance_adjusted", data)

    return to_native


def rescheduled(reason: str) -> Mapper:
    """Due dates that moved; the new schedule must be read from the core."""

    def to_native(fields: Fields, envelope: Envelope) -> Native:
        return _loan_fact("loan.rescheduled", _any_loan_data(fields, envelope) | {"reason": reason})

    return to_native


def status(word: str) -> Mapper:
    """A status that the type itself tells, with a transaction as payload."""

    def to_native(fields: Fields, _envelope: Envelope) -> Native:
        data = _transaction_data(fields) | {"status": word}
        if fields["date"]:
            data["effectiveOn"] = fields["date"]
        return _loan_fact("loan.status_changed", data)

    return to_native


def status_changed(fields: Fields, envelope: Envelope) -> Native | None:
    """A loan's status by its number; before the loan is paid out there is only the link to the debtor."""
    number = _status_id(fields)
    if number in NOT_YET_LENT:
        return linked(fields, envelope)
    return _loan_fact("loan.status_changed", _account_data(fields) | {"status": LOAN_STATUS[number]})


def delinquency(fields: Fields, _envelope: Envelope) -> Native:
    """The range of days past due; none means cured."""
    band = fields["delinquencyRange"]
    data = _loan_data(fields["loanId"], fields["loanAccountNo"], fields["loanExternalId"])
    data["range"] = None if band is None else _band(band)
    if fields["delinquentDate"]:
        data["delinquentSince"] = fields["delinquentDate"]
    overdue = money(fields["amount"]["totalAmount"], fields["currency"])
    return _loan_fact("loan.delinquency_changed", data | ({"overdueAmount": overdue} if overdue else {}))


def paused(fields: Fields, envelope: Envelope) -> Native:
    """A pause began or ended: the payload does not say which, so collections stop until the core is asked."""
    data = _account_data(fields) | {"from": envelope.business_date, "reason": "manual"}
    return _loan_fact("loan.collections_paused", data)


def linked(fields: Fields, _envelope: Envelope) -> Native | None:
    """The link from a loan to its debtor, None for a group's loan, which has none."""
    if fields["clientId"] is None:
        return None
    data = _account_data(fields) | {"role": "borrower"}
    word = LOAN_STATUS.get(_status_id(fields))
    return _loan_fact("loan.linked", data | ({"status": word} if word else {}))


def client(fields: Fields, _envelope: Envelope | None) -> Native:
    """A person with the addresses that Fineract knows; what it does not know is left out."""
    ref = _ref(fields["id"])
    gone = _CLIENT_GONE.get(_status_id(fields))
    data = {
        "debtorRef": ref,
        "displayName": fields["displayName"] or fields["fullname"],
        "status": "deactivated" if gone else "active",
        "contactPoints": _contact_points(fields),
    }
    names = {"givenName": fields["firstname"], "familyNames": fields["lastname"]}
    data |= {name: value for name, value in names.items() if value}
    return Native(PREFIX + "debtor.upserted.v1", f"debtor/{ref}", data, ref)


def client_gone(reason: str) -> Mapper:
    """A person whom the lender no longer deals with."""

    def to_native(fields: Fields, _envelope: Envelope) -> Native:
        ref = _ref(fields["id"])
        data = {"debtorRef": ref, "reason": reason}
        return Native(PREFIX + "debtor.deactivated.v1", f"debtor/{ref}", data, ref)

    return to_native


def _loan_fact(fact: str, data: Fields, place: str = "") -> Native:
    loan: str = data["loanRef"]
    return Native(f"{PREFIX}{fact}.v1", f"loan/{loan}{place}", data, data.get("debtorRef") or loan)


def _loan_data(loan_id: int | None, account_no: str | None, external_id: str | None) -> Fields:
    ref = _ref(loan_id)
    named = {"loanId": ref, "accountNo": account_no, "externalId": external_id}
    sources = {name: value for name, value in named.items() if value}
    return {"loanRef": ref, "loanRefType": "internal", "sourceRefs": sources}


def _transaction_data(fields: Fields) -> Fields:
    return _loan_data(fields["loanId"], None, fields["externalLoanId"])


def _account_data(fields: Fields) -> Fields:
    data = _loan_data(fields["id"], fields["accountNo"], fields["externalId"])
    if fields["clientId"] is not None:
        data["debtorRef"] = _ref(fields["clientId"])
    if fields["loanProductName"]:
        data["productCode"] = fields["loanProductName"]
    return data


def _any_loan_data(fields: Fields, envelope: Envelope) -> Fields:
    """By whichever payload came; one that we have no reader for still has the loan's id as its key."""
    if not fields:
        return _loan_data(envelope.aggregate, None, None)
    return _account_data(fields) if "clientId" in fields else _transaction_data(fields)


def _status_id(fields: Fields) -> int:
    """The number of a status, 0 for none."""
    number: int | None = (fields["status"] or {}).get("id")
    return number or 0


def _payment_ref(fields: Fields) -> str:
    return fields["externalId"] or _ref(fields["id"])


def _ref(number: int | None) -> str:
    if number is None or number < 0:
        raise ValueError("the id is missing")
    return str(number)


def _band(band: Fields) -> Fields:
    named = {
        "code": None if band["id"] is None else str(band["id"]),
        "label": band["classification"],
        "minDays": band["minimumAgeDays"],
        "maxDays": band["maximumAgeDays"],
    }
    return {name: value for name, value in named.items() if value is not None}


def _contact_points(fields: Fields) -> list[Fields]:
    phone, email = (fields["mobileNo"] or "").strip(), (fields["emailAddress"] or "").strip()
    points = []
    if phone:
        points.append({"contactPointRef": "mobile", "kind": "phone", "value": phone, "phoneType": "mobile"})
    if email:
        points.append({"contactPointRef": "email", "kind": "email", "value": email.lower()})
    return points
