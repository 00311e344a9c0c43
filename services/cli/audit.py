"""`puntual audit`: who changed what, newest first; references and counts, never personal data."""

import json
from typing import Annotated
from uuid import UUID

import typer

from schemas.audit_api import AuditEntry
from services.auditing import Action
from services.cli.connection import Opened, refusing, with_database
from services.cli.moments import moment
from services.store import audit as store
from services.store.audit import Wanted

_PAGE = 1000


def audit(
    actor: Annotated[str | None, typer.Option(help="Only of this actor, as cli:ana or console:rosa.")] = None,
    action: Annotated[Action | None, typer.Option(metavar="ACTION", help="Only this, as stop.made.")] = None,
    subject: Annotated[str | None, typer.Option(help="Only about this, as campaign/aviso/3.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="From this instant or UTC day on.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Until this instant or UTC day, exclusive.")] = None,
    before: Annotated[UUID | None, typer.Option(metavar="ID", help="Only what is older than this entry.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Print the audit log, newest first: every change that a person or a key made."""
    with refusing():
        wanted = Wanted(actor, action, subject, moment(since, "--from"), moment(until, "--to"))

    async def work(opened: Opened) -> list[AuditEntry]:
        return await _entries(opened, wanted, before or store.END, limit + 1)

    entries = with_database(work)
    shown, more = entries[:limit], len(entries) > limit
    if as_json:
        told = [entry.model_dump(mode="json", by_alias=True) for entry in shown]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _table(shown)
    if more:
        typer.echo(f"there is more; --before {shown[-1].id} goes on from here", err=True)


async def _entries(opened: Opened, wanted: Wanted, before: UUID, limit: int) -> list[AuditEntry]:
    found: list[AuditEntry] = []
    async with opened.database.reading() as connection:
        while len(found) < limit:
            page = min(_PAGE, limit - len(found))
            rows = await store.page(connection, wanted, before=before, limit=page)
            found += [AuditEntry.model_validate(row, from_attributes=True) for row in rows]
            if len(rows) < page:
                break
            before = rows[-1].id
    return found


def _table(entries: list[AuditEntry]) -> None:
    names = [("at", "actor", "action", "subject", "details")]
    cells = [(f"{e.at:%Y-%m-%d %H:%M:%S}Z", e.actor, e.action, e.subject, _told(e)) for e in entries]
    if not cells:
        typer.echo("nothing was found", err=True)
        return
    widths = [max(len(row[at]) for row in [*names, *cells]) for at in range(4)]
    for row in [*names, *cells]:
        typer.echo("  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[4]]).rstrip())


def _told(entry: AuditEntry) -> str:
    shown = ((name, value) for name, value in entry.details.items() if value not in (None, [], ""))
    return " ".join(f"{name}={','.join(map(str, v)) if isinstance(v, list) else v}" for name, v in shown)
