"""The providers file: who carries our messages, in order of preference, and by which senders."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AnyHttpUrl,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

TWILIO_URL = "https://api.twilio.com"
KEYS_OF_TYPE: Mapping[str, frozenset[str]] = {
    "twilio": frozenset({"account_sid", "auth_token", "base_url", "allow_custom_base_url", "connections"}),
    "smtp": frozenset(
        {"host", "port", "tls", "username", "password", "connections", "bounce_domain", "unsubscribe_mailbox"}
    ),
}
SHARED_KEYS = frozenset({"id", "type", "channels", "senders"})
REQUIRED_OF_TYPE = {"twilio": frozenset({"account_sid", "auth_token"}), "smtp": frozenset({"host"})}
# A mailbox short enough to take "+" and a token of 49 characters before its @, and not the "b" of bounces.
DOMAIN = r"^[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.)+[A-Za-z0-9-]{2,63}$"
MAILBOX = r"^(?:[A-Za-z0-9._-]{2,14}|[AC-Zac-z0-9])@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.)+[A-Za-z0-9-]{2,63}$"
TWILIO_ACCOUNT = re.compile(r"AC[0-9a-f]{32}")
_URL = TypeAdapter(AnyHttpUrl)


class SecretRef(BaseModel):
    """Where a secret is kept; its value is never in a text of this object."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    env: str | None = None
    file: Path | None = None
    literal: SecretStr | None = None

    @model_validator(mode="before")
    @classmethod
    def _literal_text(cls, value: object) -> object:
        return {"literal": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(each is not None for each in (self.env, self.file, self.literal)) != 1:
            raise ValueError("give {env: NAME} or {file: PATH}")
        return self

    def resolve(self, environ: Mapping[str, str], *, production: bool) -> str:
        """The secret itself; raises ValueError that says what to do, and never what it is."""
        if self.literal is not None:
            if production:
                raise ValueError("a literal secret is refused in production; give {env: NAME} or {file: PATH}")
            return self.literal.get_secret_value()
        if self.env is not None:
            secret = environ.get(self.env, "").strip()
            where = f"environment variable {self.env}"
        else:
            secret, where = _read(self.file or Path()), f"file {self.file}"
        if not secret:
            raise ValueError(f"{where} is missing or empty; put the secret there")
        return secret


class SenderConfig(BaseModel):
    """A number or from-address, and how much it may start in a second (SMS parts, messages or calls)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: str
    address: Annotated[str, Field(min_length=1, max_length=320)]
    per_second: Annotated[float, Field(gt=0, le=100_000)] | None = None

    @field_validator("address")
    @classmethod
    def _fits_channel(cls, address: str, info: ValidationInfo) -> str:
        if info.data.get("channel") == "whatsapp" and not address.startswith("whatsapp:+"):
            raise ValueError("a WhatsApp sender is written as whatsapp:+525550000001")
        return address


class ProviderConfig(BaseModel):
    """One account at one provider; which keys it has depends on `type`."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
    type: str
    channels: list[str]
    senders: list[SenderConfig] = []
    connections: Annotated[int, Field(ge=1, le=2000)] | None = None
    allow_custom_base_url: bool = False
    base_url: Annotated[str, Field(validate_default=True)] = TWILIO_URL
    account_sid: Annotated[str | None, Field(validate_default=True)] = None
    auth_token: Annotated[SecretRef | None, Field(validate_default=True)] = None
    host: Annotated[str | None, Field(validate_default=True)] = None
    port: Annotated[int, Field(ge=1, le=65_535)] = 25
    tls: Literal["none", "starttls", "tls"] = "starttls"
    username: str | None = None
    password: SecretRef | None = None
    bounce_domain: Annotated[str, Field(pattern=DOMAIN)] | None = None
    unsubscribe_mailbox: Annotated[str, Field(pattern=MAILBOX)] | None = None

    @field_validator("base_url")
    @classmethod
    def _vendors_own_host(cls, url: str, info: ValidationInfo) -> str:
        if url.rstrip("/") == TWILIO_URL or info.data.get("type") not in KEYS_OF_TYPE:
            return url
        if not info.data.get("allow_custom_base_url"):
            raise ValueError(f"only {TWILIO_URL}, or another with allow_custom_base_url: true")
        try:
            _URL.validate_python(url)
        except ValidationError:
            raise ValueError("not a web address; write it as http://127.0.0.1:9001") from None
        return url

    @field_validator("account_sid", "auth_token", "host")
    @classmethod
    def _required(cls, value: object, info: ValidationInfo) -> object:
        if value is None and info.field_name in REQUIRED_OF_TYPE.get(info.data.get("type", ""), ()):
            raise ValueError(f"missing; a provider of type {info.data['type']} needs it")
        return value

    @field_validator("account_sid")
    @classmethod
    def _account_shape(cls, value: str | None) -> str | None:
        if value is not None and not TWILIO_ACCOUNT.fullmatch(value):
            raise ValueError("not an account SID; it is AC and 32 digits of 0-9a-f")
        return value

    @model_validator(mode="after")
    def _no_strange_keys(self) -> Self:
        known = KEYS_OF_TYPE.get(self.type)
        strange = sorted(self.model_fields_set - known - SHARED_KEYS) if known is not None else []
        if strange:
            raise ValueError(f"a provider of type {self.type} has no key {', '.join(strange)}")
        return self


class WhatsAppConfig(BaseModel):
    """Whether WhatsApp may be used at all, and who answers for it (Meta's policy prohibits debt collection)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = False
    approved_by: Annotated[str | None, Field(validate_default=True)] = None
    approved_on: Annotated[date | None, Field(validate_default=True)] = None
    policy_version: Annotated[str | None, Field(validate_default=True)] = None

    @field_validator("approved_by", "approved_on", "policy_version")
    @classmethod
    def _approved(cls, value: object, info: ValidationInfo) -> object:
        if info.data.get("enabled") and not value:
            raise ValueError("missing; WhatsApp needs a recorded approval")
        return value


class Prices(BaseModel):
    """What the channels charge, in one currency: an SMS by the part, the others by the message or call."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    sms: Annotated[Decimal, Field(ge=0, allow_inf_nan=False)] = Decimal(0)
    whatsapp: Annotated[Decimal, Field(ge=0, allow_inf_nan=False)] = Decimal(0)
    email: Annotated[Decimal, Field(ge=0, allow_inf_nan=False)] = Decimal(0)
    voice: Annotated[Decimal, Field(ge=0, allow_inf_nan=False)] = Decimal(0)

    def of(self, units: Mapping[str, int]) -> Decimal:
        """The price of so many parts, messages and calls by channel."""
        return sum((getattr(self, channel) * count for channel, count in units.items()), Decimal(0))


class ProvidersFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    providers: Annotated[list[ProviderConfig], Field(min_length=1)]
    whatsapp: WhatsAppConfig = WhatsAppConfig()
    prices: Prices | None = None

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [provider.id for provider in self.providers]
        twice = sorted({each for each in ids if ids.count(each) > 1})
        if twice:
            raise ValueError(f"two providers have the id {', '.join(twice)}; give each its own")
        return self


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
