"""A person: who they are (masked), what they owe, what stands in the way, and everything that happened."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from urllib.parse import urlencode

from nicegui import ui
from nicegui.element import Element

from campaigns.person import ContactPoint, Loan, Person
from services.auditing import Action
from services.console import happened, kit, people
from services.console.actions import Deed, act, ask_reason
from services.console.page import Page
from services.console.people import Shown
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Pair, Words, word
from services.store import timeline
from services.store.timeline import Happened, Place

say = Words(
    {
        "nobody": ("No se conoce a nadie con esa referencia.", "Nobody is known under that reference."),
        "who": ("Quién es", "Who they are"),
        "name": ("Nombre", "Name"),
        "unmask": ("Ver nombre y datos de contacto", "Show name and contact details"),
        "unmask_title": ("¿Por qué necesita ver estos datos?", "Why do you need to see these data?"),
        "unmask_text": (
            "Se mostrarán los datos de esta persona, en esta página y una sola vez. Queda en la bitácora.",
            "This person's data will be shown on this page, this once. It is put on record.",
        ),
        "unmasked": ("Los datos se muestran; quedó registrado.", "The data are shown; it is on record."),
        "erased": ("De esta persona ya no se guardan datos.", "No data of this person are kept any more."),
        "state": ("Estado", "State"),
        "language": ("Idioma", "Language"),
        "zone": ("Zona horaria", "Time zone"),
        "region": ("Lugar", "Place"),
        "segment": ("Segmento", "Segment"),
        "unusable": ("no se usa", "not in use"),
        "loans": ("Créditos", "Loans"),
        "no_loans": ("No tiene créditos conocidos.", "No loans are known."),
        "overdue": ("Vencido", "Overdue"),
        "outstanding": ("Saldo", "Outstanding"),
        "stops": ("Qué impide contactarle", "What keeps them from being contacted"),
        "no_stops": ("Nada en particular.", "Nothing in particular."),
        "hold": ("Pausa", "Hold"),
        "suppression": ("Suspensión", "Suppression"),
        "until": ("hasta {at}", "until {at}"),
        "open": ("sin fecha de fin", "without an end"),
        "timeline": ("Todo lo que pasó", "Everything that happened"),
        "older": ("Ver anteriores", "Show earlier"),
        "messages": ("Sus mensajes en una lista", "Their messages in a list"),
    }
)
_PAGE = 40
_KINDS: dict[str, Pair] = {
    "phone": ("teléfono", "phone"),
    "email": ("correo", "mailbox"),
    "whatsapp": ("WhatsApp", "WhatsApp"),
    "push": ("aplicación", "app"),
}
_STATUS: dict[str, Pair] = {
    "active": ("vigente", "active"),
    "deactivated": ("inactivo", "inactive"),
    "deceased": ("fallecido", "deceased"),
    "closed": ("cerrado", "closed"),
    "overpaid": ("pagado de más", "overpaid"),
    "written_off": ("castigado", "written off"),
    "charged_off": ("castigado", "charged off"),
    "transferred": ("traspasado", "transferred"),
    "rejected": ("rechazado", "rejected"),
    "withdrawn": ("retirado", "withdrawn"),
}


async def build(visit: Visit) -> None:
    """The page."""
    ref = visit.params["ref"]
    person = await people.load(visit, ref)
    if person is None:
        kit.notice(visit.say(say, "nobody"), tone="doubt")
        return
    kit.text("p", ref).classes("p-lead")
    with kit.card(visit.say(say, "who"), wide=True):
        who = ui.element("div")
    _who(visit, who, people.shown(visit, person, unmasked=False))
    with kit.grid():
        with kit.card(visit.say(say, "loans")):
            _loans(visit, list(person.loans.values()))
        with kit.card(visit.say(say, "stops")):
            _stops(visit, person)
    with kit.card(visit.say(say, "timeline"), wide=True):
        kit.link(visit.say(say, "messages"), f"/messages?{urlencode({'debtor': ref})}")
        line = kit.tag("ol").classes("p-line")
        more = ui.element("div").classes("p-controls")
    await _timeline(visit, ref, line, more, None)


def _who(visit: Visit, place: Element, shown: Shown) -> None:
    """Name and addresses, with the button that shows them whole."""
    person = shown.person

    async def unmask() -> None:
        reason = await ask_reason(visit, visit.say(say, "unmask_title"), visit.say(say, "unmask_text"))
        if reason is None:
            return
        deed = Deed(Right.UNMASK, Action.UNMASKED, f"debtor/{person.debtor_ref}", {"reason": reason})
        if await act(visit, deed, _nothing_more, done=visit.say(say, "unmasked")):
            place.clear()
            _who(visit, place, people.shown(visit, person, unmasked=True))
            button.delete()

    with place:
        kit.badge(person.status, word(_STATUS, person.status, visit.language))
        if shown.erased:
            kit.notice(visit.say(say, "erased"))
        points = [(_kind(visit, point), shown.contacts[point.contact_point_ref]) for point in person.contact_points]
        place_name = " · ".join(part for part in (person.country, person.region) if part) or "—"
        kit.facts(
            [
                (visit.say(say, "name"), shown.name),
                *points,
                (visit.say(say, "language"), person.language or "—"),
                (visit.say(say, "zone"), person.timezone or "—"),
                (visit.say(say, "region"), place_name),
                (visit.say(say, "segment"), person.segment or "—"),
            ]
        )
        button = kit.button(visit.say(say, "unmask"), unmask, tone="quiet", icon="visibility")
        button.set_visibility(visit.may(Right.UNMASK) and not shown.erased)


def _kind(visit: Visit, point: ContactPoint) -> str:
    kind = word(_KINDS, point.kind, visit.language)
    return kind if point.usable else f"{kind} ({visit.say(say, 'unusable')})"


async def _nothing_more(_connection: object) -> bool:
    """To look is all that is done; the record of it is the deed."""
    return True


def _loans(visit: Visit, loans: Sequence[Loan]) -> None:
    if not loans:
        kit.empty(visit.say(say, "no_loans"))
    for loan in loans:
        kit.text("h3", loan.loan_ref)
        kit.badge(loan.status, word(_STATUS, loan.status, visit.language))
        kit.facts(
            [
                (visit.say(say, "overdue"), visit.formats.money(loan.overdue_amount, loan.currency)),
                (visit.say(say, "outstanding"), visit.formats.money(loan.total_outstanding, loan.currency)),
            ]
        )


def _stops(visit: Visit, person: Person) -> None:
    """Holds in force, and the log of suppressions."""
    holds = [*person.holds, *chain.from_iterable(loan.holds for loan in person.loans.values())]
    told = [f"{visit.say(say, 'hold')}: {hold.reason}, {_until(visit, hold.until)}" for hold in holds]
    told += [
        f"{visit.say(say, 'suppression')} ({each.channel or each.scope}): {each.reason}, {_until(visit, each.until)}"
        for each in person.suppressions
        if each.kind == "suppress"
    ]
    if not told:
        kit.empty(visit.say(say, "no_stops"))
        return
    with kit.tag("ul"):
        for each in told:
            kit.text("li", each)


def _until(visit: Visit, until: datetime | None) -> str:
    return visit.say(say, "open") if until is None else visit.say(say, "until", at=visit.formats.instant(until))


async def _timeline(visit: Visit, ref: str, line: Element, more: Element, before: Place | None) -> None:
    """Add a page of what happened, the last first, and the button for what came before."""
    found: Sequence[Happened] = await visit.reading(timeline.latest, ref, before=before, limit=_PAGE + 1)
    with line:
        for each in found[:_PAGE]:
            _entry(visit, each)
    more.clear()
    if len(found) > _PAGE:
        last = found[_PAGE - 1]
        place = (last.at, last.kind, last.ref)
        with more:
            kit.button(visit.say(say, "older"), lambda: _timeline(visit, ref, line, more, place), tone="quiet")


def _entry(visit: Visit, each: Happened) -> None:
    with kit.tag("li"):
        kit.text("time", visit.formats.instant(each.at), datetime=each.at.isoformat())
        message = happened.message_of(each)
        with kit.text("p", "" if message else happened.sentence(visit, each)):
            if message:
                kit.link(happened.sentence(visit, each), f"/messages/{message}")


PAGE = Page("/debtors/{ref:path}", ("Una persona", "A person"), Right.READ, build)
