"""`puntual users`: who may log in to the console; passwords are asked for or read from standard input, never given."""

import getpass
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer

from services import accounts
from services.accounts import AccountProblem
from services.cli.connection import CommandProblem, Opened, who, with_database
from services.console.passwords import PasswordProblem, Passwords
from services.keys import KeyRole
from services.store import users as store
from services.store.users import UserRow

app = typer.Typer(help="Users of the console.", no_args_is_help=True, add_completion=False)

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="As `puntual users list` prints it.")]


@app.callback()
def group() -> None:
    """Users of the console."""


@app.command()
def create(
    name: Annotated[str, typer.Option(help="Who logs in: small letters, digits, dots, hyphens.")],
    role: Annotated[KeyRole, typer.Option(help="What they may do.")],
) -> None:
    """Make a user; the password is asked for, or read from standard input."""
    hashed = _hashed(_password())
    _change(lambda c, o: accounts.create(c, name=name, role=role, password_hash=hashed, by=who(), now=o.clock.now()))
    typer.echo(f"user {name} ({role}) may log in to the console")


@app.command("list")
def list_users(as_json: JsonOption = False) -> None:
    """List every user with their role and state."""

    async def work(opened: Opened) -> list[UserRow]:
        async with opened.database.reading() as connection:
            return await store.every(connection)

    rows = with_database(work)
    if as_json:
        typer.echo(json.dumps([_told(row) for row in rows], indent=2))
        return
    for row in rows:
        typer.echo(f"{row.name:<24} {row.role:<9} {_state(row)}")


@app.command()
def disable(name: NameArgument) -> None:
    """Let a user in no more; what they have open ends within seconds."""
    _change(lambda c, o: accounts.disable(c, name, by=who(), now=o.clock.now()))
    typer.echo(f"user {name} is let in no more")


@app.command()
def enable(name: NameArgument) -> None:
    """Let a user in again."""
    _change(lambda c, o: accounts.enable(c, name, by=who(), now=o.clock.now()))
    typer.echo(f"user {name} is let in again")


@app.command()
def password(name: NameArgument) -> None:
    """Give a user another password; every session of theirs ends."""
    hashed = _hashed(_password())
    _change(lambda c, o: accounts.set_password(c, name, hashed, by=who(), now=o.clock.now()))
    typer.echo(f"user {name} has a new password")


def _change(work: Callable[[Any, Opened], Awaitable[None]]) -> None:
    async def run(opened: Opened) -> None:
        try:
            async with opened.database.transaction() as connection:
                await work(connection, opened)
        except AccountProblem as problem:
            raise CommandProblem(str(problem)) from None

    with_database(run)


def _password() -> str:
    """What was typed twice at a terminal, else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed = getpass.getpass("Password: ")
    if typed != getpass.getpass("Again: "):
        raise typer.BadParameter("the two are not the same; nothing was changed")
    return typed


def _hashed(given: str) -> str:
    try:
        return Passwords().hash(given)
    except PasswordProblem as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None


def _state(row: UserRow) -> str:
    return "works" if row.disabled_at is None else "disabled"


def _told(row: UserRow) -> dict[str, str]:
    return {"name": row.name, "role": row.role, "state": _state(row), "createdAt": row.created_at.isoformat()}
