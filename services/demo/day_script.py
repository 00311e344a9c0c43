"""A scripted day of conversations: who is told what, what they say and press, and what must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from channels.simulators.behaviour import SimulatorSettings
from services.demo.stage import Scenery

ZONE = ZoneInfo("America/Mexico_City")
DAY = datetime(2026, 11, 24, tzinfo=ZONE)
TEXTER, CALLER, WRITER = "+525550000000", "+525550000002", "whatsapp:+525550000001"
_PROVIDERS = """\
providers:
  - id: twilio-day
    type: twilio
    channels: [sms, whatsapp, voice]
    base_url: {url}
    allow_custom_base_url: true
    account_sid: AC00000000000000000000000000000000
    auth_token: {token}
    senders:
      - {{channel: sms, address: "+525550000000", per_second: 20}}
      - {{channel: whatsapp, address: "whatsapp:+525550000001", per_second: 20}}
      - {{channel: voice, address: "+525550000002", per_second: 20}}
whatsapp: {{enabled: true, approved_by: rehearsal, approved_on: 2026-11-01, policy_version: rehearsal}}
"""
_HEAD = "version: 1\nowner: ensayo@financiera.test\ncreditor: demo\nlanguage: es\n"


class Way(StrEnum):
    """How the lender reaches somebody; also the product by which a campaign finds them."""

    SMS = "sms"
    WHATSAPP = "whatsapp"
    VOICE = "voice"


def _reminder(way: Way) -> str:
    steps = f"steps:\n  - {{id: hoy, at: due_date, channels: [{way}], template: vence_hoy}}\n"
    return f"campaign: dia-{way}\n{_HEAD}purpose: collections\naudience: {{products: [{way}]}}\n{steps}"


def _answers() -> str:
    steps = "".join(
        f"  - {{id: {name}, on: reply.{event}, expires: 24h, channels: [whatsapp, sms], template: respuesta_{name}}}\n"
        for name, event in (
            ("menu", "help"),
            ("saldo", "balance"),
            ("enlace", "payment_link"),
            ("promesa", "promise"),
            ("asesor", "agent"),
            ("identidad", "unverified"),
        )
    )
    return f"campaign: dia-respuestas\n{_HEAD}purpose: service\naudience: {{}}\nsteps:\n{steps}"


CAMPAIGNS: Mapping[str, str] = {f"{way}.yaml": _reminder(way) for way in Way} | {"respuestas.yaml": _answers()}
SCENERY = Scenery(
    DAY.replace(hour=8, minute=50).astimezone(UTC), _PROVIDERS, SimulatorSettings(receipt_delay=0.05), CAMPAIGNS
)


class Deed(StrEnum):
    """What happens in an act."""

    FALLS_DUE = "falls_due"
    WRITES = "writes"
    CALLS = "calls"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who is in the script."""

    ref: str
    name: str
    phone: str
    way: Way


@dataclass(frozen=True, slots=True)
class Act:
    """At a time of the day somebody's installment falls due, or they write, or call and press keys.

    `expects` are the outcome events about them that must follow, `never` those that must not; `intent` is how a reply
    must be understood.
    """

    at: time
    who: Actor
    deed: Deed
    text: str = ""
    keys: tuple[str, ...] = ()
    expects: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    intent: str = ""


ANA = Actor("ana", "Ana Torres", "+525512350001", Way.SMS)
BRUNO = Actor("bruno", "Bruno Lara", "+525512350002", Way.SMS)
CELIA = Actor("celia", "Celia Ponce", "+525512350003", Way.WHATSAPP)
DARIO = Actor("dario", "Darío Vela", "+525512350004", Way.SMS)
ELSA = Actor("elsa", "Elsa Robles", "+525512350005", Way.VOICE)
FERMIN = Actor("fermin", "Fermín Haro", "+525512350006", Way.VOICE)
GINA = Actor("gina", "Gina Salas", "+525512350007", Way.VOICE)
HILDA = Actor("hilda", "Hilda Mena", "+525512350008", Way.SMS)
IVAN = Actor("ivan", "Iván Prado", "+525512350009", Way.WHATSAPP)
JULIA = Actor("julia", "Julia Rangel", "+525512350010", Way.SMS)
KEVIN = Actor("kevin", "Kevin Duarte", "+525512350011", Way.SMS)
LAURA = Actor("laura", "Laura Cano", "+525512350012", Way.SMS)

_TOLD = ("message.accepted", "message.delivered")
_ANSWERED = ("reply.received", "message.accepted", "message.delivered")
_SILENT = ("message.accepted",)


def _due(
    hour: int, minute: int, who: Actor, *keys: str, expects: tuple[str, ...] = _TOLD, never: tuple[str, ...] = ()
) -> Act:
    return Act(time(hour, minute), who, Deed.FALLS_DUE, keys=keys, expects=expects, never=never)


def _writes(
    hour: int,
    minute: int,
    who: Actor,
    text: str,
    intent: str,
    expects: tuple[str, ...],
    never: tuple[str, ...] = (),
) -> Act:
    return Act(time(hour, minute), who, Deed.WRITES, text=text, intent=intent, expects=expects, never=never)


SCRIPT = (
    _due(9, 0, ANA),
    _writes(9, 6, ANA, "¿Cuánto debo?", "balance", _ANSWERED),
    _due(9, 30, BRUNO),
    _writes(9, 41, BRUNO, "AYUDA", "help", _ANSWERED),
    _writes(9, 43, BRUNO, "2", "payment_link", _ANSWERED),
    _due(10, 0, CELIA),
    _writes(10, 12, CELIA, "Pago 500 el viernes", "promise", ("reply.received", "promise.recorded")),
    _due(10, 30, DARIO),
    _writes(10, 31, DARIO, "BAJA", "opt_out", ("reply.received", "optout.recorded")),
    _due(11, 0, ELSA, "1", "2", "2711", "1", expects=(*_TOLD, "reply.received", "promise.recorded")),
    _due(11, 30, FERMIN, "2", expects=("reply.received", "contactpoint.invalidated", "message.failed")),
    _due(12, 0, GINA, "", "", expects=("message.accepted", "message.failed"), never=("message.delivered",)),
    Act(time(12, 20), GINA, Deed.CALLS, keys=("1", "4"), intent="payment_link", expects=_ANSWERED),
    _due(13, 0, HILDA),
    _writes(13, 5, HILDA, "Número equivocado, no conozco a esa persona", "wrong_person",
            ("reply.received", "contactpoint.invalidated"), never=_SILENT),
    _due(16, 0, IVAN),
    _writes(16, 30, IVAN, "Ya pagué ayer en la sucursal", "paid_claim",
            ("reply.received", "payment.claimed", "task.created"), never=_SILENT),
    _due(17, 0, JULIA),
    _writes(17, 20, JULIA, "Mi mamá falleció la semana pasada", "other", ("reply.received", "task.created"),
            never=_SILENT),
    _due(19, 30, KEVIN),
    _writes(19, 42, KEVIN, "Quiero hablar con una persona", "agent", ("reply.received", "task.created")),
    _due(22, 30, LAURA, expects=("message.scheduled",), never=_SILENT),
)  # fmt: skip
