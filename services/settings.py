"""What a deployment decides: environment variables with the prefix PUNTUAL_, read once at start."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AwareDatetime, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.keyring import DeploymentKey, parse_keys
from services.settings_rules import (
    Fault,
    SettingsProblem,
    bootstrap_servers,
    consistency_faults,
    database_url,
    deployment_keys_text,
    faults_of,
    from_here,
    public_url,
    topic_part,
)
from services.sticky_secrets import sticky_deployment_keys, sticky_signing_secret

PROJECT_ROOT = Path(__file__).resolve().parent.parent
PREFIX = "PUNTUAL_"

GivenPath = Annotated[Path, AfterValidator(from_here)]
DatabaseUrl = Annotated[str, AfterValidator(database_url)]
BootstrapServers = Annotated[str, AfterValidator(bootstrap_servers)]
PublicUrl = Annotated[str, AfterValidator(public_url)]
FineractUrl = Annotated[str, AfterValidator(lambda text: public_url(text) if text.strip() else "")]
TopicPart = Annotated[str, AfterValidator(topic_part)]
KeysText = Annotated[SecretStr, AfterValidator(deployment_keys_text)]


class Settings(BaseSettings):
    """Every setting with its default; a relative path as given is taken from the current folder."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    env: Literal["development", "production"] = Field("development", description="development or production")
    database_url: DatabaseUrl | None = Field(
        None, repr=False, description="postgresql://user:password@host:port/name; unset: embedded PostgreSQL"
    )
    kafka_bootstrap_servers: BootstrapServers | None = Field(
        None, description="Kafka brokers as host:port,host:port; unset: embedded broker"
    )
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL"
    )
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = Field(
        None, description="PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512"
    )
    kafka_sasl_username: str | None = Field(None, description="user name at the Kafka brokers")
    kafka_sasl_password: SecretStr | None = Field(None, description="password at the Kafka brokers")
    kafka_ssl_cafile: GivenPath | None = Field(
        None, description="file of the authorities that sign the brokers' certificates; unset: the system's"
    )
    data_dir: GivenPath = Field(PROJECT_ROOT / ".puntual", description="folder of embedded state")
    http_host: str = Field("127.0.0.1", description="address that the API and callbacks listen on")
    http_port: int = Field(8080, ge=1, le=65535, description="port of the API and callbacks, 1 to 65535")
    public_url: PublicUrl = Field(
        "", validate_default=False, description="address at which providers and debtors reach us, https://…"
    )
    providers_file: GivenPath = Field(PROJECT_ROOT / "deploy/providers.yaml", description="file of the providers")
    creditors_file: GivenPath = Field(PROJECT_ROOT / "deploy/creditors.yaml", description="file of the lenders")
    campaigns_dir: GivenPath = Field(
        PROJECT_ROOT / "campaigns/definitions", description="folder of the campaign definitions"
    )
    templates_dir: GivenPath = Field(PROJECT_ROOT / "templates", description="folder of the templates")
    packs_dir: GivenPath = Field(PROJECT_ROOT / "campaigns/policies", description="folder of the contact-law packs")
    topic_prefix: TopicPart = Field("", description="text before every native topic name")
    fineract_topic: TopicPart = Field("", description="topic of Fineract external events; empty: off")
    fineract_tenant: str = Field("default", description="tenantId expected in Fineract events")
    fineract_url: FineractUrl = Field("", description="base address of Fineract's REST interface; empty: not asked")
    fineract_username: str = Field("", description="user name at Fineract's REST interface; reading is enough")
    fineract_password: SecretStr | None = Field(None, description="password at Fineract's REST interface")
    fineract_per_second: float = Field(
        20.0, ge=0.1, le=1000, description="questions a second to Fineract's REST interface, 0.1 to 1000"
    )
    secret_key: SecretStr | None = Field(
        None, description="secret of 32 characters or more that signs callback and link tokens"
    )
    pii_keys: KeysText | None = Field(
        None, description="keys for personal data as id:base64,… (32 random bytes each), newest first"
    )
    now: AwareDatetime | None = Field(
        None, description="instant with time zone at which a rehearsal starts, 2026-11-24T15:00:00Z"
    )
    dispatch_limit: int = Field(500, ge=1, le=10_000, description="hand-overs in flight in a process, 1 to 10000")
    call_timeout: float = Field(15.0, gt=0, le=40, description="seconds a provider has for its answer, up to 40")
    lease_seconds: int = Field(45, ge=5, le=3600, description="seconds until an unsettled attempt is unknown")
    link_days: int = Field(30, ge=1, le=3650, description="days for which a payment link in a message leads on")
    stop_every_channel: bool = Field(
        False, description="whether a debtor's stop holds on every channel, not on its own"
    )
    api_per_second: int = Field(200, ge=1, le=100_000, description="requests a second for each API key, 1 to 100000")
    database_pool: int = Field(10, ge=2, le=200, description="database connections of a process, 2 to 200")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")

    @classmethod
    def load(cls, **given: Any) -> Self:
        """Settings from the environment, `given` values first; raises SettingsProblem naming every fault."""
        try:
            settings = cls(**given)
        except ValidationError as error:
            raise SettingsProblem(faults_of(error, _descriptions(cls), PREFIX)) from None
        faults = consistency_faults(settings, PREFIX)
        if faults:
            raise SettingsProblem(faults)
        return settings

    @model_validator(mode="before")
    @classmethod
    def _public_url_follows_port(cls, values: dict[str, Any]) -> dict[str, Any]:
        return values if "public_url" in values else {**values, "public_url": _local_url(values)}

    @property
    def production(self) -> bool:
        """Whether real people are contacted."""
        return self.env == "production"

    def topic(self, name: str) -> str:
        """The deployment's name of a native topic."""
        return self.topic_prefix + name

    def signing_secret(self) -> bytes:
        """The key of callback and link tokens; made once and kept in `data_dir` where none was given."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        return sticky_signing_secret(self.data_dir)

    def deployment_keys(self) -> tuple[DeploymentKey, ...]:
        """Keys for personal data, newest first; made once and kept in `data_dir` where none were given."""
        if self.pii_keys is not None:
            return parse_keys(self.pii_keys.get_secret_value())
        return sticky_deployment_keys(self.data_dir)


def variable_of(name: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + name.upper()


def unknown_variables(environment: Mapping[str, str]) -> list[Fault]:
    """Variables with our prefix that name no setting: most often a slip of the pen."""
    known = {variable_of(name) for name in Settings.model_fields}
    strangers = sorted(name for name in environment if name.upper().startswith(PREFIX) and name.upper() not in known)
    return [Fault(name, "no such setting", "see `puntual check --settings` for the names") for name in strangers]


def _descriptions(model: type[Settings]) -> dict[str, str]:
    return {name: field.description or "" for name, field in model.model_fields.items()}


def _local_url(values: dict[str, Any]) -> str:
    return f"http://127.0.0.1:{values.get('http_port') or 8080}"
