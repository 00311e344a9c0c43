"""Ways out: which provider and sender may take the next message of a channel, now or when."""

from dataclasses import dataclass

from channels.health import Health
from channels.pacing import Pacing
from channels.provider import Provider, SendResult
from channels.registry import Registry
from schemas.enums import Channel

SERVED = frozenset({Channel.SMS, Channel.WHATSAPP, Channel.EMAIL, Channel.VOICE})
"""Channels with everything they need around them."""
_SOON, _LEAST = 1.0, 0.05


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
        return channel in SERVED and bool(self._registry.for_channel(channel))

    def capacity(self, now: float) -> int:
        """How many sends could start at once over all channels, by free connections, pace and health."""
        paced: dict[str, int] = {}
        for provider_id, sender, _ in self._registry.paces():
            if self._health.breaker(provider_id, sender).ready_in(now) == 0:
                available = self._pacing.bucket(provider_id, sender).available(now)
                paced[provider_id] = paced.get(provider_id, 0) + available
        return sum(min(count, self._registry.providers[ref].available()) for ref, count in paced.items())

    def any(self) -> bool:
        """Whether there is any way out at all; without one, messages still come to their ends."""
        return bool(self._registry.paces())

    def choose(self, channel: Channel, now: float, *, stopped: frozenset[str]) -> Way | Wait:
        """The first way that may start now, counted as started; `stopped` providers are passed over."""
        waits: list[float] = []
        for route in self._registry.for_channel(channel):
            if route.provider.id in stopped:
                continue
            for sender in route.senders:
                bucket = self._pacing.bucket(route.provider.id, sender.address)
                breaker = self._health.breaker(route.provider.id, sender.address)
                if bucket.available(now) >= 1 and breaker.admit(1, now):
                    return Way(route.provider, sender.address)
                waits.append(max(bucket.ready_in(now), breaker.ready_in(now)))
        return Wait(max(min(waits, default=_SOON), _LEAST))

    def spend(self, way: Way, parts: int, now: float) -> None:
        """Count the parts of a message that is handed over."""
        self._pacing.bucket(way.provider.id, way.sender).take(parts, now)

    def unused(self, way: Way) -> None:
        """Give back a way that was chosen and not used."""
        self._health.breaker(way.provider.id, way.sender).unused(1)

    def record(self, way: Way, result: SendResult, now: float) -> None:
        """Tell how a hand-over went."""
        self._health.breaker(way.provider.id, way.sender).record(result, now)
