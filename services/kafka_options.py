"""How our two Kafka clients connect, from one set of settings."""

import ssl
from typing import Any

from services.settings import Settings


def aiokafka_options(settings: Settings, bootstrap: str) -> dict[str, Any]:
    """Keyword arguments for aiokafka's clients; `bootstrap` is the setting or the embedded broker's."""
    options: dict[str, Any] = {
        "bootstrap_servers": bootstrap,
        "security_protocol": settings.kafka_security_protocol,
    }
    if settings.kafka_security_protocol.endswith("SSL"):
        options["ssl_context"] = ssl.create_default_context(cafile=_cafile(settings))
    if settings.kafka_security_protocol.startswith("SASL"):
        options["sasl_mechanism"] = settings.kafka_sasl_mechanism
        options["sasl_plain_username"] = settings.kafka_sasl_username
        options["sasl_plain_password"] = _password(settings)
    return options


def librdkafka_options(settings: Settings, bootstrap: str) -> dict[str, Any]:
    """Configuration for confluent-kafka, which is asked about topics only."""
    options: dict[str, Any] = {
        "bootstrap.servers": bootstrap,
        "security.protocol": settings.kafka_security_protocol,
        "log_level": 2,
        "socket.timeout.ms": 10_000,
    }
    cafile = _cafile(settings)
    if settings.kafka_security_protocol.endswith("SSL") and cafile is not None:
        options["ssl.ca.location"] = cafile
    if settings.kafka_security_protocol.startswith("SASL"):
        options["sasl.mechanism"] = settings.kafka_sasl_mechanism
        options["sasl.username"] = settings.kafka_sasl_username
        options["sasl.password"] = _password(settings)
    return options


def _cafile(settings: Settings) -> str | None:
    return None if settings.kafka_ssl_cafile is None else str(settings.kafka_ssl_cafile)


def _password(settings: Settings) -> str | None:
    return None if settings.kafka_sasl_password is None else settings.kafka_sasl_password.get_secret_value()
