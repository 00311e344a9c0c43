"""The JSON Schema of a definition, for editors; the parser has the last word."""

from collections.abc import Iterable
from typing import Any

from campaigns import values
from campaigns.definition import StepEvent, StopWord, TaskType, Unless
from schemas.enums import Channel, Purpose

Schema = dict[str, Any]

_CONDITION = (
    "CEL over debtor.* (segment, risk_score, region, language, tags), loan.* (product, days_past_due, "
    "total_outstanding, overdue_amount, installments_overdue, bucket), installment.* (number, amount, "
    "days_to_due), history.* (attempts_7d, delivered_30d, last_channel, promises_broken) and segments.*; "
    "amounts and risk_score are doubles: write 100.0"
)


def definition_schema() -> Schema:
    """The schema, with a description of every key."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Puntual campaign definition",
        **_object("One campaign: whom it is for, its limits and its steps.", _TOP, _REQUIRED),
        "if": {"required": ["schedule"]},
        "then": _every_step({"not": {"anyOf": _DAYS}}),
        "else": _every_step({"oneOf": _DAYS}),
    }


def _object(description: str, properties: Schema, required: Iterable[str] = ()) -> Schema:
    found: Schema = {"description": description, "type": "object", "additionalProperties": False}
    return found | {"properties": properties} | ({"required": list(required)} if required else {})


def _every_step(rule: Schema) -> Schema:
    return {"properties": {"steps": {"items": rule}}}


def _text(description: str, pattern: str | None = None, example: str | None = None) -> Schema:
    found: Schema = {"description": description, "type": "string"}
    found |= {"pattern": pattern} if pattern else {"pattern": r"\S"}
    return found | ({"examples": [example]} if example else {})


def _words(description: str, words: Iterable[str]) -> Schema:
    return {"description": description, "enum": [str(word) for word in words]}


def _list(description: str, items: Schema, *, unique: bool = True) -> Schema:
    return {"description": description, "type": "array", "minItems": 1, "items": items, "uniqueItems": unique}


def _positive(description: str) -> Schema:
    return {"description": description, "type": "integer", "minimum": 1, "maximum": 999_999_999}


def _condition(description: str) -> Schema:
    return {"description": f"{description} {_CONDITION}.", "type": ["string", "boolean"]}


_DAYS = [{"required": ["at"]}, {"required": ["on"]}]
_CHANNELS = _list(
    "Channels in order of preference; the debtor's own preference comes first, and a channel that the "
    "contact policy denies is passed over.",
    {"enum": [str(channel) for channel in Channel]},
)
_TEMPLATE = _text(
    "The template: templates/<language>/<name>.<channel>.j2 for every channel used.", values.TEMPLATE_PATTERN
)
_VARIANT = _object(
    "One of several templates that are compared.",
    {"template": _TEMPLATE, "weight": _positive("Its share of debtors, over the sum of weights.")},
    ("template", "weight"),
)
_VARIANTS = _list("Templates to compare; each debtor always gets the same one.", _VARIANT, unique=False)
_EITHER = {"oneOf": [{"required": ["template"]}, {"required": ["variants"]}]}
_CHOICE = (
    _object(
        "A branch: the first whose condition holds decides.",
        {
            "when": _condition("Without a condition the branch always matches."),
            "channels": _CHANNELS,
            "template": _TEMPLATE,
            "variants": _VARIANTS,
        },
    )
    | _EITHER
)
_FALLBACK = _object(
    "The next channel after a failure; needs two channels or more.",
    {
        "after": _text("How long the first channel has.", values.DURATION_PATTERN, "4h"),
        "unless": _words("What spares the debtor a second attempt (default: delivered).", Unless),
    },
    ("after",),
)
_TASK = _object(
    "Work for people instead of a message.",
    {"type": _words("What is to be done.", TaskType), "queue": _text("Who takes it.", example="sucursal")},
    ("type",),
)
_STEP = _object(
    "One message or task, by a day counted from the due date or by an event.",
    {
        "id": _text("The step's name, unique in the file; reports show it.", values.NAME_PATTERN),
        "at": _text("The debtor's local day.", values.AT_PATTERN, "due_date - 3d"),
        "on": _words("A fact that starts the step at once, inside legal hours.", StepEvent),
        "between": _text("Wished hours inside the legal ones.", values.BETWEEN_PATTERN, "09:00-12:00"),
        "expires": _text(
            "Not sent later than this after its start (default: the end of the local day).",
            values.DURATION_PATTERN,
            "24h",
        ),
        "when": _condition("Checked right before sending."),
        "channels": _CHANNELS,
        "fallback": _FALLBACK,
        "template": _TEMPLATE,
        "variants": _VARIANTS,
        "choose": _list("Content by condition; the first branch that matches wins.", _CHOICE, unique=False),
        "task": _TASK,
    },
    ("id",),
) | {
    "oneOf": [{"required": [key]} for key in ("template", "variants", "choose", "task")],
    "dependentRequired": {"template": ["channels"], "variants": ["channels"]},
}
_AUDIENCE = _object(
    "Whom the campaign is for; {} is everyone.",
    {
        "products": _list("Loan products (default: all).", _text("A product code.", example="consumo")),
        "when": _condition("Who else must hold."),
    },
)
_LIMITS = _object(
    "At most so many messages of this campaign to a debtor, on top of the law.",
    {
        "max": _positive("How many."),
        "per": _text("In how much time.", values.DURATION_PATTERN, "7d"),
    },
    ("max", "per"),
)
_REQUIRED = ("campaign", "version", "owner", "purpose", "creditor", "audience", "steps")
_TOP: Schema = {
    "campaign": _text("The campaign's name; it never changes.", values.NAME_PATTERN, "recordatorio-preventivo"),
    "version": _positive("Raised with every change."),
    "description": _text("What it is for, in a sentence."),
    "owner": _text("Who answers for it.", example="cobranza@financiera.test"),
    "purpose": _words("Why debtors are contacted; consents are given per purpose.", Purpose),
    "creditor": _text("Who speaks: a ref of the creditors file.", values.CREDITOR_PATTERN, "demo"),
    "language": _text(
        "The language of debtors whose own has no template (default: es).", values.LANGUAGE_PATTERN, "es"
    ),
    "audience": _AUDIENCE,
    "holdout": _text("A share of debtors who are reported and never contacted.", values.PERCENT_PATTERN, "5%"),
    "limits": _LIMITS,
    "stop_on": _list(
        "What ends the campaign for a loan or person (default: all of them).",
        {"enum": [str(word) for word in StopWord]},
    ),
    "priority": {
        "description": f"A number, higher first. {_CONDITION}.",
        "type": ["string", "number"],
    },
    "starts": _text("First local day.", values.DATE_PATTERN, "2026-01-31"),
    "ends": _text("Last local day.", values.DATE_PATTERN, "2026-12-31"),
    "schedule": _object(
        "A calendar in the debtor's local time; its steps have neither 'at' nor 'on'.",
        {"cron": _text("Minute, hour, day of month, month, weekday.", example="0 10 1 * *")},
        ("cron",),
    ),
    "steps": _list("What is sent, and when.", _STEP, unique=False),
}
