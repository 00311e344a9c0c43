"""The settings as a person may see them: every variable, its value with secrets masked, its source."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from services.settings import Settings, variable_of

_MASKED = "********"
_URL_PASSWORD = re.compile(r"(?<=:)[^:/@]+(?=@)|(?<=password=)[^&]+")
_WHEN_UNSET = {
    "database_url": "embedded PostgreSQL",
    "kafka_bootstrap_servers": "embedded broker",
    "secret_key": "made once and kept in the data folder",
    "pii_keys": "made once and kept in the data folder",
}


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One line of `puntual check --settings`; `source` is given or default."""

    variable: str
    value: str
    source: str
    meaning: str


def settings_rows(settings: Settings, environment: Mapping[str, str]) -> list[SettingRow]:
    """A row for every setting, in the order of their declaration."""
    given = {name.upper() for name, value in environment.items() if value}
    return [
        SettingRow(
            variable=variable_of(name),
            value=_shown(name, getattr(settings, name)),
            source="given" if variable_of(name) in given else "default",
            meaning=field.description or "",
        )
        for name, field in Settings.model_fields.items()
    ]


def _shown(name: str, value: object) -> str:
    if value is None:
        return _WHEN_UNSET.get(name, "")
    if isinstance(value, SecretStr):
        return _MASKED
    return _URL_PASSWORD.sub(_MASKED, str(value)) if name == "database_url" else str(value)
