"""`puntual dlt`: records that could not be used, looked at and put back."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from schemas import rfc3339
from schemas.dead_letter import DeadLetterReason
from services.auditing import Action, Detail, record
from services.cli.connection import Opened, who, with_database
from services.clock import clock_from
from services.dead_letter_reading import SUFFIX, Place
from services.dead_letters import (
    Letter,
    Replay,
    dead_letter_topics,
    letters,
    record_at,
    replay,
)
from services.embedded.kafka import announced_address
from services.kafka_options import librdkafka_options
from services.settings import Settings
from services.settings_rules import SettingsProblem
from services.topics import TopicsProblem
from services.yaml_document import DocumentProblem

app = typer.Typer(help="Dead letters: records that could not be used.", no_args_is_help=True, add_completion=False)

TopicOption = Annotated[str | None, typer.Option("--topic", help="Only of this inbound topic.")]
ReasonOption = Annotated[DeadLetterReason | None, typer.Option("--reason", help="Only those put aside for this.")]
SinceOption = Annotated[
    str | None, typer.Option("--since", help="Only those put aside since an instant (2026-11-24T15:00:00Z) or a day.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
T = TypeVar("T")
_MOST_NAMED = 50
_TELLS = ("original_topic", "original_partition", "original_offset", "reason", "message", "attempts", "failed_at")


@app.callback()
def group() -> None:
    """Dead letters: records that could not be used."""


@app.command("list")
def list_letters(
    topic: TopicOption = None, reason: ReasonOption = None, since: SinceOption = None, as_json: JsonOption = False
) -> None:
    """List dead letters: where they lie, why, since when, and whether they were replayed."""
    with _refusals():
        settings, options = _kafka()
        found = _chosen(settings, options, topic, reason, _instant(since))
    if as_json:
        typer.echo(json.dumps([_told(letter) for letter in found], ensure_ascii=False))
    elif not found:
        typer.echo("no dead letters")
    else:
        _print_table(found)


@app.command()
def show(
    place: Annotated[str, typer.Argument(metavar="TOPIC/PARTITION/OFFSET", help="As `puntual dlt list` prints it.")],
    value: Annotated[
        bool, typer.Option("--value", help="Show key and value too: they may hold personal data.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show one dead letter: its headers, and with --value its key and value as text or hexadecimal digits."""
    with _refusals():
        wanted = _place(place)
        _, options = _kafka()
        record = record_at(options, wanted)
        if record is None:
            raise TopicsProblem(f"{wanted}: there is no such dead letter; see puntual dlt list")
    shown: dict[str, Any] = {"place": str(wanted), "bytes": len(record.value or b"")}
    shown["headers"] = [[name, _text(raw)] for name, raw in record.headers]
    if value:
        shown |= {"key": _text(record.key), "value": _text(record.value)}
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False))
        return
    typer.echo(f"{wanted}  {shown['bytes']} bytes")
    for name, text in shown["headers"]:
        typer.echo(f"  {name}: {text}")
    typer.echo(f"key: {shown['key']}\nvalue: {shown['value']}" if value else "(--value shows key and value)")


@app.command("replay")
def replay_letters(
    places: Annotated[
        list[str] | None, typer.Argument(metavar="[TOPIC/PARTITION/OFFSET]...", help="Letters to replay.")
    ] = None,
    topic: TopicOption = None,
    reason: ReasonOption = None,
    since: SinceOption = None,
    every: Annotated[bool, typer.Option("--all", help="Every dead letter.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also those replayed before.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be replayed.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Put dead letters back on the topic they came from, as they were; each once, unless --again."""
    if not (places or topic or reason or since or every):
        typer.echo("say which: places, --topic, --reason, --since or --all", err=True)
        raise typer.Exit(2)
    with _refusals():
        settings, options = _kafka()
        chosen = _chosen(settings, options, topic, reason, _instant(since))
        if places:
            chosen = _named(chosen, [_place(text) for text in places])
        if dry_run:
            fresh = [letter.place for letter in chosen if again or not letter.replayed]
            done = Replay(fresh, [letter.place for letter in chosen if letter.place not in set(fresh)], [])
        else:
            with_database(lambda opened: _write_down(opened, chosen, again=again))
            done = replay(options, chosen, again=again, now=clock_from(settings).now())
    _report(done, dry_run=dry_run, as_json=as_json)
    if done.without_origin:
        raise typer.Exit(1)


async def _write_down(opened: Opened, chosen: Sequence[Letter], *, again: bool) -> None:
    """Who asked for it, before it is done: a replay that nobody can account for must not happen."""
    for topic in sorted({letter.place.topic for letter in chosen}):
        places = [str(letter.place) for letter in chosen if letter.place.topic == topic]
        details: dict[str, Detail] = {"count": len(places), "again": again, "places": places[:_MOST_NAMED]}
        async with opened.database.transaction() as connection:
            await record(
                connection,
                actor=who(),
                action=Action.LETTERS_REPLAYED,
                subject=f"topic/{topic}",
                details=details,
                now=opened.clock.now(),
            )


def _report(done: Replay, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        told = {
            "replayed": [str(place) for place in done.replayed],
            "replayed_before": [str(place) for place in done.repeated],
            "without_origin": [str(place) for place in done.without_origin],
            "dry_run": dry_run,
        }
        typer.echo(json.dumps(told))
        return
    typer.echo(f"{'would replay' if dry_run else 'replayed'} {len(done.replayed)}")
    if done.repeated:
        typer.echo(f"left {len(done.repeated)} that were replayed before; --again replays them too")
    for place in done.without_origin:
        typer.echo(f"{place}: the topic it came from does not exist", err=True)


def _chosen(
    settings: Settings,
    options: dict[str, Any],
    topic: str | None,
    reason: DeadLetterReason | None,
    since: datetime | None,
) -> list[Letter]:
    topics = dead_letter_topics(settings, options)
    if topic is not None:
        wanted = topic.removesuffix(SUFFIX) + SUFFIX
        if wanted not in topics:
            raise TopicsProblem(f"no dead-letter topic {wanted}; there are {', '.join(topics) or 'none'}")
        topics = [wanted]
    found = letters(options, topics)
    if reason is not None:
        found = [letter for letter in found if letter.told("reason") == reason.value]
    if since is not None:
        found = [letter for letter in found if (at := letter.failed_at) is not None and at >= since]
    return found


def _named(chosen: Sequence[Letter], places: Sequence[Place]) -> list[Letter]:
    by_place = {letter.place: letter for letter in chosen}
    missing = [str(place) for place in places if place not in by_place]
    if missing:
        raise TopicsProblem(f"no such dead letter: {', '.join(missing)}; see puntual dlt list")
    return [by_place[place] for place in places]


def _told(letter: Letter) -> dict[str, Any]:
    told: dict[str, Any] = {"place": str(letter.place), "replayed": letter.replayed, "bytes": letter.size}
    return told | {name: letter.told(name) for name in _TELLS}


def _print_table(found: Sequence[Letter]) -> None:
    table = Table("place", "reason", "failed at", "replayed", "message", box=None, pad_edge=False)
    for letter in found:
        replayed = "yes" if letter.replayed else ""
        row = (str(letter.place), letter.told("reason"), letter.told("failed_at"), replayed, letter.told("message"))
        table.add_row(*row)
    console = Console()
    if not console.is_terminal:
        console = Console(width=400)
    console.print(table, markup=False)


def _kafka() -> tuple[Settings, dict[str, Any]]:
    settings = Settings.load()
    bootstrap = settings.kafka_bootstrap_servers or announced_address(settings.data_dir)
    if bootstrap is None:
        raise TopicsProblem(
            "no Kafka: set PUNTUAL_KAFKA_BOOTSTRAP_SERVERS, or start `puntual serve` with its embedded broker"
            " on the same PUNTUAL_DATA_DIR"
        )
    return settings, librdkafka_options(settings, bootstrap)


def _place(text: str) -> Place:
    return _parsed(text, Place.parse, "write TOPIC/PARTITION/OFFSET, as puntual dlt list prints it")


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    whole = text if len(text) > len("2026-11-24") else f"{text}T00:00:00Z"
    return _parsed(whole, rfc3339.instant, "write an instant like 2026-11-24T15:00:00Z, or a day like 2026-11-24")


def _parsed(text: str, parse: Callable[[str], T], remedy: str) -> T:
    try:
        return parse(text)
    except ValueError:
        raise TopicsProblem(f"{text}: {remedy}") from None


def _text(raw: bytes | None) -> str | None:
    """Printable text as it is, anything else as hexadecimal digits."""
    if raw is None:
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return f"0x{raw.hex()}"
    return text if text.isprintable() else f"0x{raw.hex()}"


@contextmanager
def _refusals() -> Iterator[None]:
    """Tell what is wrong in one line, and exit with 1."""
    try:
        yield
    except (SettingsProblem, TopicsProblem, DocumentProblem) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
