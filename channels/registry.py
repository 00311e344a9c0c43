"""The providers a deployment has, built from its providers file: who carries a channel, by which senders."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from channels.config import TWILIO_URL, ProviderConfig, ProvidersFile, SecretRef
from channels.errors import ProvidersFileError
from channels.provider import Provider
from channels.smtp import SmtpProvider
from channels.smtp_message import MailReturns
from channels.twilio import TwilioProvider
from channels.twilio_channel import TwilioChannel
from channels.twilio_sms import TwilioSms
from channels.twilio_voice import TwilioVoice
from channels.twilio_whatsapp import TwilioWhatsApp
from schemas.enums import Channel

DEFAULT_PACE: Mapping[Channel, float] = {
    Channel.SMS: 1.0,
    Channel.WHATSAPP: 80.0,
    Channel.VOICE: 1.0,
    Channel.EMAIL: 50.0,
}
TWILIO_CONNECTIONS = 100
SMTP_CONNECTIONS = 20
TWILIO_CHANNELS: Mapping[Channel, Callable[[], TwilioChannel]] = {
    Channel.SMS: TwilioSms,
    Channel.WHATSAPP: TwilioWhatsApp,
    Channel.VOICE: TwilioVoice,
}
CARRIED: Mapping[str, frozenset[Channel]] = {
    "twilio": frozenset(TWILIO_CHANNELS),
    "smtp": frozenset({Channel.EMAIL}),
}


@dataclass(frozen=True, slots=True)
class Sender:
    """A number or from-address, and what it may start in a second (SMS parts, messages or calls)."""

    address: str
    per_second: float


class Route(NamedTuple):
    """A provider and its senders for one channel."""

    provider: Provider
    senders: tuple[Sender, ...]


class Registry:
    """All providers, in the order of the file."""

    def __init__(
        self, providers: Iterable[Provider], routes: Mapping[Channel, list[Route]], warnings: Iterable[str]
    ) -> None:
        self.providers: Mapping[str, Provider] = {provider.id: provider for provider in providers}
        self._routes = routes
        self.warnings = tuple(warnings)

    def for_channel(self, channel: Channel) -> list[Route]:
        """Who carries this channel, the preferred first."""
        return list(self._routes.get(channel, ()))

    def paces(self) -> list[tuple[str, Channel, str, float]]:
        """Provider, channel, sender and pace of every sender, as Pacing wants them."""
        return [
            (route.provider.id, channel, sender.address, sender.per_second)
            for channel, routes in self._routes.items()
            for route in routes
            for sender in route.senders
        ]

    def of_account(self, account: str) -> Provider | None:
        """The provider whose callbacks name this account."""
        return next((each for each in self.providers.values() if getattr(each, "account_sid", None) == account), None)

    async def close(self) -> None:
        """Let go of all connections."""
        for provider in self.providers.values():
            await provider.close()


def build_registry(
    parsed: ProvidersFile, *, environ: Mapping[str, str], production: bool, file: str = "providers.yaml"
) -> Registry:
    """The providers of a parsed file; raises ProvidersFileError that names file and key.

    What has no adapter yet is a warning; what is wrong is an error.
    """
    build = _Build(parsed, environ=environ, production=production)
    for index, config in enumerate(parsed.providers):
        build.add(f"providers.{index}", config)
    if build.problems:
        raise ProvidersFileError(file, build.problems)
    return Registry(build.providers, build.routes, build.warnings)


class _Build:
    def __init__(self, parsed: ProvidersFile, *, environ: Mapping[str, str], production: bool) -> None:
        self._whatsapp = parsed.whatsapp.enabled
        self._environ = environ
        self._production = production
        self.providers: list[Provider] = []
        self.routes: dict[Channel, list[Route]] = {}
        self.warnings: list[str] = []
        self.problems: list[str] = []

    def add(self, path: str, config: ProviderConfig) -> None:
        if config.type not in CARRIED:
            self.warnings.append(f"{path}.type: no adapter yet for {config.type}; {config.id} is not used")
            return
        channels = self._channels(path, config)
        provider = self._smtp(path, config) if config.type == "smtp" else self._twilio(path, config, channels)
        if provider is None:
            return
        self.providers.append(provider)
        senders = self._senders(path, config)
        for channel in channels:
            self._route(path, provider, channel, senders.get(channel, ()))

    def _channels(self, path: str, config: ProviderConfig) -> list[Channel]:
        usable = []
        for index, name in enumerate(config.channels):
            where = f"{path}.channels.{index}"
            if name not in CARRIED[config.type]:
                self.warnings.append(f"{where}: no adapter yet for {name} at {config.type}; it is not used")
            elif name == Channel.WHATSAPP and not self._whatsapp:
                self.warnings.append(f"{where}: WhatsApp is off; see whatsapp.enabled")
            else:
                usable.append(Channel(name))
        return usable

    def _senders(self, path: str, config: ProviderConfig) -> dict[Channel, tuple[Sender, ...]]:
        found: dict[Channel, tuple[Sender, ...]] = {}
        for index, sender in enumerate(config.senders):
            where = f"{path}.senders.{index}"
            if sender.channel not in config.channels:
                self.warnings.append(f"{where}: {sender.channel} is not among {config.id}'s channels")
            elif sender.channel in CARRIED[config.type]:
                channel = Channel(sender.channel)
                pace = sender.per_second or DEFAULT_PACE[channel]
                found[channel] = (*found.get(channel, ()), Sender(sender.address, pace))
        return found

    def _route(self, path: str, provider: Provider, channel: Channel, senders: tuple[Sender, ...]) -> None:
        if not senders:
            self.warnings.append(f"{path}.senders: none for {channel}; {provider.id} can't carry it")
            return
        self.routes.setdefault(channel, []).append(Route(provider, senders))

    def _twilio(self, path: str, config: ProviderConfig, channels: list[Channel]) -> Provider | None:
        token = self._secret(f"{path}.auth_token", config.auth_token)
        if config.base_url.rstrip("/") != TWILIO_URL:
            self._custom_host(path, config)
        if token is None or config.account_sid is None:
            return None
        return TwilioProvider(
            config.id,
            account_sid=config.account_sid,
            auth_token=token,
            channels=[TWILIO_CHANNELS[channel]() for channel in channels],
            also_reads=[make() for channel, make in TWILIO_CHANNELS.items() if channel not in channels],
            base_url=config.base_url,
            connections=config.connections or TWILIO_CONNECTIONS,
        )

    def _smtp(self, path: str, config: ProviderConfig) -> Provider | None:
        password = self._secret(f"{path}.password", config.password)
        if (config.username is None) != (config.password is None):
            self.problems.append(f"{path}.username: username and password go together")
        if self._production and config.tls == "none" and password is not None:
            self.problems.append(f"{path}.tls: in production the password may only travel over TLS")
        if config.host is None or (password is None and config.password is not None):
            return None
        login = None if config.username is None or password is None else (config.username, password)
        return SmtpProvider(
            config.id,
            host=config.host,
            port=config.port,
            tls=config.tls,
            login=login,
            connections=config.connections or SMTP_CONNECTIONS,
            returns=MailReturns(config.bounce_domain, config.unsubscribe_mailbox),
        )

    def _custom_host(self, path: str, config: ProviderConfig) -> None:
        if self._production and not config.base_url.startswith("https://"):
            self.problems.append(f"{path}.base_url: in production the token may only travel over https")
        self.warnings.append(f"{path}.base_url: {config.id} talks to {config.base_url}, not to {TWILIO_URL}")

    def _secret(self, path: str, ref: SecretRef | None) -> str | None:
        if ref is None:
            return None
        try:
            return ref.resolve(self._environ, production=self._production)
        except ValueError as error:
            self.problems.append(f"{path}: {error}")
            return None
