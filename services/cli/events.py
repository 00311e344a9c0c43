"""`puntual events decode`: what this service makes of a Kafka record, without sending or storing anything."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from schemas import fineract
from schemas.envelope import BadRecord, CloudEvent, decode_record, to_json
from schemas.inbound import parse_inbound
from schemas.json_mapping import JsonMapping, MappingFault, load
from schemas.published import documents

app = typer.Typer(help="Look at events as this service understands them.", no_args_is_help=True, add_completion=False)


@dataclass(frozen=True, slots=True)
class Record:
    """A Kafka record as a line of input gives it."""

    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]


Dialect = Callable[[Record], list[CloudEvent]]


class Members(list[tuple[str, Any]]):
    """The members of a JSON object in order, repeated names kept."""


class BadLine(Exception):
    """A line of input that is not a record; the message says what to write instead."""


@app.callback()
def events() -> None:
    """Look at events as this service understands them."""


@app.command()
def decode(
    file: Annotated[typer.FileBinaryRead, typer.Argument(metavar="FILE|-", help="JSON lines; - reads standard input.")],
    dialect: Annotated[
        str, typer.Option(metavar="native|fineract|MAPPING", help="How the records are written.")
    ] = "native",
    tenant: Annotated[
        str, typer.Option(envvar="PUNTUAL_FINERACT_TENANT", help="tenantId expected in Fineract's records.")
    ] = "default",
) -> None:
    """Turn records, one JSON object a line with key_hex, value_hex and headers, into native CloudEvents."""
    decoder = _dialect(dialect, tenant)
    faults = 0
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            answers = list(_answers(decoder, _record(line)))
        except BadLine as error:
            faults += 1
            answers = [{"error": "bad_input", "message": f"line {number}: {error}"}]
        for answer in answers:
            typer.echo(json.dumps(answer))
    if faults:
        typer.echo(f"{file.name}: {faults} line(s) of input are not records; see the error lines", err=True)
        raise typer.Exit(1)


@app.command()
def schemas(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="Where the schemas are written.")],
) -> None:
    """Write the JSON Schema of every event's data, one file a type."""
    for path, document in documents().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    typer.echo(f"{len(documents())} schemas in {folder}")


def _answers(decoder: Dialect, record: Record) -> Iterator[dict[str, Any]]:
    try:
        decoded = decoder(record)
        facts = [(event, parse_inbound(event)) for event in decoded]
    except BadRecord as error:
        yield {"error": error.reason.value, "message": error.message}
        return
    for event, fact in facts:
        yield {"ignored": event.type} if fact is None else to_json(event)


def _dialect(name: str, tenant: str) -> Dialect:
    if name == "native":
        return lambda record: [
            decode_record(key=record.key, value=record.value, headers=record.headers),
        ]
    if name == "fineract":
        return lambda record: fineract.decode(record.key, record.value, tenant=tenant)
    if not Path(name).is_file():
        raise typer.BadParameter(f"no dialect {name!r}: native, fineract, or the path of a mapping file")
    mapping = _mapping(Path(name))
    return lambda record: mapping.decode(record.value)


def _mapping(path: Path) -> JsonMapping:
    try:
        return load(YAML(typ="safe", pure=True).load(path.read_text("utf-8")))
    except (MappingFault, YAMLError, OSError, UnicodeDecodeError) as error:
        typer.echo(f"{path}: {error}", err=True)
        raise typer.Exit(1) from None


def _record(line: bytes) -> Record:
    try:
        fields = json.loads(line, object_pairs_hook=Members)
    except (ValueError, RecursionError):
        raise BadLine("not JSON; write one object a line") from None
    if not isinstance(fields, Members) or "value_hex" not in dict(fields):
        raise BadLine('write an object like {"key_hex": "…", "value_hex": "…", "headers": {}}')
    named = dict(fields)
    return Record(
        key=_bytes(named, "key_hex"), value=_bytes(named, "value_hex"), headers=_headers(named.get("headers"))
    )


def _bytes(fields: dict[str, Any], name: str) -> bytes | None:
    text = fields.get(name)
    if text is None:
        return None
    try:
        return bytes.fromhex(text)
    except (TypeError, ValueError):
        raise BadLine(f"{name} must be hexadecimal digits, two a byte, or null") from None


def _headers(given: Any) -> list[tuple[str, bytes | None]]:
    """Headers as an object; a header that stands more than once is repeated, or has a list of texts."""
    if given is None:
        return []
    if not isinstance(given, Members):
        raise BadLine("headers must be an object of texts")
    several = [(name, found if isinstance(found, list) else [found]) for name, found in given]
    return [(name, _header_value(name, value)) for name, values in several for value in values]


def _header_value(name: str, value: Any) -> bytes | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadLine(f"header {name!r} must be a text, a list of texts, or null")
    return value.encode("utf-8", "surrogatepass")
