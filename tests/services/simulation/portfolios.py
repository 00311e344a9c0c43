"""A campaign that asks for all that debtors differ in, and a portfolio of debtors of all sorts."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from services.simulation.engine import Span

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
SPAN = Span(date(2026, 11, 24), 14)
HARD = """campaign: dificil
version: 1
owner: cobranza@financiera.test
purpose: collections
creditor: demo
language: es
audience: {when: segments.grandes || debtor.segment == "B"}
holdout: 10%
limits: {max: 3, per: 7d}
priority: installment.amount * double(loan.days_past_due)
steps:
  - id: uno
    at: due_date - 1d
    channels: [sms, email]
    choose:
      - {when: 'debtor.risk_score > 700.0 && loan.overdue_amount < 400.0', template: vence_hoy_formal}
      - {variants: [{template: vence_hoy, weight: 1}, {template: vence_hoy_corto, weight: 2}]}
  - id: dos
    at: due_date + 2d
    when: history.attempts_7d < 2 && "vip" in debtor.tags
    channels: [email, sms]
    fallback: {after: 2h, unless: read}
    expires: 3d
    template: vencido_5
"""
SEGMENTS = "grandes: loan.total_outstanding > 900.0 || installment.number == 3\n"


def rows(chance: random.Random) -> Iterator[dict[str, str]]:
    """One row an installment."""
    for number in range(420):
        due = SPAN.start + timedelta(days=chance.randint(-8, 12))
        row = {
            "debtor_ref": f"D-{number:03}",
            "name": chance.choice(["María Núñez", "Jo", "O'Brien <x>", "Ana  Li", "Zoë 😀", "Baja Stop", "Íñigo Ó"]),
            "language": chance.choice(["es-MX", "es", "", "pt-BR", "en"]),
            "country": "MX",
            "region": chance.choice(["MX-JAL", "MX-BCN", "", ""]),
            "timezone": chance.choice(["America/Mexico_City", "America/Tijuana", "", ""]),
            "phone": chance.choice([f"+52331{number:07}", f"55 1234 {number:04}", "", "+521"]),
            "email": f"d{number}@example.test",
            "segment": chance.choice("AB") if chance.random() < 0.8 else "",
            "risk_score": chance.choice(["650", "720.5", ""]),
            "tags": chance.choice(["vip", "a;vip", ""]),
            "consent_sms": chance.choice(["yes", "no", "", ""]),
            "preferred_channel": chance.choice(["email", "", ""]),
            "loan_ref": f"L-{chance.randint(0, 10**6)}",
            "product": chance.choice(["consumo", "nomina", "otro", ""]),
            "creditor_ref": chance.choice(["demo", ""]),
            "total_outstanding": chance.choice(["50", "899.99", "12000.5", "0", ""]),
            "installment_number": chance.choice(["1", "3", ""]),
            "due_date": due.isoformat(),
            "amount_due": chance.choice(["350.00", "1234567.89", "0"]),
            "status": chance.choice(["", "", "", "paid", "closed"]),
        }
        yield row if number != 77 else {**row, "due_date": "soon"}
        if chance.random() < 0.3:
            yield {**row, "installment_number": "5", "due_date": str(due + timedelta(days=3)), "amount_due": "90.10"}
        if chance.random() < 0.2:
            yield {**row, "loan_ref": f"A-{number}", "product": "consumo", "total_outstanding": "700"}
