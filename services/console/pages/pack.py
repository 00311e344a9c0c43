"""One jurisdiction pack: every rule with the words it comes from, who said so, and since when."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from campaigns.pack_model import Rule, Source
from campaigns.resolved_pack import Pack
from services.console import kit
from services.console.page import Page
from services.console.pages.packs import STATES, rules_of, state_of
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Pair, Words, word

say = Words(
    {
        "unknown": ("No hay un paquete con ese nombre.", "There is no pack of that name."),
        "all": ("Todos los paquetes", "All packs"),
        "draft": (
            "Borrador: ningún abogado del lugar lo ha aprobado. No es asesoría legal y en producción no rige.",
            "A draft: no counsel of the place has approved it. It is no legal advice, and production does not use it.",
        ),
        "expired": (
            "Vencido el {day}: ahí no se contacta a nadie hasta que se revise.",
            "Expired on {day}: nobody is contacted there until it is reviewed.",
        ),
        "facts": ("Datos", "Facts"),
        "version": ("Versión", "Version"),
        "state": ("Estado", "State"),
        "review_by": ("Revisar a más tardar", "Review by"),
        "inherits": ("Hereda de", "Inherits from"),
        "years": ("Años con calendario", "Years with a calendar"),
        "zones": ("Zonas horarias", "Time zones"),
        "effective": ("Vigencia", "In effect"),
        "from": ("desde {day}", "from {day}"),
        "until": ("hasta {day}", "until {day}"),
        "source": ("Fuente", "Source"),
        "evidence": ("Cómo se leyó", "How it was read"),
        "note": ("Nota", "Note"),
        "quote": ("Cita", "Quote"),
        "url": ("Enlace", "Link"),
        "law": ("ley", "law"),
        "policy": ("política propia", "own policy"),
        "platform": ("plataforma", "platform"),
        "not_yet": ("aún no vigente", "not in effect yet"),
        "over": ("ya no vigente", "no longer in effect"),
        "years_span": ("{first} a {last}", "{first} to {last}"),
    }
)
_KINDS: Mapping[str, Pair] = {
    "hours": ("Horarios", "Hours"),
    "closures": ("Días cerrados", "Closed days"),
    "caps": ("Topes de contacto", "Caps on contacts"),
    "spacings": ("Días entre contactos", "Days between contacts"),
    "consents": ("Consentimientos exigidos", "Consents demanded"),
    "disabled": ("Canales no permitidos", "Channels not permitted"),
    "guards": ("Margen antes del cierre", "Guard before closing"),
    "content": ("Contenido obligatorio", "Content demanded"),
    "recipients": ("A quién se puede contactar", "Who may be contacted"),
    "registers": ("Registros públicos", "Public registers"),
}
_EVIDENCE: Mapping[str, Pair] = {
    "T": ("T · texto de la norma", "T · text of the law"),
    "S": ("S · fuente secundaria", "S · secondary source"),
    "GK": ("GK · conocimiento general, por verificar", "GK · general knowledge, to be verified"),
    "P": ("P · política propia", "P · own policy"),
}
_FIELDS: Mapping[str, Pair] = {
    "open": ("abierto", "open"),
    "channels": ("canales", "channels"),
    "purposes": ("propósitos", "purposes"),
    "creditor_types": ("tipos de acreedor", "creditor types"),
    "collectors": ("cobradores", "collectors"),
    "max": ("máximo", "at most"),
    "within": ("dentro de", "within"),
    "counts": ("cuenta", "counts"),
    "per": ("por", "per"),
    "full_days_between": ("días completos entre contactos", "full days between contacts"),
    "after": ("después de", "after"),
    "allowed": ("permitidos", "allowed"),
    "names": ("nombres", "names"),
    "unless": ("salvo", "unless"),
    "seconds": ("segundos", "seconds"),
    "when": ("cuándo", "when"),
    "needs": ("debe llevar", "needs"),
    "link_satisfies": ("basta un enlace en", "a link is enough in"),
    "holidays": ("días festivos", "holidays"),
    "every_part": ("de todas las regiones", "of every region"),
    "yearly": ("cada año", "yearly"),
    "from_easter": ("días desde Pascua", "days from Easter"),
    "on": ("fechas", "dates"),
}
_SHOWN_APART = frozenset({"rule", "basis", "source", "effective_from", "effective_until"})


async def build(visit: Visit) -> None:
    """The page."""
    pack = visit.console.parts.policy.law.get(visit.params["name"].upper())
    kit.link(visit.say(say, "all"), "/packs")
    if pack is None:
        kit.notice(visit.say(say, "unknown"), tone="doubt")
        return
    today = visit.now().date()
    state = state_of(pack, today)
    kit.text("h2", f"{pack.id} · {pack.title}")
    if state == "stopped":
        kit.notice(visit.say(say, "expired", day=visit.formats.day(pack.review_by)), tone="bad")
    elif state == "submitted":
        kit.notice(visit.say(say, "draft"), tone="doubt")
    with kit.card(visit.say(say, "facts"), wide=True):
        _facts(visit, pack, state)
    for kind, rules in groupby(rules_of(pack), key=lambda each: each[0]):
        with kit.card(word(_KINDS, kind, visit.language), wide=True):
            for _, rule in rules:
                assert isinstance(rule, Rule)
                _rule(visit, pack, rule, today)


def _facts(visit: Visit, pack: Pack, state: str) -> None:
    pairs = [
        ("version", pack.version),
        ("state", word(STATES, state, visit.language)),
        ("review_by", visit.formats.day(pack.review_by)),
        ("inherits", ", ".join(pack.ancestors) or "—"),
        ("years", visit.say(say, "years_span", first=pack.first_year, last=pack.last_year)),
        ("zones", ", ".join(pack.zones)),
    ]
    kit.facts([(visit.say(say, name), value) for name, value in pairs])


def _rule(visit: Visit, pack: Pack, rule: Rule, today: date) -> None:
    kit.text("h3", rule.rule)
    with kit.tag("p"):
        kit.text("span", visit.say(say, rule.basis.value)).classes("p-badge")
        if rule.effective_from is not None and today < rule.effective_from:
            kit.text("span", visit.say(say, "not_yet")).classes("p-badge p-doubt")
        if rule.effective_until is not None and today > rule.effective_until:
            kit.text("span", visit.say(say, "over")).classes("p-badge p-doubt")
    pairs = [(word(_FIELDS, name, visit.language), _said(value)) for name, value in _told(rule)]
    if effective := _effective(visit, rule):
        pairs.append((visit.say(say, "effective"), effective))
    kit.facts([*pairs, *_source(visit, pack.sources[rule.source])])


def _told(rule: Rule) -> Sequence[tuple[str, Any]]:
    """What a rule says, without what it leaves open."""
    dumped = rule.model_dump(mode="json", exclude_defaults=True)
    return [(name, value) for name, value in dumped.items() if name not in _SHOWN_APART]


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name} {_said(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value)
    return "✓" if value is True else str(value)


def _effective(visit: Visit, rule: Rule) -> str:
    days = (("from", rule.effective_from), ("until", rule.effective_until))
    return " ".join(visit.say(say, name, day=visit.formats.day(day)) for name, day in days if day is not None)


def _source(visit: Visit, source: Source) -> list[tuple[str, str]]:
    """Where it is written, and whatever else the pack tells of that place."""
    told = source.model_dump(mode="json", exclude_none=True)
    cite, evidence = told.pop("cite"), told.pop("evidence")
    pairs = [("source", cite), ("evidence", word(_EVIDENCE, evidence, visit.language))]
    return [(visit.say(say, name), str(value)) for name, value in [*pairs, *told.items()]]


PAGE = Page("/packs/{name}", ("Paquete de ley", "Law pack"), Right.READ, build)
