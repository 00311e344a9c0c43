"""The jurisdiction packs: whose they are, whether they may still be used, and who approved them."""

from collections.abc import Sequence
from datetime import date, timedelta

from campaigns.pack_model import PackStatus
from campaigns.resolved_pack import Pack
from services.console import columns, kit, listing
from services.console.listing import Column, Filters, Listing, Place, Row
from services.console.page import Page, Section
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Pair, Words, word

say = Words(
    {
        "lead": (
            "La ley de contacto de cada lugar como datos, con su fuente. Se cambian en archivos, no aquí.",
            "The contact law of each place as data, with its sources. They are changed in files, not here.",
        ),
        "drafts": (
            "{count} paquetes son borradores: ningún abogado del lugar los ha aprobado. En producción no rigen.",
            "{count} packs are drafts: no counsel of the place has approved them. Production does not use them.",
        ),
        "expired": (
            "{count} paquetes vencieron: ahí no se contacta a nadie hasta que se revisen.",
            "{count} packs have expired: nobody is contacted there until they are reviewed.",
        ),
        "soon": (
            "{count} paquetes deben revisarse en los próximos 30 días.",
            "{count} packs must be reviewed within the next 30 days.",
        ),
    }
)
STATES: dict[str, Pair] = {
    "active": ("aprobado", "approved"),
    "submitted": ("borrador", "draft"),
    "stopped": ("vencido", "expired"),
}
_SOON = timedelta(days=30)


def state_of(pack: Pack, today: date) -> str:
    """A word that the badge colours: active, submitted (a draft), or stopped (expired)."""
    if today > pack.review_by:
        return "stopped"
    return "active" if pack.status is PackStatus.COUNSEL_APPROVED else "submitted"


async def _read(visit: Visit, _filters: Filters, after: Place | None, _limit: int) -> Sequence[Row]:
    """There are few packs: one page."""
    if after is not None:
        return ()
    today = visit.now().date()
    return [
        {
            "id": pack.id,
            "title": pack.title,
            "version": pack.version,
            "state": state_of(pack, today),
            "review_by": pack.review_by,
            "rules": len(rules_of(pack)),
            "inherits": ", ".join(pack.ancestors) or "—",
        }
        for pack in visit.console.parts.policy.law.all()
    ]


def rules_of(pack: Pack) -> list[tuple[str, object]]:
    """Every rule of a pack, inherited ones too, with the name of its kind."""
    kinds = ("hours", "closures", "caps", "spacings", "consents", "disabled", "guards", "content")
    return [(kind, rule) for kind in (*kinds, "recipients", "registers") for rule in getattr(pack, kind)]


PACKS = Listing(
    name="packs",
    right=Right.READ,
    columns=(
        Column("id", ("Lugar", "Place"), lambda v, r: r["id"], link=lambda r: f"/packs/{r['id']}"),
        columns.plain("title", "Nombre", "Name"),
        columns.plain("version", "Versión", "Version"),
        Column("state", ("Estado", "State"), lambda v, r: word(STATES, r["state"], v.language), state=True),
        Column("review_by", ("Revisar a más tardar", "Review by"), lambda v, r: v.formats.day(r["review_by"])),
        columns.number("rules", "Reglas", "Rules"),
        columns.plain("inherits", "Hereda de", "Inherits from"),
    ),
    read=_read,
    place=lambda row: (row["id"],),
    empty=("La carpeta no tiene paquetes.", "The folder has no packs."),
)


async def build(visit: Visit) -> None:
    """The page."""
    packs, today = visit.console.parts.policy.law.all(), visit.now().date()
    states = [state_of(pack, today) for pack in packs]
    soon = sum(today <= pack.review_by <= today + _SOON for pack in packs)
    kit.text("p", visit.say(say, "lead"))
    for name, count, tone in (
        ("expired", states.count("stopped"), "bad"),
        ("drafts", states.count("submitted"), "doubt"),
        ("soon", soon, "doubt"),
    ):
        if count:
            kit.notice(visit.say(say, name, count=visit.formats.number(count)), tone=tone)
    await listing.table(visit, PACKS, {})


PAGE = Page(
    "/packs",
    ("Paquetes de ley", "Law packs"),
    Right.READ,
    build,
    section=Section.CAMPAIGNS,
    icon="gavel",
    listings=(PACKS,),
)
