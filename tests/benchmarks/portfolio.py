"""The load: one simple campaign, debtors with one loan each, and one installment due today for each."""

import json
from pathlib import Path
from typing import Any

import confluent_kafka

DEBTORS = "puntual.debtors.v1"
LENDING = "puntual.lending.events.v1"
OUTCOMES = "puntual.message.events.v1"
NOW = "2026-11-24T16:00:00Z"
"""Ten o'clock of a working Tuesday in Mexico City."""
ACCOUNT = "AC" + "0" * 32
TOKEN = "benchmark-token"

_CAMPAIGN = """\
campaign: bench
version: 1
owner: benchmarks@financiera.test
purpose: collections
creditor: demo
audience: {products: [consumo], when: loan.total_outstanding > 100.0}
stop_on: [paid]
steps:
  - {id: hoy, at: due_date, channels: [sms], template: vence_hoy}
"""
_PROVIDERS = """\
providers:
  - id: twilio-main
    type: twilio
    channels: [sms]
    base_url: http://127.0.0.1:%d
    allow_custom_base_url: true
    connections: 1000
    account_sid: %s
    auth_token: %s
    senders: [{channel: sms, address: "+525550000000", per_second: 100000}]
"""


def write_files(folder: Path, provider_port: int) -> None:
    """The campaign and the providers file."""
    (folder / "campaigns").mkdir(exist_ok=True)
    (folder / "campaigns" / "bench.yaml").write_text(_CAMPAIGN, "utf-8")
    (folder / "providers.yaml").write_text(_PROVIDERS % (provider_port, ACCOUNT, TOKEN), "utf-8")


def phone(number: int) -> str:
    """The mobile number of a debtor."""
    return f"+5233{10000000 + number}"


def snapshot(number: int) -> dict[str, Any]:
    """A debtor with one number, one consent and one loan."""
    return {
        "debtorRef": f"D-{number:07d}",
        "revision": 1,
        "displayName": "María Pérez",
        "language": "es-MX",
        "country": "MX",
        "region": "MX-JAL",
        "timezone": "America/Mexico_City",
        "contactPoints": [
            {"contactPointRef": f"cp-{number}", "kind": "phone", "value": phone(number), "phoneType": "mobile"}
        ],
        "consents": [
            {
                "channel": "sms",
                "purpose": "collections",
                "state": "granted",
                "capturedAt": "2026-01-10T10:00:00Z",
                "capturedVia": "contract",
            }
        ],
        "segment": "B",
        "riskScore": 640,
        "loans": [{"loanRef": f"L-{number:07d}", "role": "borrower", "productCode": "consumo", "creditorRef": "demo"}],
    }


def due(number: int) -> dict[str, Any]:
    """An installment due today."""
    return {
        "debtorRef": f"D-{number:07d}",
        "loanRef": f"L-{number:07d}",
        "installmentNumber": 7,
        "dueDate": "2026-11-24",
        "amountDue": {"total": {"amount": "1050.50", "currency": "MXN"}},
        "totalOutstanding": {"amount": "9800.00", "currency": "MXN"},
    }


def envelope(event_type: str, event_id: str, data: dict[str, Any]) -> bytes:
    """A structured CloudEvent."""
    return json.dumps(
        {
            "specversion": "1.0",
            "id": event_id,
            "source": "urn:core:bench",
            "type": event_type,
            "time": "2026-11-24T06:00:00Z",
            "subject": f"loan/{data.get('loanRef')}",
            "datacontenttype": "application/json",
            "partitionkey": data["debtorRef"],
            "data": data,
        }
    ).encode()


def produce_snapshots(bootstrap: str, prefix: str, count: int) -> None:
    """Put every debtor on the debtors' topic."""
    _produce(bootstrap, prefix + DEBTORS, "io.puntual.debtor.upserted.v1", [snapshot(n) for n in range(count)])


def produce_dues(bootstrap: str, prefix: str, numbers: range) -> None:
    """Put one due event for each of these debtors on the lending topic."""
    _produce(bootstrap, prefix + LENDING, "io.puntual.installment.due.v1", [due(n) for n in numbers])


class Feed:
    """A producer that stays connected, as a core's does, for one event at a time."""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self._producer = _producer(bootstrap, linger_ms=0)
        self._topic = prefix + LENDING

    def due(self, number: int) -> None:
        """Put one due event on the lending topic and wait until Kafka has it."""
        _put(self._producer, self._topic, "io.puntual.installment.due.v1", due(number))
        _flush(self._producer)


def _produce(bootstrap: str, topic: str, event_type: str, bodies: list[dict[str, Any]]) -> None:
    producer = _producer(bootstrap, linger_ms=5)
    for body in bodies:
        _put(producer, topic, event_type, body)
        producer.poll(0)
    _flush(producer)


def _producer(bootstrap: str, *, linger_ms: int) -> confluent_kafka.Producer:
    return confluent_kafka.Producer(
        {
            "bootstrap.servers": bootstrap,
            "linger.ms": linger_ms,
            "acks": "all",
            "queue.buffering.max.messages": 1_000_000,
            "log_level": 2,
        }
    )


def _put(producer: confluent_kafka.Producer, topic: str, event_type: str, body: dict[str, Any]) -> None:
    headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
    ref = body["debtorRef"]
    producer.produce(topic, key=ref.encode(), value=envelope(event_type, f"{event_type}/{ref}", body), headers=headers)


def _flush(producer: confluent_kafka.Producer) -> None:
    if producer.flush(60):
        raise RuntimeError("Kafka did not take the load within a minute")
