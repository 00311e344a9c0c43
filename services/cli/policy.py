"""`puntual policy`: one contact decision a document, and the list of the packs."""

import json
import sys
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from pydantic import BaseModel, ConfigDict, ValidationError

from campaigns.pack_schema import pack_schema_text
from campaigns.packs import PackProblem, Packs, load_packs
from campaigns.policy import ContactPolicy
from channels.config import WhatsAppConfig
from services.clock import Clock, clock_from
from services.policy_document import answer_of, faults_of, id_in, parse_document, request_of, unknown_fields
from services.settings import Settings
from services.settings_rules import SettingsProblem
from services.yaml_document import DocumentProblem, read_document

app = typer.Typer(help="Contact law: decisions and packs.", no_args_is_help=True)


class _PlatformSwitches(BaseModel):
    """The part of the providers file that platform rules ask for."""

    model_config = ConfigDict(extra="ignore")

    whatsapp: WhatsAppConfig = WhatsAppConfig()


@app.callback()
def group() -> None:
    """Contact law: decisions and packs."""


@app.command()
def check(
    file: Annotated[str, typer.Argument(help="A JSON document, or - for standard input.")],
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One document a line.")] = False,
) -> None:
    """Say for each document whether the contact is allowed, from when, until when, and by which rules."""
    settings = _settings()
    policy = ContactPolicy(_packs(settings.packs_dir), whatsapp_approved=whatsapp_approved(settings.providers_file))
    with _opened(file) as stream:
        documents = enumerate(stream, start=1) if jsonl else iter([(1, stream.read())])
        faulty = _answer(documents, policy, clock_from(settings))
    if faulty:
        raise typer.Exit(1)


@app.command()
def packs(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False) -> None:
    """List the jurisdiction packs: version, status, review date, sources."""
    found = _packs(_settings().packs_dir).summaries()
    rows = [
        {
            "id": pack.id,
            "title": pack.title,
            "version": pack.version,
            "status": pack.status.value,
            "review_by": pack.review_by.isoformat(),
            "sources": [source.model_dump(mode="json", exclude_none=True) for source in pack.sources],
        }
        for pack in found
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for pack in found:
        typer.echo(f"{pack.id:<6} {pack.version:<10} {pack.status:<16} review by {pack.review_by}  {pack.title}")
        for source in pack.sources:
            typer.echo(f"       [{source.evidence}] {source.cite}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a pack, for editors."""
    typer.echo(pack_schema_text(), nl=False)


def whatsapp_approved(providers_file: Path) -> bool:
    """Whether the providers file turns WhatsApp on with a recorded approval; a faulty file does not."""
    try:
        return read_document(providers_file, _PlatformSwitches).whatsapp.enabled
    except DocumentProblem as problem:
        typer.echo(f"WhatsApp counts as not approved: {problem}", err=True)
        return False


def _answer(documents: Iterator[tuple[int, bytes]], policy: ContactPolicy, clock: Clock) -> bool:
    """Prints an answer a document, in order; true where one of them was faulty."""
    faulty = False
    for line, given in documents:
        text = given.removeprefix(BOM_UTF8)
        if not text.strip():
            continue
        try:
            document = parse_document(text)
        except ValidationError as error:
            faulty = True
            _report(line, text, error)
            continue
        for name in unknown_fields(document):
            typer.echo(f"line {line}: warning: the field {name} means nothing here", err=True)
        decision = policy.decide(request_of(document), (document.jurisdiction,), clock.now())
        _print_line(answer_of(document, decision))
    return faulty


def _report(line: int, text: bytes, error: ValidationError) -> None:
    faults = faults_of(error)
    _print_line({"id": id_in(text), "error": "; ".join(faults)})
    for fault in faults:
        typer.echo(f"line {line}: {fault}", err=True)


def _print_line(answer: dict[str, Any]) -> None:
    """One line of UTF-8 whatever the locale, at once, so that a caller may wait for each answer."""
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()


def _settings() -> Settings:
    try:
        return Settings.load()
    except SettingsProblem as error:
        raise _failure(str(error)) from None


def _packs(directory: Path) -> Packs:
    try:
        return load_packs(directory)
    except PackProblem as problem:
        raise _failure(str(problem)) from None


def _opened(file: str) -> BinaryIO:
    if file == "-":
        return sys.stdin.buffer
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise _failure(f"{file}: cannot be read: {error.strerror or type(error).__name__}") from None


def _failure(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(1)
