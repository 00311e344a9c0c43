"""A mapping file and a record that fits it."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from schemas.json_mapping import JsonMapping, load

FILE = Path(__file__).parent / "vault_mapping.yaml"
DETAILS = {
    "customer_id": "D-1",
    "account_id": 1001,
    "number": "7",
    "due_date": "2026-11-24T00:00:00Z",
    "repayment_amount": 1050.5,
    "autopay": "no",
}
RECORD = {
    "event_id": "e-1",
    "timestamp": "2026-11-21T06:00:00Z",
    "notification_type": "LOC_REPAYMENT_DUE",
    "notification_details": DETAILS,
}


def document() -> Any:
    """The mapping file as parsed YAML."""
    return YAML(typ="safe", pure=True).load(FILE.read_text("utf-8"))


def mapping() -> JsonMapping:
    """The mapping, ready."""
    return load(document())
