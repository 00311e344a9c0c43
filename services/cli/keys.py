"""`puntual keys`: API keys made, listed and revoked; a key is shown once."""

import json
import re
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import typer

from campaigns.values import duration
from services import access
from services.cli.connection import CommandProblem, Opened, who, with_database
from services.keys import KeyRole, NewKey, new_key, scope_names, works
from services.store import keys as store
from services.store.keys import KeyRow

app = typer.Typer(help="API keys.", no_args_is_help=True, add_completion=False)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.callback()
def group() -> None:
    """API keys."""


@app.command()
def create(
    role: Annotated[KeyRole, typer.Option(help="What the key may do.")],
    name: Annotated[str, typer.Option(help="Who uses it: letters, digits, dots, hyphens.")],
    expires_in: Annotated[str | None, typer.Option(metavar="DURATION", help="90d, 12h; default: never.")] = None,
    scope: Annotated[
        list[str] | None, typer.Option(metavar="SCOPE", help="Only this of what the role may: read, stops, holds, …")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key and print it, once: only its digest is kept."""
    if not _NAME.fullmatch(name):
        raise typer.BadParameter("1 to 64 letters, digits, dots, hyphens or underscores", param_hint="--name")
    lasts, scopes = _duration(expires_in), _scopes(role, scope or [])

    async def work(opened: Opened) -> NewKey:
        made = new_key(name, role, now=opened.clock.now(), expires_in=lasts, scopes=scopes)
        async with opened.database.transaction() as connection:
            await access.add_key(connection, made.row, by=who(), now=made.row.created_at)
        return made

    made = with_database(work)
    if as_json:
        typer.echo(json.dumps({**_told(made.row, None), "key": made.token}))
        return
    typer.echo(made.token)
    until = f" until {made.row.expires_at:%Y-%m-%d %H:%M} UTC" if made.row.expires_at else ""
    typer.echo(f"key {made.row.id} ({role}, {name}) works{until}; it is not shown again", err=True)


@app.command("list")
def list_keys(as_json: JsonOption = False) -> None:
    """List every key with its role and state."""

    async def work(opened: Opened) -> tuple[list[KeyRow], datetime]:
        async with opened.database.reading() as connection:
            return await store.every(connection), opened.clock.now()

    rows, now = with_database(work)
    if as_json:
        typer.echo(json.dumps([_told(row, now) for row in rows], indent=2))
        return
    for row in rows:
        expires = f"expires {row.expires_at:%Y-%m-%d}" if row.expires_at else "never expires"
        typer.echo(f"{row.id}  {row.role:<9} {_state(row, now):<8} {expires:<19} {row.name}")


@app.command()
def revoke(key_id: Annotated[UUID, typer.Argument(metavar="ID", help="As `puntual keys list` prints it.")]) -> None:
    """End a key; it works for a second more at most."""

    async def work(opened: Opened) -> None:
        async with opened.database.transaction() as connection:
            if not await access.revoke_key(connection, key_id, by=who(), now=opened.clock.now()):
                raise CommandProblem(f"no key {key_id} is in force; see `puntual keys list`")

    with_database(work)
    typer.echo(f"key {key_id} is revoked")


def _scopes(role: KeyRole, given: list[str]) -> list[str]:
    known = scope_names(role)
    if strange := [name for name in given if name not in known]:
        told = f"{strange[0]}: a key of role {role} may have the scopes {', '.join(known)}"
        raise typer.BadParameter(told, param_hint="--scope")
    return sorted(set(given))


def _duration(text: str | None) -> timedelta | None:
    lasts = duration(text) if text is not None else None
    if text is not None and (lasts is None or lasts <= timedelta(0)):
        raise typer.BadParameter("write a duration like 90d, 12h or 30m", param_hint="--expires-in")
    return lasts


def _state(row: KeyRow, now: datetime) -> str:
    if row.revoked_at is not None:
        return "revoked"
    return "works" if works(row, now) else "expired"


def _told(row: KeyRow, now: datetime | None) -> dict[str, object]:
    return {
        "id": str(row.id),
        "name": row.name,
        "role": row.role,
        "scopes": list(row.scopes),
        "state": _state(row, now) if now is not None else "works",
        "createdAt": row.created_at.isoformat(),
        "expiresAt": row.expires_at.isoformat() if row.expires_at else None,
    }
