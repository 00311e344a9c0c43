"""The demonstration's people and events: one line for each thing that Puntual must get right."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from channels.simulators.behaviour import MAGIC_PREFIX, Fault

# A Tuesday, 09:40 in Mexico City, 07:40 in Tijuana.
START = datetime(2026, 11, 24, 15, 40, tzinfo=UTC)
TODAY, YESTERDAY, TOMORROW = "2026-11-24", "2026-11-23", "2026-11-25"
SENDER = "+525550000000"
LENDING, DEBTORS, CONSENTS = "puntual.lending.events.v1", "puntual.debtors.v1", "puntual.consents.v1"

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """A debtor of the portfolio; `expects` are outcome events (the part before .v1) that must come back from Kafka.

    `never` must not come; `reply` is sent once their message was delivered. A `landline` takes no text messages, and
    `keys` are what is pressed when it is called, one item a question.
    """

    ref: str
    name: str
    phone: str | None
    zone: str
    segment: str
    story: str
    expects: tuple[str, ...]
    never: tuple[str, ...] = ()
    due: str = TODAY
    loans: int = 1
    reply: str | None = None
    landline: bool = False
    keys: tuple[str, ...] = ()


PEOPLE = (
    Person("ana", "Ana Torres", "+525512340001", "America/Mexico_City", "B", "vence hoy / due today",
           ("message.accepted", "message.delivered")),
    Person("beto", "Alberto Ruiz", "+526641230002", "America/Tijuana", "B", "07:40 en Tijuana / too early there",
           ("message.scheduled",), ("message.accepted",)),
    Person("carmen", "Carmen Solís", "+529981230003", "America/Cancun", "C", "un día de atraso / one day overdue",
           ("message.accepted", "message.delivered"), due=YESTERDAY),
    Person("diego", "Diego Luna", "+523312340004", "America/Mexico_City", "B", "paga antes: solo gracias / pays first",
           ("message.cancelled", "message.delivered"), due=TOMORROW),
    Person("elena", "Elena Cruz", "+528112340005", "America/Monterrey", "B", "responde BAJA / replies BAJA",
           ("message.delivered", "reply.received", "optout.recorded", "message.cancelled"), reply="BAJA"),
    Person("fabian", "Fabián Ortiz", "+525512340006", "America/Mexico_City", "B", "dos créditos, un tope / one cap",
           ("message.delivered", "message.suppressed"), loans=2),
    Person("gloria", "Gloria Vega", None, "America/Mexico_City", "B", "sin teléfono / no phone",
           ("message.suppressed",), ("message.accepted",)),
    Person("hugo", "Hugo Paz", MAGIC_PREFIX + Fault.LOST_ANSWER.value, "America/Ciudad_Juarez", "B",
           "respuesta perdida / answer lost", ("message.unknown",)),
    Person("irene", "Irene Mora", MAGIC_PREFIX + "21211", "America/Chihuahua", "C", "número inválido / invalid number",
           ("message.failed", "contactpoint.invalidated"), ("message.delivered",)),
    Person("javier", "Javier Gil", "+525512340010", "America/Mexico_City", "B", "en disputa legal / legal dispute",
           ("message.cancelled",), ("message.accepted",), due=TOMORROW),
    Person("karla", "Karla Ríos", "+525512340011", "America/Mexico_City", "B", "promete el viernes / promises Friday",
           ("message.delivered", "reply.received", "promise.recorded"), reply="Pago 500 el viernes"),
    Person("luis", "Luis Nava", "+525512340012", "America/Mexico_City", "B", "¿quién es? / unclear reply",
           ("message.delivered", "reply.received", "task.created"), reply="mmm no sé, luego vemos lo del asunto"),
    Person("marta", "Marta Ibarra", "+525512340013", "America/Mexico_City", "C", "llamada con promesa / a call",
           ("message.accepted", "message.delivered", "reply.received", "promise.recorded"), due=YESTERDAY,
           landline=True, keys=("1", "2", "2711", "1")),
)  # fmt: skip


def snapshot(person: Person) -> Facts:
    """The debtor's snapshot."""
    points = [{"contactPointRef": f"{person.ref}-1", "kind": "phone", "value": person.phone}]
    points[0]["phoneType"] = "landline" if person.landline else "mobile"
    unreachable = [{"contactPointRef": f"{person.ref}-1", "kind": "push", "value": "device-token"}]
    return {
        "debtorRef": person.ref,
        "revision": 1,
        "displayName": person.name,
        "language": "es-MX",
        "country": "MX",
        "timezone": person.zone,
        "segment": person.segment,
        "riskScore": 640.0,
        "contactPoints": points if person.phone else unreachable,
        "loans": [
            {"loanRef": loan_ref(person, n), "productCode": "consumo", "creditorRef": "demo"}
            for n in range(person.loans)
        ],
    }


def due(person: Person, loan: int) -> Facts:
    """The event that an installment is due (or overdue)."""
    return {
        "debtorRef": person.ref,
        "loanRef": loan_ref(person, loan),
        "installmentNumber": 7,
        "dueDate": person.due,
        "amountDue": {"total": {"amount": "1050.50", "currency": "MXN"}},
        "totalOutstanding": {"amount": "9800.00", "currency": "MXN"},
    }


def payment(ref: str) -> Facts:
    """The payment that makes a reminder pointless."""
    return {
        "debtorRef": ref,
        "loanRef": f"{ref}-L0",
        "paymentRef": f"pay-{ref}",
        "kind": "repayment",
        "amount": {"amount": "1050.50", "currency": "MXN"},
        "valueDate": TODAY,
        "remainingDue": {"amount": "0.00", "currency": "MXN"},
    }


def dispute(ref: str) -> Facts:
    """The stop that a legal dispute puts on a person."""
    return {"debtorRef": ref, "scope": "person", "reason": "dispute"}


def loan_ref(person: Person, number: int) -> str:
    """The reference of one of a person's loans."""
    return f"{person.ref}-L{number}"
