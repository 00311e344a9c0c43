"""One message: why it was, or was not, sent, with every decision and every attempt."""

import json
from collections.abc import Sequence
from uuid import UUID

from schemas.api import AttemptAnswer, DecisionAnswer, ExplanationAnswer, MessageAnswer
from services import ledger
from services.console import kit
from services.console.columns import debtor_path
from services.console.page import Page
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Words

say = Words(
    {
        "unknown": ("No existe un mensaje con esa referencia.", "There is no message of that reference."),
        "why": ("¿Por qué se envió, o no?", "Why was this sent, or not?"),
        "next": ("Próximo momento permitido: {at}", "Next permitted moment: {at}"),
        "facts": ("Datos", "Facts"),
        "debtor": ("Deudor", "Debtor"),
        "loan": ("Crédito", "Loan"),
        "installment": ("Cuota", "Installment"),
        "campaign": ("Campaña", "Campaign"),
        "step": ("Paso", "Step"),
        "channel": ("Canal", "Channel"),
        "state": ("Estado", "State"),
        "scheduled": ("Programado", "Scheduled"),
        "until": ("A más tardar", "At the latest"),
        "event": ("Evento que lo originó", "Event that caused it"),
        "ref": ("Referencia", "Reference"),
        "attempts": ("Entregas al proveedor", "Hand-overs to the provider"),
        "none": ("No se entregó a ningún proveedor.", "It was handed to no provider."),
        "number": ("Entrega {number} · {channel} · {provider}", "Hand-over {number} · {channel} · {provider}"),
        "handed": ("Entregado", "Handed over"),
        "settled": ("Resuelto", "Settled"),
        "parts": ("Partes", "Parts"),
        "failure": ("Falla", "Failure"),
        "provider_ref": ("Referencia del proveedor", "Provider's reference"),
        "template": ("Plantilla", "Template"),
        "decisions": ("Decisiones, con lo que se sabía", "Decisions, with what was known"),
        "inputs": ("Lo que se sabía", "What was known"),
    }
)


async def build(visit: Visit) -> None:
    """The page."""
    try:
        message_id = UUID(visit.params["message_id"])
    except ValueError:
        kit.notice(visit.say(say, "unknown"), tone="doubt")
        return
    message: MessageAnswer | None = await visit.reading(ledger.message, message_id)
    told: ExplanationAnswer | None = await visit.reading(ledger.explanation, message_id, visit.language)
    if message is None or told is None:
        kit.notice(visit.say(say, "unknown"), tone="doubt")
        return
    with kit.card(visit.say(say, "why"), wide=True):
        _why(visit, told)
    with kit.card(visit.say(say, "facts"), wide=True):
        _facts(visit, message)
    with kit.card(visit.say(say, "attempts"), wide=True):
        _attempts(visit, message.attempts)
    if told.decisions:
        with kit.card(visit.say(say, "decisions"), wide=True):
            for decision in told.decisions:
                _decision(visit, decision)


def _why(visit: Visit, told: ExplanationAnswer) -> None:
    for number, sentence in enumerate(told.sentences):
        kit.text("p", sentence).classes("p-lead" if number == 0 else "")
    if told.next_permitted_at is not None:
        at = visit.formats.instant(told.next_permitted_at)
        kit.notice(visit.say(say, "next", at=at))


def _facts(visit: Visit, message: MessageAnswer) -> None:
    shown = message.outcome or message.state
    kit.badge(shown, visit.state(shown))
    kit.link(message.debtor_ref, debtor_path(message.debtor_ref)).classes("p-inline")
    installment = str(message.installment_number) if message.installment_number is not None else "—"
    kit.facts(
        [
            (visit.say(say, "loan"), message.loan_ref),
            (visit.say(say, "installment"), installment),
            (visit.say(say, "campaign"), message.campaign),
            (visit.say(say, "step"), message.step),
            (visit.say(say, "channel"), visit.channel(message.channel)),
            (visit.say(say, "scheduled"), visit.formats.instant(message.due_at)),
            (visit.say(say, "until"), visit.formats.instant(message.expires_at)),
            (visit.say(say, "event"), message.trigger_event_id or "—"),
            (visit.say(say, "ref"), str(message.message_ref)),
        ]
    )


def _attempts(visit: Visit, attempts: Sequence[AttemptAnswer]) -> None:
    if not attempts:
        kit.empty(visit.say(say, "none"))
    for each in attempts:
        channel = visit.channel(each.channel)
        kit.text("h3", visit.say(say, "number", number=each.number, channel=channel, provider=each.provider))
        kit.badge(each.state, visit.state(each.state))
        failure = " · ".join(part for part in (each.failure, each.code) if part) or "—"
        kit.facts(
            [
                (visit.say(say, "handed"), visit.formats.instant(each.handed_at)),
                (visit.say(say, "settled"), visit.formats.instant(each.settled_at)),
                (visit.say(say, "parts"), visit.formats.number(each.parts)),
                (visit.say(say, "failure"), failure),
                (visit.say(say, "provider_ref"), each.provider_message_ref or "—"),
                (visit.say(say, "template"), str(each.template.get("name", "—"))),
            ]
        )


def _decision(visit: Visit, decision: DecisionAnswer) -> None:
    with kit.tag("details"):
        kit.text("summary", decision.sentence)
        with kit.tag("ul"):
            for reason in decision.reasons:
                kit.text("li", reason.sentence)
        kit.text("h3", visit.say(say, "inputs"))
        told = json.dumps(decision.inputs, indent=2, ensure_ascii=False, sort_keys=True, default=str)
        kit.text("pre", told, tabindex="0").classes("p-pre")


PAGE = Page("/messages/{message_id}", ("Un mensaje", "A message"), Right.READ, build)
