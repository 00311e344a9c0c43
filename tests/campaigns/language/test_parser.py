"""A sound text becomes the values that the planner reads."""

from datetime import date, time, timedelta
from decimal import Decimal
from hashlib import sha256

import pytest

from campaigns.definition import Fallback, Limits, StepEvent, StopWord, TaskSpec, TaskType, Unless, Variant
from campaigns.parser import parse_definition, read_definition
from schemas.enums import Channel, Purpose
from tests.campaigns.language.samples import BASE, changed, sound, with_step, with_top

FULL = """\
campaign: recordatorio
version: 3
description: Recordatorios
owner: cobranza@financiera.test
purpose: service
creditor: demo
language: pt
audience:
  products: [consumo, nomina]
  when: debtor.segment in ["A", "B"] && loan.total_outstanding > 100.0
holdout: 2.5%
limits: {max: 2, per: 7d}
stop_on: [paid, promise]
priority: loan.total_outstanding * debtor.risk_score / 1000.0
starts: 2026-01-31
ends: "2026-12-31"
steps:
  - id: aviso
    at: due_date - 3d
    between: "09:00-12:30"
    expires: 24h
    channels: [whatsapp, sms]
    fallback: {after: 90m, unless: delivered}
    template: aviso
  - id: hoy
    at: due_date
    choose:
      - {when: debtor.segment == "A", channels: [email], template: formal}
      - {channels: [sms], variants: [{template: uno, weight: 30}, {template: dos, weight: 70}]}
  - id: gracias
    on: payment.received
    when: installment.number > 1
    channels: [sms]
    template: gracias
  - id: visita
    at: due_date + 15d
    task: {type: field_visit, queue: sucursal}
"""


def test_every_part_of_a_definition_is_read() -> None:
    definition = sound(FULL)
    assert (definition.campaign, definition.version, definition.purpose) == ("recordatorio", 3, Purpose.SERVICE)
    assert (definition.creditor, definition.language, definition.description) == ("demo", "pt", "Recordatorios")
    assert definition.audience.products == ("consumo", "nomina")
    assert definition.audience.when is not None
    assert definition.holdout == Decimal("2.5")
    assert definition.limits == Limits(2, timedelta(days=7))
    assert definition.stop_on == {StopWord.PAID, StopWord.PROMISE}
    assert (definition.starts, definition.ends) == (date(2026, 1, 31), date(2026, 12, 31))
    assert [step.id for step in definition.steps] == ["aviso", "hoy", "gracias", "visita"]


def test_every_part_of_a_step_is_read() -> None:
    aviso, hoy, gracias, visita = sound(FULL).steps
    assert (aviso.at, aviso.between, aviso.expires) == (-3, (time(9), time(12, 30)), timedelta(hours=24))
    assert aviso.channels == (Channel.WHATSAPP, Channel.SMS)
    assert aviso.fallback == Fallback(timedelta(minutes=90), Unless.DELIVERED)
    assert [choice.template for choice in hoy.choose] == ["formal", None]
    assert hoy.choose[1].variants == (Variant("uno", 30), Variant("dos", 70))
    assert (gracias.at, gracias.on) == (None, StepEvent.PAYMENT_RECEIVED)
    assert (visita.at, visita.task) == (15, TaskSpec(TaskType.FIELD_VISIT, "sucursal"))


def test_what_is_left_out_has_its_default() -> None:
    definition = sound(BASE)
    assert definition.language == "es"
    assert definition.stop_on == set(StopWord)
    assert (definition.holdout, definition.limits, definition.priority, definition.schedule) == (None,) * 4
    assert definition.audience.products is None
    assert definition.steps[0].fallback is None


def test_unless_is_delivered_by_default() -> None:
    definition = sound(with_step("fallback: {after: 4h}"))
    assert definition.steps[0].fallback == Fallback(timedelta(hours=4), Unless.DELIVERED)


@pytest.mark.parametrize(
    ("written", "days"),
    [("due_date", 0), ("due_date + 1d", 1), ("due_date - 30d", -30), ("due_date-3d", -3), ('"due_date +2d"', 2)],
)
def test_days_from_the_due_date(written: str, days: int) -> None:
    assert sound(changed("due_date - 3d", written)).steps[0].at == days


def test_line_ends_and_byte_order_marks_do_not_change_the_hash() -> None:
    plain = sound(BASE)
    windows = sound("\ufeff" + BASE.replace("\n", "\r\n"))
    assert plain.content_hash == windows.content_hash == sha256(BASE.encode()).hexdigest()
    assert windows.text == BASE


def test_a_changed_word_changes_the_hash() -> None:
    assert sound(BASE).content_hash != sound(changed("version: 1", "version: 2")).content_hash


def test_aliases_and_merges_are_written_out() -> None:
    text = changed(
        "  - id: aviso\n",
        "  - &first\n    id: aviso\n",
    )
    definition = sound(text + "  - <<: *first\n    id: otro\n    at: due_date\n")
    assert [(step.id, step.at, step.template) for step in definition.steps] == [
        ("aviso", -3, "aviso"),
        ("otro", 0, "aviso"),
    ]


def test_positions_are_known_for_later_checks() -> None:
    definition = sound(FULL)
    assert definition.positions[("steps", 0, "template")] == (24, 15)
    assert definition.positions[("steps", 1, "choose", 1, "variants", 1, "template")] == (29, 78)
    assert str(definition.problem(("steps", 0, "nothing"), "x")) == "f.yaml:18:5: x"


def test_a_value_below_its_key_is_placed_at_the_key() -> None:
    definition = sound(changed("channels: [sms, email]", "channels:\n      - sms\n      - email"))
    assert definition.positions[("steps", 0, "channels")] == (10, 5)
    assert definition.positions[("steps", 0, "channels", 1)] == (12, 9)


def test_what_can_be_read_beside_a_fault_is_read() -> None:
    reading = read_definition(with_top("holdout: 100%"), "f.yaml")
    assert len(reading.problems) == 1
    assert reading.definition is not None
    assert reading.definition.steps[0].template == "aviso"


def test_the_same_text_is_the_same_definition() -> None:
    assert parse_definition(FULL, "a.yaml") == parse_definition(FULL, "b.yaml")
