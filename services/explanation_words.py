"""The words of explanations in Spanish and English: rules, outcomes, channels; each phrase stands in a sentence."""

from collections.abc import Mapping
from enum import StrEnum


class Language(StrEnum):
    """A language that explanations are given in."""

    ES = "es"
    EN = "en"


Phrase = Mapping[Language, str]


def _both(es: str, en: str) -> Phrase:
    return {Language.ES: es, Language.EN: en}


CHANNELS = {
    "sms": _both("SMS", "SMS"),
    "whatsapp": _both("WhatsApp", "WhatsApp"),
    "email": _both("correo electrónico", "email"),
    "voice": _both("llamada", "voice call"),
}

BASES = {
    "law": _both("la ley", "the law"),
    "policy": _both("la política del acreedor", "the lender's policy"),
    "consent": _both("el consentimiento", "consent"),
    "suppression": _both("una suspensión", "a suppression"),
    "preference": _both("la preferencia de la persona", "the person's preference"),
    "platform": _both("la plataforma", "the platform"),
}

# The first text that a rule's name contains decides.
RULES: tuple[tuple[str, Phrase], ...] = (
    ("marketing-consent", _both("falta el consentimiento para publicidad", "consent to marketing is missing")),
    ("promotion-consent", _both("falta el consentimiento para publicidad", "consent to marketing is missing")),
    ("authorised-channel", _both("la persona no autorizó este canal", "the person did not authorise this channel")),
    (
        "consent",
        _both("la persona negó o retiró su consentimiento", "the person refused or withdrew consent"),
    ),
    ("suppression-person", _both("no se debe contactar a la persona", "the person must not be contacted")),
    (
        "suppression-channel",
        _both("no se debe contactar a la persona por este canal", "the person must not be contacted by this channel"),
    ),
    ("suppression-loan", _both("no se debe contactar por este crédito", "nobody may be contacted about this loan")),
    (
        "suppression-contact",
        _both("no se debe usar este número o dirección", "this number or address must not be used"),
    ),
    (
        "preferred-window",
        _both("está fuera del horario que la persona prefiere", "it is outside the person's own hours"),
    ),
    ("emergency-closure", _both("ese día está cerrado por una emergencia", "the day is closed for an emergency")),
    ("register-unknown", _both("está en un registro que no conocemos", "the person is on a register unknown to us")),
    ("recipient-not-obliged", _both("quien respondería no es el deudor", "whom it would reach does not owe the debt")),
    ("obliged-alone", _both("quien respondería no es el deudor", "whom it would reach does not owe the debt")),
    (
        "after-conversation",
        _both("hace menos de siete días se habló con la persona", "the person was spoken with less than 7 days ago"),
    ),
    ("asked-information", _both("la persona pidió esta información", "the person asked for this information")),
    ("stop-confirmed", _both("confirma una sola vez la baja", "it confirms a stop, once")),
    ("holiday", _both("es día inhábil", "the day is a holiday or a closed day")),
    ("guard", _both("el horario permitido está por terminar", "the permitted hours are about to end")),
    ("hours", _both("está fuera del horario permitido", "it is outside the permitted hours")),
    ("one-channel-a-week", _both("esta semana ya se usó otro canal", "another channel was used this week")),
    ("two-in-seven", _both("ya hubo dos contactos en siete días", "there were two contacts in seven days")),
    ("seven-in-seven", _both("ya hubo siete llamadas en siete días", "there were seven calls in seven days")),
    ("days-between", _both("faltan días desde el último contacto", "too few days have passed since the last contact")),
    ("-a-day", _both("ya se alcanzó el máximo de contactos del día", "the most contacts of a day are reached")),
    ("-a-week", _both("ya se alcanzó el máximo de contactos de la semana", "the most contacts of a week are reached")),
    (
        "third-party",
        _both("la plataforma no admite cobranza por cuenta ajena", "the platform refuses collection for others"),
    ),
    *(
        (
            register,
            _both("la persona está en un registro que lo excluye", "the person is on a register that excludes it"),
        )
        for register in ("-reus", "-repep", "excluded-numbers", "no-molestar", "no-insista", "do-not-call", "nao-me-")
    ),
    (
        "no-offers",
        _both("el texto mezcla una oferta con otro propósito", "the text mixes an offer with another purpose"),
    ),
    ("whatsapp-not-approved", _both("el uso de WhatsApp no está aprobado", "the use of WhatsApp is not approved")),
    (
        "pack-expired",
        _both("las reglas de esta jurisdicción vencieron", "the rules of this jurisdiction are out of date"),
    ),
    ("pack-", _both("no hay reglas vigentes para este lugar", "there are no rules in force for this place")),
    ("campaign-limits", _both("la campaña ya alcanzó su propio límite", "the campaign has reached its own limit")),
    ("audience", _both("la persona ya no es del público de la campaña", "the person left the campaign's audience")),
    ("condition", _both("la condición del paso no se cumple", "the step's condition does not hold")),
    ("choose", _both("ninguna opción del paso corresponde", "no choice of the step applies")),
    ("creditor-unknown", _both("no se conoce al acreedor", "the lender is not known")),
    ("no-contact-point", _both("no hay número o dirección utilizable", "there is no usable number or address")),
    ("holdout", _both("la persona está en el grupo de control", "the person is in the holdout group")),
    ("template:", _both("no se pudo redactar el texto de la plantilla", "the template's text could not be made")),
    ("payment_hold", _both("un pago está por aclararse", "a payment is still to be accounted for")),
    ("stopped", _both("el envío está detenido por un interruptor", "sending is stopped by a kill switch")),
    ("paused", _both("la campaña está en pausa", "the campaign is paused")),
    ("pace", _both("espera turno en el proveedor", "it waits for its turn at the provider")),
)

SUPPRESSED = {
    "opt_out": _both("la persona pidió no recibir mensajes", "the person asked not to receive messages"),
    "no_consent": _both("falta el consentimiento", "consent is missing"),
    "quiet_hours": _both("no hubo hora permitida a tiempo", "no permitted hour came in time"),
    "frequency_cap": _both("se alcanzó el máximo de contactos", "the most contacts were reached"),
    "holiday": _both("eran días inhábiles", "the days were closed"),
    "paid": _both("ya estaba pagado", "it was already paid"),
    "paused": _both("el contacto estaba suspendido", "contact was on hold"),
    "invalid_contact": _both("el número o la dirección no sirve", "the number or address is not valid"),
    "no_contact": _both("no hay número o dirección utilizable", "there is no usable number or address"),
    "duplicate": _both("habría sido un duplicado", "it would have been a duplicate"),
    "expired": _both("venció el plazo", "its time ran out"),
    "budget": _both("se agotó el presupuesto", "the budget was used up"),
    "policy": _both("una regla no lo permite", "a rule does not permit it"),
    "holdout": _both("la persona está en el grupo de control", "the person is in the holdout group"),
}

CANCELLED = {
    "paid": _both("ya está pagado", "it is paid"),
    "rescheduled": _both("la cuota cambió de fecha", "the installment was rescheduled"),
    "opt_out": _both("la persona pidió no recibir mensajes", "the person asked not to receive messages"),
    "paused": _both("el contacto quedó suspendido", "contact was put on hold"),
    "superseded": _both("ya no corresponde", "it is no longer called for"),
    "manual": _both("alguien lo retiró a mano", "somebody took it back by hand"),
    "promise": _both("la persona prometió pagar", "the person promised to pay"),
    "dispute": _both("la persona disputa la deuda", "the person disputes the debt"),
    "closed": _both("el crédito se cerró", "the loan was closed"),
    "erased": _both("se borraron los datos de la persona", "the person's data were erased"),
}

EXPIRED = {
    "too_late": _both("pasó el plazo del paso", "the step's time was over"),
    "window_closed": _both("se cerró el horario permitido", "the permitted hours ended"),
    "validity": _both("el proveedor no lo entregó dentro del plazo", "the provider did not deliver it in time"),
}

OUTCOMES = {
    "accepted": _both(
        "Se envió: el proveedor lo aceptó y aún no confirma la entrega.",
        "It was sent: the provider accepted it and has not confirmed delivery yet.",
    ),
    "delivered": _both("Se envió y llegó a la persona.", "It was sent and reached the person."),
    "read": _both("Se envió y la persona lo abrió.", "It was sent and the person opened it."),
    "failed": _both("Se intentó y no llegó a la persona.", "It was tried and did not reach the person."),
    "unknown": _both(
        "Se entregó, o quizá se entregó, al proveedor y no hubo respuesta: cuenta como contacto y no se repite.",
        "It was handed over, or may have been, and no answer came: it counts as a contact and is never repeated.",
    ),
    "task": _both("Se convirtió en una tarea para una persona.", "It became a task for a person."),
}

ATTEMPTS = {
    "sending": _both("en curso", "under way"),
    "accepted": _both("aceptado por el proveedor", "accepted by the provider"),
    "sent": _both("enviado por el proveedor", "sent by the provider"),
    "delivered": _both("entregado", "delivered"),
    "read": _both("leído", "read"),
    "rejected": _both("rechazado por el proveedor", "rejected by the provider"),
    "not_sent": _both("no llegó a salir", "never sent"),
    "failed": _both("fallido", "failed"),
    "undelivered": _both("no entregado", "not delivered"),
    "unknown": _both("sin respuesta", "without an answer"),
}


def rule_phrase(rule: str, language: Language) -> str:
    """What a rule says, as a clause; its bare name where it has no words yet."""
    for text, phrase in RULES:
        if text in rule:
            return phrase[language]
    return f"la regla {rule}" if language is Language.ES else f"the rule {rule}"
