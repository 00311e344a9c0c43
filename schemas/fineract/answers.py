"""What Fineract's REST interface answers about a loan or a client, as native facts; pure.

Bodies are JSON with decimals as Decimal and dates as [year, month, day]. What is missing or odd raises
LookupError, TypeError, ValueError or ArithmeticError, like a payload that lacks what its type needs.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from schemas.fineract.mapping import LOAN_STATUS, NOT_YET_LENT, PREFIX, Fields, Native, client

_AHEAD = timedelta(days=35)
_BACK = timedelta(days=60)
_SCALE = Decimal("1e-8")
_OUTSTANDING = {
    "total": "totalOutstandingForPeriod",
    "principal": "principalOutstanding",
    "interest": "interestOutstanding",
    "fees": "feeChargesOutstanding",
    "penalties": "penaltyChargesOutstanding",
}
_CLIENT = ("displayName", "fullname", "firstname", "lastname", "mobileNo", "emailAddress")


def loan_link(loan: Fields) -> Native | None:
    """Whose loan it is and how it stands, None for a loan of a group."""
    if loan.get("clientId") is None:
        return None
    data = _loan(loan) | {"debtorRef": client_ref(loan), "role": "borrower"}
    if loan.get("loanProductName"):
        data["productCode"] = str(loan["loanProductName"])
    number = loan["status"]["id"]
    if number not in NOT_YET_LENT:
        data["status"] = LOAN_STATUS[number]
    return _fact("loan.linked", data)


def client_ref(loan: Fields) -> str:
    """The client of a loan."""
    return _whole(loan["clientId"])


def client_facts(answer: Fields) -> Native:
    """A person as Fineract knows them now."""
    known = {name: answer.get(name) or None for name in _CLIENT}
    for name, value in known.items():
        if value is not None and not isinstance(value, str):
            raise TypeError(name)
    return client({"id": int(_whole(answer["id"])), "status": answer["status"], **known}, None)


def pauses(loan: Fields, today: date) -> Iterator[Native]:
    """Whether collections are paused today: whatever an event began ends, and what is in force begins, with its end."""
    periods = (loan.get("delinquent") or {})["delinquencyPausePeriods"] or []
    common = _loan(loan) | {"reason": "manual"}
    yield _fact("loan.collections_resumed", common | {"from": today.isoformat()})
    active = [period for period in periods if period.get("active")]
    if not active:
        return
    data = common | {"from": min(_day(each["pausePeriodStart"]) for each in active).isoformat()}
    ends = [each.get("pausePeriodEnd") for each in active]
    if all(ends):
        data["until"] = max(map(_day, ends)).isoformat()
    yield _fact("loan.collections_paused", data)


def installments(loan: Fields, today: date) -> Iterator[Native]:
    """What each installment near today still asks for, or that it is paid."""
    currency = loan["currency"]["code"]
    for period in loan["repaymentSchedule"]["periods"]:
        if period.get("period") is None:
            continue
        due = _day(period["dueDate"])
        if not today - _BACK <= due <= today + _AHEAD:
            continue
        number = int(_whole(period["period"]))
        data = _loan(loan) | {"installmentNumber": number, "dueDate": due.isoformat()}
        if period.get("complete"):
            met = period.get("obligationsMetOnDate")
            data |= {"paidOn": (_day(met) if met else due).isoformat(), "paidInFull": True}
            yield _fact("installment.paid", data, f"/installment/{number}")
        else:
            data["amountDue"] = {
                ours: _money(period[theirs], currency)
                for ours, theirs in _OUTSTANDING.items()
                if period.get(theirs) is not None
            }
            yield _fact("installment.due", data, f"/installment/{number}")


def _loan(loan: Fields) -> Fields:
    ref = _whole(loan["id"])
    named = {"loanId": ref, "accountNo": loan.get("accountNo"), "externalId": loan.get("externalId")}
    sources = {name: str(value) for name, value in named.items() if value}
    return {"loanRef": ref, "loanRefType": "internal", "sourceRefs": sources}


def _fact(fact: str, data: Fields, place: str = "") -> Native:
    loan: str = data["loanRef"]
    return Native(f"{PREFIX}{fact}.v1", f"loan/{loan}{place}", data, data.get("debtorRef") or loan)


def _whole(number: Any) -> str:
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise TypeError("an id is a whole number")
    return str(number)


def _day(parts: Any) -> date:
    """[2026, 11, 24], or the text that some releases write."""
    return date.fromisoformat(parts) if isinstance(parts, str) else date(*parts)


def _money(amount: Any, currency: str) -> Fields:
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        raise TypeError("an amount is a number")
    text = format(Decimal(amount).quantize(_SCALE), "f").rstrip("0").rstrip(".")
    return {"amount": text, "currency": currency}
