"""Both Kafka clients connect by the same settings."""

import ssl

from pydantic import SecretStr

from services.kafka_options import aiokafka_options, librdkafka_options
from services.settings import Settings


def test_without_security_only_the_address_is_given() -> None:
    settings = Settings.load()
    assert aiokafka_options(settings, "k:9092") == {"bootstrap_servers": "k:9092", "security_protocol": "PLAINTEXT"}
    plain = librdkafka_options(settings, "k:9092")
    assert (plain["bootstrap.servers"], plain["security.protocol"]) == ("k:9092", "PLAINTEXT")
    assert not [name for name in plain if name.startswith(("sasl", "ssl"))]


def test_with_sasl_over_tls_both_get_credentials_and_certificates_are_checked() -> None:
    settings = Settings.load(
        kafka_security_protocol="SASL_SSL",
        kafka_sasl_mechanism="SCRAM-SHA-512",
        kafka_sasl_username="puntual",
        kafka_sasl_password=SecretStr("hunter2"),
    )
    ours = aiokafka_options(settings, "k:9093")
    assert ours["ssl_context"].verify_mode is ssl.CERT_REQUIRED
    assert ours["ssl_context"].check_hostname
    assert (ours["sasl_mechanism"], ours["sasl_plain_username"], ours["sasl_plain_password"]) == (
        "SCRAM-SHA-512",
        "puntual",
        "hunter2",
    )
    theirs = librdkafka_options(settings, "k:9093")
    assert (theirs["sasl.mechanism"], theirs["sasl.username"], theirs["sasl.password"]) == (
        "SCRAM-SHA-512",
        "puntual",
        "hunter2",
    )
