"""`puntual messages explain` and `puntual debtors timeline`: what happened, and why, or why not."""

import json
from typing import Annotated
from uuid import UUID

import typer

from schemas.api import ExplanationAnswer, TimelineEntry
from services import ledger
from services.cli.connection import CommandProblem, Opened, with_database
from services.explanation_words import Language
from services.store import timeline

messages_app = typer.Typer(help="Messages.", no_args_is_help=True, add_completion=False)
debtors_app = typer.Typer(help="Debtors.", no_args_is_help=True, add_completion=False)

_PAGE = 500
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@messages_app.callback()
def messages() -> None:
    """Messages."""


@debtors_app.callback()
def debtors() -> None:
    """Debtors."""


@messages_app.command()
def explain(
    message_id: Annotated[UUID, typer.Argument(metavar="ID", help="The message's id (messageRef of its events).")],
    language: Annotated[Language, typer.Option(help="es or en.")] = Language.ES,
    as_json: JsonOption = False,
) -> None:
    """Say why a message was, or was not, sent: every decision with its rule, source and versions."""

    async def work(opened: Opened) -> ExplanationAnswer:
        async with opened.database.reading() as connection:
            found = await ledger.explanation(connection, message_id, language)
        if found is None:
            raise CommandProblem(f"there is no message {message_id}; ids are messageRef of the published events")
        return found

    found = with_database(work)
    if as_json:
        typer.echo(json.dumps(found.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=2))
        return
    for sentence in found.sentences:
        typer.echo(sentence)


@debtors_app.command("timeline")
def show_timeline(
    ref: Annotated[str, typer.Argument(metavar="REF", help="The debtor's reference.")], as_json: JsonOption = False
) -> None:
    """Print everything that happened to one person, oldest first; never personal data."""

    async def work(opened: Opened) -> list[TimelineEntry]:
        return await _everything(opened, ref)

    entries = with_database(work)
    if as_json:
        shown = [entry.model_dump(mode="json", by_alias=True) for entry in entries]
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    for entry in entries:
        told = " ".join(f"{name}={_short(value)}" for name, value in entry.data.items() if value not in (None, [], ""))
        typer.echo(f"{entry.at:%Y-%m-%d %H:%M:%S}Z  {entry.kind:<18} {entry.ref}  {told}")


async def _everything(opened: Opened, ref: str) -> list[TimelineEntry]:
    entries: list[TimelineEntry] = []
    after: timeline.Place | None = timeline.BEGINNING
    async with opened.database.reading() as connection:
        if not await timeline.known(connection, ref):
            raise CommandProblem(f"no debtor {ref} was ever heard of")
        while after is not None:
            page, after = await ledger.page(connection, ref, after=after, limit=_PAGE)
            entries += page.items
    return entries


def _short(value: object) -> str:
    if isinstance(value, list):
        return ",".join(str(each.get("rule", each)) if isinstance(each, dict) else str(each) for each in value)
    return str(value)
