"""The campaigns: what runs, what waits for approval, and every earlier version."""

from collections.abc import Sequence

from nicegui import ui

from services.console import campaign_words, columns, kit, listing
from services.console.listing import Column, Filters, Listing, Place, Row
from services.console.page import Page, Section
from services.console.rights import Right
from services.console.visit import Visit
from services.console.words import Words
from services.store import campaign_reviews as store
from services.store.campaign_reviews import VersionEntry

say = Words(
    {
        "lead": (
            "Lo que corre es exactamente lo que otra persona aprobó.",
            "What runs is exactly what somebody else approved.",
        ),
        "lead_folder": (
            "En desarrollo corre también lo que hay en la carpeta; en producción, solo lo que otra persona aprobó.",
            "In development what lies in the folder runs too; in production only what somebody else approved.",
        ),
        "waiting": ("{count} versiones esperan aprobación.", "{count} versions wait for approval."),
        "draft": ("Enviar una versión", "Submit a version"),
        "show": ("Mostrar", "Show"),
        "present": ("lo que corre y lo que espera", "what runs and what waits"),
        "all": ("todas las versiones", "all versions"),
    }
)


async def _read(visit: Visit, filters: Filters, after: Place | None, limit: int) -> Sequence[Row]:
    entries: Sequence[VersionEntry] = await visit.reading(store.entries, filters.get("campaign") or None)
    wanted = [each for each in entries if filters.get("show") != "present" or each.runs or each.waits]
    rows = [row_of(entry) for entry in wanted]
    return [row for row in rows if after is None or _place(row) > after][:limit]


def row_of(entry: VersionEntry) -> Row:
    """A version as a row."""
    return {
        "id": entry.id,
        "campaign": entry.campaign,
        "version": entry.version,
        "state": entry.state,
        "waits": entry.waits,
        "submitted_by": entry.submitted_by,
        "approved_by": entry.approved_by,
        "created_at": entry.created_at,
        "activated_at": entry.activated_at,
    }


def _place(row: Row) -> Place:
    return row["campaign"], -row["version"], -row["id"]


def version_path(row: Row) -> str:
    """The page of a version."""
    return f"/campaigns/{row['campaign']}/{row['id']}"


_VERSION = Column("version", ("Versión", "Version"), lambda v, r: f"v{r['version']}", link=version_path)
_STATE = Column("state", ("Estado", "State"), campaign_words.state, state=True)
_PEOPLE = (
    columns.plain("submitted_by", "Envió", "Submitted by"),
    columns.plain("approved_by", "Aprobó", "Approved by"),
    columns.instant("created_at", "Creada", "Made"),
    columns.instant("activated_at", "Activa desde", "Active since"),
)
_NAME = Column("campaign", ("Campaña", "Campaign"), lambda v, r: r["campaign"], link=lambda r: _campaign_path(r))


def _campaign_path(row: Row) -> str:
    return f"/campaigns/{row['campaign']}"


CAMPAIGNS = Listing(
    name="campaigns",
    right=Right.READ,
    columns=(_NAME, _VERSION, _STATE, *_PEOPLE),
    read=_read,
    place=_place,
    empty=("Todavía no hay campañas.", "There are no campaigns yet."),
)
VERSIONS = Listing(
    name="versions",
    right=Right.READ,
    columns=(_VERSION, _STATE, *_PEOPLE),
    read=_read,
    place=_place,
    empty=("No hay versiones.", "There are no versions."),
)


async def build(visit: Visit) -> None:
    """The page."""
    kit.text("p", visit.say(say, "lead" if visit.console.parts.settings.production else "lead_folder"))
    entries = await visit.reading(store.entries)
    waiting = sum(entry.state == "submitted" and entry.waits for entry in entries)
    if waiting:
        kit.notice(visit.say(say, "waiting", count=visit.formats.number(waiting)), tone="doubt")
    with kit.tag("div").classes("p-form"):
        choices = {name: visit.say(say, name) for name in ("present", "all")}
        shown = ui.select(choices, value="present", label=visit.say(say, "show"))
        if visit.may(Right.AUTHOR):
            kit.button(visit.say(say, "draft"), lambda: ui.navigate.to("/draft"), icon="upload_file")
    table = await listing.table(visit, CAMPAIGNS, {"show": "present"})
    shown.on_value_change(lambda event: table.filter({"show": event.value}))


PAGE = Page(
    "/campaigns",
    ("Campañas", "Campaigns"),
    Right.READ,
    build,
    section=Section.CAMPAIGNS,
    icon="campaign",
    listings=(CAMPAIGNS, VERSIONS),
)
