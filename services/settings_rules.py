"""Checks of single settings and of how they fit together, with remedies a person can follow."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError

from services.keyring import parse_keys

_SHORTEST_SECRET = 32
_PLACEHOLDER = re.compile(r"change|example|secret|placeholder|password|default|^(.)\1*$", re.IGNORECASE)
_TOPIC_PART = re.compile(r"[A-Za-z0-9._-]{0,200}")
_BROKER = re.compile(r"[^\s:,]+:\d{1,5}|\[[0-9A-Fa-f:.]+\]:\d{1,5}")
_LOOPBACK = {"localhost", "127.0.0.1", "::1", "0.0.0.0"}

_NO_DATABASE = (
    "database_url",
    "the embedded PostgreSQL is for development",
    "set postgresql://user:password@host:port/name",
)
_NO_KAFKA = (
    "kafka_bootstrap_servers",
    "the embedded broker keeps nothing and is for development",
    "set host:port,…",
)
_PLAIN_HTTP = ("public_url", "plain http shows debtors' links to others", "set an https:// address")
_LOCAL_URL = ("public_url", "only this machine reaches that address", "set the address that providers call")
_PLAIN_FINERACT = ("fineract_url", "plain http shows people's names and numbers to others", "set an https:// address")
_REHEARSAL = ("now", "a rehearsal clock is for development", "unset it")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one variable, and what to do; never holds the value."""

    variable: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.problem}; {self.remedy}"


class SettingsProblem(Exception):
    """The settings cannot be used; one line a fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class ChosenSettings(Protocol):
    """The settings that must fit together."""

    @property
    def production(self) -> bool: ...
    @property
    def database_url(self) -> str | None: ...
    @property
    def kafka_bootstrap_servers(self) -> str | None: ...
    @property
    def kafka_security_protocol(self) -> str: ...
    @property
    def kafka_sasl_mechanism(self) -> str | None: ...
    @property
    def kafka_sasl_username(self) -> str | None: ...
    @property
    def kafka_sasl_password(self) -> SecretStr | None: ...
    @property
    def public_url(self) -> str: ...
    @property
    def fineract_url(self) -> str: ...
    @property
    def fineract_topic(self) -> str: ...
    @property
    def fineract_username(self) -> str: ...
    @property
    def fineract_password(self) -> SecretStr | None: ...
    @property
    def secret_key(self) -> SecretStr | None: ...
    @property
    def pii_keys(self) -> SecretStr | None: ...
    @property
    def now(self) -> object: ...
    @property
    def call_timeout(self) -> float: ...
    @property
    def lease_seconds(self) -> int: ...


def faults_of(error: ValidationError, descriptions: Mapping[str, str], prefix: str) -> list[Fault]:
    """One fault for each value that could not be read."""
    faults = {}
    for item in error.errors(include_url=False, include_input=False, include_context=False):
        name = str(item["loc"][0]) if item["loc"] else ""
        problem = item["msg"].removeprefix("Value error, ")
        faults[name] = Fault(prefix + name.upper(), problem, f"expected: {descriptions.get(name, 'nothing')}")
    return list(faults.values())


def consistency_faults(settings: ChosenSettings, prefix: str) -> list[Fault]:
    """Faults of values that are each well formed but do not fit together, or do not fit production."""
    found = [*_sasl_faults(settings), *_lease_faults(settings), *_fineract_faults(settings)]
    if settings.production:
        found += [*_production_parts(settings), *_production_secrets(settings)]
    return [Fault(prefix + name.upper(), problem, remedy) for name, problem, remedy in found]


def _sasl_faults(settings: ChosenSettings) -> list[tuple[str, str, str]]:
    if not settings.kafka_security_protocol.startswith("SASL"):
        return []
    needed = ("kafka_sasl_mechanism", "kafka_sasl_username", "kafka_sasl_password")
    problem = f"missing while the security protocol is {settings.kafka_security_protocol}"
    return [(name, problem, "set it") for name in needed if getattr(settings, name) is None]


def _fineract_faults(settings: ChosenSettings) -> list[tuple[str, str, str]]:
    if not settings.fineract_url:
        return []
    found = [
        (name, "missing while PUNTUAL_FINERACT_URL is set", "set it to those of a user that may read loans and clients")
        for name in ("fineract_username", "fineract_password")
        if not getattr(settings, name)
    ]
    if not settings.fineract_topic:
        found.append(("fineract_topic", "missing while PUNTUAL_FINERACT_URL is set", "set it, or unset the address"))
    return found


def _lease_faults(settings: ChosenSettings) -> list[tuple[str, str, str]]:
    if settings.lease_seconds > settings.call_timeout + 3:
        return []
    remedy = "set it to more than the call timeout and 3 seconds for connecting"
    return [("lease_seconds", "an attempt could become unknown while its call still runs", remedy)]


def _production_parts(settings: ChosenSettings) -> list[tuple[str, str, str]]:
    url = urlsplit(settings.public_url)
    local = url.scheme == "https" and url.hostname in _LOOPBACK
    checks = [
        (settings.database_url is None, _NO_DATABASE),
        (settings.kafka_bootstrap_servers is None, _NO_KAFKA),
        (url.scheme != "https", _PLAIN_HTTP),
        (local, _LOCAL_URL),
        (settings.fineract_url.startswith("http:"), _PLAIN_FINERACT),
        (settings.now is not None, _REHEARSAL),
    ]
    return [fault for wrong, fault in checks if wrong]


def _production_secrets(settings: ChosenSettings) -> list[tuple[str, str, str]]:
    found = []
    if settings.pii_keys is None:
        found.append(("pii_keys", "missing", "set id:base64 of 32 random bytes and keep a copy: they open the data"))
    remedy = f"set {_SHORTEST_SECRET} random characters or more, for example from `openssl rand -base64 48`"
    if settings.secret_key is None:
        found.append(("secret_key", "missing", remedy))
    elif len(settings.secret_key.get_secret_value()) < _SHORTEST_SECRET:
        found.append(("secret_key", f"shorter than {_SHORTEST_SECRET} characters", remedy))
    elif _PLACEHOLDER.search(settings.secret_key.get_secret_value()):
        found.append(("secret_key", "looks like a placeholder", remedy))
    return found


def from_here(path: Path) -> Path:
    """A path as given by a person, from the current folder."""
    return path.expanduser().absolute()


def database_url(text: str) -> str:
    """A PostgreSQL address in the form that asyncpg reads."""
    scheme, separator, rest = text.strip().partition("://")
    _demand(bool(separator) and bool(rest), "not an address")
    _demand(scheme in {"postgresql", "postgres"}, f"scheme {scheme!r} is not postgresql")
    return f"postgresql://{rest}"


def bootstrap_servers(text: str) -> str:
    """Brokers as host:port, separated by commas."""
    brokers = [item.strip() for item in text.split(",") if item.strip()]
    _demand(bool(brokers) and all(_BROKER.fullmatch(item) for item in brokers), "not a list of host:port")
    return ",".join(brokers)


def public_url(text: str) -> str:
    """An http or https address without a slash at its end."""
    url = urlsplit(text.strip())
    _demand(url.scheme in {"http", "https"} and bool(url.hostname), "not an http or https address")
    _demand(not url.query and not url.fragment and not url.username, "more than an address and a path")
    return text.strip().rstrip("/")


def topic_part(text: str) -> str:
    """A topic name or its beginning, in Kafka's own alphabet."""
    _demand(bool(_TOPIC_PART.fullmatch(text)), "Kafka allows letters, digits, dot, dash and underscore")
    return text


def deployment_keys_text(text: SecretStr) -> SecretStr:
    """Well-formed keys, as they were written."""
    parse_keys(text.get_secret_value())
    return text


def _demand(condition: bool, problem: str) -> None:
    if not condition:
        raise ValueError(problem)
