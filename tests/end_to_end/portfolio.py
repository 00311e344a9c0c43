"""Debtors and what a core says of them, as native CloudEvents; every debtor is unlike any other."""

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.end_to_end.topics import CONSENTS, CONTACTS, DEBTORS, LENDING

SOURCE = "urn:core:test"
_TOPIC_OF = {"debtor": DEBTORS, "consent": CONSENTS, "contact": CONTACTS, "task": CONTACTS}
_NUMBERS = itertools.count(1)
_SYLLABLES = ("zar", "qui", "vol", "ner", "tup", "xal", "bem", "jor", "luz", "fid")


@dataclass(frozen=True, slots=True)
class Event:
    """A CloudEvent to produce."""

    type: str
    key: str
    data: dict[str, Any]
    id: str
    time: datetime
    source: str = SOURCE
    extensions: dict[str, str] = field(default_factory=dict)

    @property
    def topic(self) -> str:
        """Where it belongs."""
        return _TOPIC_OF.get(self.type.split(".")[0], LENDING)

    def again(self, *, event_id: str) -> "Event":
        """The same fact under another id."""
        return Event(self.type, self.key, self.data, event_id, self.time, self.source, self.extensions)

    def binary(self) -> tuple[bytes, list[tuple[str, bytes | None]]]:
        """Value and headers in binary mode."""
        attributes = {**self._attributes(), **self.extensions}
        headers: list[tuple[str, bytes | None]] = [(f"ce_{name}", text.encode()) for name, text in attributes.items()]
        return json.dumps(self.data).encode(), [*headers, ("content-type", b"application/json")]

    def structured(self) -> tuple[bytes, list[tuple[str, bytes | None]]]:
        """Value and headers in structured mode."""
        envelope = {
            **self._attributes(),
            **self.extensions,
            "datacontenttype": "application/json",
            "data": self.data,
        }
        headers: list[tuple[str, bytes | None]] = [("content-type", b"application/cloudevents+json; charset=utf-8")]
        return json.dumps(envelope, ensure_ascii=False).encode(), headers

    def _attributes(self) -> dict[str, str]:
        return {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": f"io.puntual.{self.type}.v1",
            "time": self.time.isoformat(),
        }


class Core:
    """A core-banking system: its events carry times that rise by a second each, from `start`."""

    def __init__(self, start: datetime) -> None:
        self._at = start

    def says(self, kind: str, /, *, key: str, **data: Any) -> Event:
        """An event of this type."""
        self._at += timedelta(seconds=1)
        number = next(_NUMBERS)
        given = {name: value for name, value in data.items() if value is not None}
        return Event(kind, key, given, f"e-{number}", self._at)


@dataclass(slots=True)
class Debtor:
    """One person with one loan or more; `secrets` must never be seen outside."""

    core: Core
    ref: str
    name: str
    given_name: str
    phone: str
    email: str
    loans: Sequence[str]
    product: str
    more: dict[str, Any]

    @property
    def loan(self) -> str:
        """The first loan."""
        return self.loans[0]

    @property
    def secrets(self) -> list[str]:
        """What only messages and our sealed storage may hold."""
        return [self.name, self.given_name, self.phone, self.phone.removeprefix("+52"), self.email]

    def snapshot(self, **changes: Any) -> Event:
        """The directory's full word on this debtor."""
        data = {
            "revision": 1,
            "displayName": self.name,
            "givenName": self.given_name,
            "language": "es-MX",
            "country": "MX",
            "region": "MX-JAL",
            "timezone": "America/Mexico_City",
            "contactPoints": [
                {"contactPointRef": "cp1", "kind": "phone", "value": self.phone, "phoneType": "mobile"},
                {"contactPointRef": "cp2", "kind": "email", "value": self.email},
            ],
            "segment": "B",
            "riskScore": 640,
            "loans": [
                {"loanRef": loan, "role": "borrower", "productCode": self.product, "creditorRef": "demo"}
                for loan in self.loans
            ],
            **self.more,
            **changes,
        }
        return self.core.says("debtor.upserted", key=self.ref, debtorRef=self.ref, **data)

    def due(
        self,
        *,
        amount: str = "1050.50",
        date: str = "2026-11-24",
        number: int = 7,
        loan: str | None = None,
        outstanding: str = "9800.00",
        **more: Any,
    ) -> Event:
        """An installment falls due."""
        return self._about(
            "installment.due",
            loan,
            installmentNumber=number,
            dueDate=date,
            amountDue={"total": money(amount)},
            totalOutstanding=money(outstanding),
            **more,
        )

    def payment(self, amount: str, *, ref: str | None = None, loan: str | None = None, **more: Any) -> Event:
        """Money came in."""
        return self._about(
            "payment.received",
            loan,
            paymentRef=ref or f"p-{next(_NUMBERS)}",
            kind="repayment",
            amount=money(amount),
            valueDate="2026-11-24",
            **more,
        )

    def installment_paid(self, *, number: int = 7, in_full: bool = True) -> Event:
        """A payment reached an installment."""
        return self._about("installment.paid", None, installmentNumber=number, paidOn="2026-11-24", paidInFull=in_full)

    def says(self, kind: str, /, **data: Any) -> Event:
        """Any other event about this person."""
        return self.core.says(kind, key=self.ref, debtorRef=self.ref, **data)

    def _about(self, kind: str, loan: str | None, /, **data: Any) -> Event:
        return self.core.says(kind, key=self.ref, debtorRef=self.ref, loanRef=loan or self.loan, **data)


def a_debtor(core: Core, *, loans: int = 1, product: str = "consumo", phone: str | None = None, **more: Any) -> Debtor:
    """Somebody new; `more` goes into every snapshot."""
    number = next(_NUMBERS)
    word = "".join(_SYLLABLES[int(digit)] for digit in f"{number:05d}")
    return Debtor(
        core=core,
        ref=f"D-{number}",
        name=f"{word.capitalize()} Pérez Ñandú",
        given_name=word.capitalize(),
        phone=phone or f"+5255{20_000_000 + number * 7:08d}",
        email=f"{word}@correo.test",
        loans=[f"L-{number}-{place}" for place in range(1, loans + 1)],
        product=product,
        more=more,
    )


def money(amount: str, currency: str = "MXN") -> dict[str, str]:
    """An amount as events write it."""
    return {"amount": amount, "currency": currency}
