"""What happened to a person, a sentence each, from the timeline's entries."""

from services.console.visit import Visit
from services.console.words import Words
from services.explanation_words import rule_phrase
from services.store.timeline import Happened

say = Words(
    {
        "message": (
            "Mensaje de «{campaign}» ({step}) por {channel}: {state}",
            "Message of “{campaign}” ({step}) by {channel}: {state}",
        ),
        "attempt": (
            "Entrega {number} por {channel} a {provider}: {state}",
            "Hand-over {number} by {channel} to {provider}: {state}",
        ),
        "allow": ("Decisión: permitido por {channel}", "Decision: permitted by {channel}"),
        "defer": ("Decisión: aplazado por {channel}", "Decision: deferred by {channel}"),
        "deny": ("Decisión: no permitido por {channel}", "Decision: not permitted by {channel}"),
        "receipt": ("{provider} informa: {status}", "{provider} says: {status}"),
        "reply": ("Respondió por {channel}: {intent}", "Replied by {channel}: {intent}"),
        "click": ("Abrió un enlace ({by})", "Opened a link ({by})"),
        "consent": (
            "Consentimiento para {purpose} por {channel}: {state}",
            "Consent to {purpose} by {channel}: {state}",
        ),
        "suppression": ("Suspensión ({scope}): {reason}", "Suppression ({scope}): {reason}"),
        "suppression.lifted": ("Suspensión levantada ({scope}): {reason}", "Suppression lifted ({scope}): {reason}"),
        "hold": ("Pausa: {reason}", "Hold: {reason}"),
        "hold.released": ("Pausa terminada: {reason}", "Hold released: {reason}"),
        "task": ("Tarea {type}: {reason}", "Task {type}: {reason}"),
        "task.closed": ("Tarea cerrada: {outcome}", "Task closed: {outcome}"),
        "contact": (
            "Contacto de otro sistema por {channel}: {outcome}",
            "Contact by another system by {channel}: {outcome}",
        ),
        "promise": ("Promesa de pago para el {promisedFor}: {state}", "Promise to pay on {promisedFor}: {state}"),
        "payment": ("Pago recibido del crédito {loanRef}", "Payment received for loan {loanRef}"),
        "payment.reversed": (
            "Pago del crédito {loanRef}, revertido después",
            "Payment for loan {loanRef}, reversed later",
        ),
    }
)


def sentence(visit: Visit, each: Happened) -> str:
    """One entry in words."""
    key = _key(each)
    if key not in _KNOWN:
        return each.kind
    values = {name: each.data.get(name) or "—" for name in _FIELDS}
    values["channel"] = visit.channel(each.data.get("channel"))
    values["state"] = visit.state(each.data.get("outcome") or each.data.get("state"))
    text = visit.say(say, key, **values)
    rules = [str(reason.get("rule", "")) for reason in each.data.get("reasons") or () if isinstance(reason, dict)]
    why = "; ".join(f"{rule_phrase(rule, visit.language)} ({rule})" for rule in rules if rule)
    return f"{text}: {why}" if why else text


def message_of(each: Happened) -> str | None:
    """The message that an entry belongs to."""
    return each.ref if each.kind == "message" else each.data.get("messageRef")


_FIELDS = (
    *("campaign", "step", "number", "provider", "status", "intent", "by", "purpose", "scope", "reason", "type"),
    *("outcome", "promisedFor", "loanRef"),
)
_KNOWN = frozenset(
    {
        *("message", "attempt", "allow", "defer", "deny", "receipt", "reply", "click", "consent", "suppression"),
        *("suppression.lifted", "hold", "hold.released", "task", "task.closed", "contact", "promise", "payment"),
        "payment.reversed",
    }
)


def _key(each: Happened) -> str:
    if each.kind == "decision":
        return str(each.data.get("verdict"))
    if each.kind == "payment" and each.data.get("reversedAt"):
        return "payment.reversed"
    return each.kind
