"""`puntual campaigns submit`, `approve` and the rest of a definition's life in the database."""

import getpass
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from services import campaign_review as review
from services.campaign_diff import differences, texts_of_content, texts_of_version
from services.campaign_files import submission_of, unchecked_submission
from services.campaign_review import Actor, ReviewProblem
from services.cli.connection import CommandProblem, Opened, with_database
from services.keys import CAPABILITIES, Capability, KeyRole, abilities, matches, parse_token, works
from services.store import campaign_reviews as store
from services.store import campaigns as versions
from services.store import keys as key_store
from services.store.campaign_reviews import ReviewRow, VersionEntry

CampaignArgument = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="The campaign's name.")]
VersionOption = Annotated[int | None, typer.Option(min=1, help="Which version; default: the one that waits.")]
ReasonOption = Annotated[str | None, typer.Option(help="Why; kept in the history.")]
AsOption = Annotated[str | None, typer.Option("--as", metavar="NAME", help="Who acts, in development; default: you.")]
KeyOption = Annotated[
    str | None, typer.Option("--key", metavar="KEY", help="The API key of who acts; - reads it from standard input.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

Step = Callable[[Any, Actor], Awaitable[VersionEntry]]


def submit(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A definition's file.")],
    simulation: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What `simulate --json` printed for exactly this definition.")
    ] = None,
    name: AsOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a definition, its templates and segments forward for somebody else to approve; it must lint clean."""

    async def work(opened: Opened) -> VersionEntry:
        with_files = submission_of(opened.settings, path, simulation, opened.clock.now())
        return await _acted(opened, lambda c, by: review.submit(c, with_files, by), Capability.AUTHOR, name, key)

    _print_entries([_told(work)], as_json=as_json)


def approve(
    campaign: CampaignArgument,
    version: VersionOption = None,
    name: AsOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a submitted version run, or an earlier approved one again; never by its submitter."""
    _do(lambda c, by: review.approve(c, campaign, version, by), Capability.APPROVE, name, key, as_json=as_json)


def reject(
    campaign: CampaignArgument,
    reason: Annotated[str, typer.Option(help="What must change.")],
    version: VersionOption = None,
    name: AsOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Refuse a submitted version for good."""
    step: Step = lambda c, by: review.reject(c, campaign, version, by, reason=reason)  # noqa: E731
    _do(step, Capability.APPROVE, name, key, as_json=as_json)


def pause(
    campaign: CampaignArgument,
    reason: ReasonOption = None,
    name: AsOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hold a campaign's messages, in force before the next second is over."""
    _do(lambda c, by: review.pause(c, campaign, by, reason=reason), Capability.STOPS, name, key, as_json=as_json)


def resume(
    campaign: CampaignArgument,
    reason: ReasonOption = None,
    name: AsOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a paused campaign go on."""
    _do(lambda c, by: review.resume(c, campaign, by, reason=reason), Capability.APPROVE, name, key, as_json=as_json)


def retire(
    campaign: CampaignArgument,
    reason: ReasonOption = None,
    name: AsOption = None,
    key: KeyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Plan nothing more for a campaign; what is planned goes on under its own version."""
    _do(lambda c, by: review.retire(c, campaign, by, reason=reason), Capability.APPROVE, name, key, as_json=as_json)


def list_command(
    campaign: Annotated[str | None, typer.Argument(metavar="CAMPAIGN", help="One campaign; default: all.")] = None,
    history: Annotated[bool, typer.Option("--history", help="Everything done to them instead, oldest first.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List versions with their states, or their history."""

    async def work(opened: Opened) -> tuple[list[VersionEntry], list[ReviewRow]]:
        async with opened.database.reading() as connection:
            if history:
                return [], await store.history(connection, campaign)
            return await store.entries(connection, campaign), []

    entries, rows = with_database(work)
    if history:
        _print_history(rows, as_json=as_json)
    else:
        _print_entries(entries, as_json=as_json)


def diff(
    what: Annotated[str, typer.Argument(metavar="PATH|CAMPAIGN", help="A file, compared with what runs, or a name.")],
    before: Annotated[int | None, typer.Option("--from", min=1, help="A version; default: the running one.")] = None,
    after: Annotated[int | None, typer.Option("--to", min=1, help="A version; default: the one that waits.")] = None,
) -> None:
    """Show what differs in definition, templates and segments; exit 1 where anything does, as diff does."""
    path = Path(what)
    is_file = path.is_file()

    async def work(opened: Opened) -> list[str]:
        given = unchecked_submission(opened.settings, path) if is_file else None
        campaign = given.campaign if given is not None else what
        async with opened.database.reading() as connection:
            known = await store.entries(connection, campaign)
            old = await _texts(connection, campaign, known, before, "runs")
            if given is not None:
                return list(differences(old[1], texts_of_content(given.content), before_name=old[0], after_name=what))
            new = await _texts(connection, campaign, known, after, "waits")
            return list(differences(old[1], new[1], before_name=old[0], after_name=new[0]))

    lines = _told(work)
    for line in lines:
        typer.echo(line)
    if lines:
        raise typer.Exit(1)


async def _texts(
    connection: Any, campaign: str, known: Sequence[VersionEntry], number: int | None, default: str
) -> tuple[str, dict[str, str]]:
    """A version's name and texts; that of a number, else the one that `default` is true of."""
    fitting = [each for each in known if (each.version == number if number is not None else getattr(each, default))]
    if not fitting:
        told = f"has no version {number}" if number is not None else f"has no version that {default}"
        raise ReviewProblem(f"the campaign '{campaign}' {told}; see `puntual campaigns list`")
    row = await versions.version(connection, fitting[0].id)
    return f"{campaign} v{row.version}", texts_of_version(row)


def _do(step: Step, capability: Capability, name: str | None, key: str | None, *, as_json: bool) -> None:
    async def work(opened: Opened) -> VersionEntry:
        return await _acted(opened, step, capability, name, key)

    _print_entries([_told(work)], as_json=as_json)


def _told(work: Callable[[Opened], Awaitable[Any]]) -> Any:
    """Run it; what can't be done is told in one line, with exit 1."""

    async def told(opened: Opened) -> Any:
        try:
            return await work(opened)
        except (ReviewProblem, versions.AlteredContent) as problem:
            raise CommandProblem(str(problem)) from None

    return with_database(told)


async def _acted(opened: Opened, step: Step, capability: Capability, name: str | None, key: str | None) -> VersionEntry:
    now = opened.clock.now()
    async with opened.database.transaction() as connection:
        who = await _holder(connection, key, capability, opened) if key is not None else _named(opened, name)
        return await step(connection, Actor(who, now))


def _named(opened: Opened, name: str | None) -> str:
    """Who acts without a key, which only development allows."""
    if opened.settings.production:
        raise CommandProblem("in production whoever acts shows an API key: give --key (see `puntual keys create`)")
    return (name or getpass.getuser()).strip() or getpass.getuser()


async def _holder(connection: Any, key: str, capability: Capability, opened: Opened) -> str:
    """The name of a key that works and may do this."""
    parsed = parse_token(sys.stdin.readline().strip() if key == "-" else key)
    rows = await key_store.standing(connection) if parsed is not None else []
    row = next((each for each in rows if parsed is not None and each.id == parsed[0]), None)
    if parsed is None or row is None or not matches(row, parsed[1]) or not works(row, opened.clock.now()):
        raise CommandProblem("this key is unknown, revoked or expired")
    if capability not in abilities(KeyRole(row.role), row.scopes):
        able = ", ".join(role.value for role in KeyRole if capability in CAPABILITIES[role])
        raise CommandProblem(f"a key of role {row.role} may not do this ({capability}); roles that may: {able}")
    return row.name


def _print_entries(entries: Sequence[VersionEntry], *, as_json: bool) -> None:
    rows = [document_of(entry) for entry in entries]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        people = f"submitted by {row['submitted_by'] or '-'}, approved by {row['approved_by'] or '-'}"
        typer.echo(f"{row['campaign']:<30} v{row['version']:<4} {row['state']:<11} {row['fingerprint'][:12]}  {people}")


def _print_history(rows: Sequence[ReviewRow], *, as_json: bool) -> None:
    documents = [review_document(row) for row in rows]
    if as_json:
        typer.echo(json.dumps(documents, ensure_ascii=False, indent=2))
        return
    for each in documents:
        reason = f": {each['reason']}" if each["reason"] else ""
        simulated = f" (simulation {each['simulation'][:12]})" if each["simulation"] else ""
        did = f"{each['campaign']} v{each['version']} {each['action']} by {each['actor']}"
        typer.echo(f"{each['at']}  {did}{reason}{simulated}")


def document_of(entry: VersionEntry) -> dict[str, Any]:
    """A version as JSON."""
    return {
        "campaign": entry.campaign,
        "version": entry.version,
        "state": entry.state,
        "waits_for_approval": entry.waits,
        "fingerprint": entry.fingerprint.hex(),
        "submitted_by": entry.submitted_by,
        "approved_by": entry.approved_by,
        "created_at": entry.created_at.isoformat(),
        "activated_at": entry.activated_at.isoformat() if entry.activated_at else None,
    }


def review_document(row: ReviewRow) -> dict[str, Any]:
    """A step of a version's life as JSON."""
    return {
        "campaign": row.campaign,
        "version": row.version,
        "fingerprint": row.fingerprint.hex(),
        "action": row.action,
        "actor": row.actor,
        "reason": row.reason,
        "simulation": row.simulation.hex() if row.simulation else None,
        "at": row.at.isoformat(),
    }
