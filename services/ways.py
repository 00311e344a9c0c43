"""Ways out: which provider and sender may take the next message of a channel, now or when."""

from dataclasses import dataclass

from channels.health import Health
from channels.pacing import Pacing
from channels.provider import Provider, SendResult
from channels.registry import Registry
from schemas.enums import Channel

_SOON = 1.0


@dataclass(frozen=True, slots=True)
class Way:
    """A provider and the sender to use at it."""

    provider: Provider
    sender: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing may start now; `seconds` until it is worth asking again."""

    seconds: float


class Ways:
    """Chooses among the providers of the file, in its order, by pace and health."""

    def __init__(self, registry: Registry, pacing: Pacing, health: Health) -> None:
        self._registry = registry
        self._pacing = pacing
        self._health = health

    def provider(self, provider_id: str) -> Provider | None:
        """The provider of this id, None where the file no longer names it."""
        return self._registry.providers.get(provider_id)

    def carries(self, channel: Channel) -> bool:
        """Whether any provider of the file carries a channel at all."""
        return bool(self._registry.for_channel(channel))

    def capacity(self, now: float) -> int:
        """How many sends could start at once over all channels, by free connections and pace."""
        total = 0
        for provider in self._registry.providers.values():
            paced = sum(
                self._pacing.bucket(provider.id, sender.address).available(now)
                for channel in provider.channels
                for route in self._registry.for_channel(channel)
                if route.provider is provider
                for sender in route.senders
            )
            total += min(paced, provider.available())
        return total

    def choose(self, channel: Channel, now: float, *, stopped: frozenset[str]) -> Way | Wait:
        """The first way that may start now, counted as started; `stopped` providers are passed over."""
        wait = _SOON
        for route in self._registry.for_channel(channel):
            if route.provider.id in stopped:
                continue
            for sender in route.senders:
                bucket = self._pacing.bucket(route.provider.id, sender.address)
                if bucket.available(now) < 1:
                    wait = min(wait, bucket.ready_in(now))
                elif self._health.breaker(route.provider.id, sender.address).admit(1, now):
                    return Way(route.provider, sender.address)
        return Wait(max(wait, 0.05))

    def spend(self, way: Way, parts: int, now: float) -> None:
        """Count the parts of a message that is handed over."""
        self._pacing.bucket(way.provider.id, way.sender).take(parts, now)

    def unused(self, way: Way) -> None:
        """Give back a way that was chosen and not used."""
        self._health.breaker(way.provider.id, way.sender).unused(1)

    def record(self, way: Way, result: SendResult, now: float) -> None:
        """Tell how a hand-over went."""
        self._health.breaker(way.provider.id, way.sender).record(result, now)
