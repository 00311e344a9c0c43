"""Ways out: which provider and sender may take the next message of a channel, now or when."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from channels.carriers import CarrierWord
from channels.concurrency import Concurrency
from channels.health import UNLIMITED, Breaker, Health, Report
from channels.pacing import Bucket, Pacing
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
    channel: Channel
    sender: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing may start now; `seconds` until it is worth asking again."""

    seconds: float


@dataclass(frozen=True, slots=True)
class WayReport:
    """The health of one sender at one provider, for operators."""

    provider: str
    channel: Channel
    sender: str
    health: Report


@dataclass(frozen=True, slots=True)
class _Lane:
    """A way with what rules it."""

    way: Way
    bucket: Bucket
    breaker: Breaker

    def room(self, now: float) -> int:
        return min(self.bucket.available(now), self.breaker.room(now))

    def ready_in(self, now: float) -> float:
        return max(self.bucket.ready_in(now), self.breaker.ready_in(now))


class Ways:
    """Chooses among the providers of the file, in its order, by pace, health and open calls."""

    def __init__(self, registry: Registry, pacing: Pacing, health: Health) -> None:
        self._registry = registry
        self._pacing = pacing
        self._lanes = {channel: _lanes(registry, pacing, health, channel) for channel in Channel}
        self._by_way = {lane.way: lane for lanes in self._lanes.values() for lane in lanes}
        self._concurrency = {ref: Concurrency(each.available()) for ref, each in registry.providers.items()}
        self._taken: Counter[str] = Counter()
        self.carried = frozenset(channel for channel in Channel if self.carries(channel))

    def provider(self, provider_id: str) -> Provider | None:
        """The provider of this id, None where the file no longer names it."""
        return self._registry.providers.get(provider_id)

    def carries(self, channel: Channel) -> bool:
        """Whether any provider of the file carries a channel at all."""
        return channel in SERVED and bool(self._lanes[channel])

    def capacity(self, now: float) -> int:
        """How many sends could start at once over all channels, by pace, health and open calls; begins a claim."""
        self._taken.clear()
        room: Counter[str] = Counter()
        for way, lane in self._by_way.items():
            room[way.provider.id] += lane.room(now)
        return sum(min(count, self._free(self._registry.providers[ref])) for ref, count in room.items())

    def any(self) -> bool:
        """Whether there is any way out at all; without one, messages still come to their ends."""
        return any(self._lanes.values())

    def open(self, now: float, *, stopped: frozenset[str]) -> frozenset[Channel]:
        """The channels by which one more may start now."""
        return frozenset(
            channel
            for channel, lanes in self._lanes.items()
            if any(lane.way.provider.id not in stopped and self._starts(lane, now) for lane in lanes)
        )

    def choose(self, channel: Channel, now: float, *, stopped: frozenset[str]) -> Way | Wait:
        """The first way that may start now, counted as started; `stopped` providers are passed over.

        Who must wait is given a place in the row of the sender that is free first.
        """
        soonest: _Lane | None = None
        for lane in self._lanes[channel]:
            provider = lane.way.provider
            if provider.id in stopped:
                continue
            if lane.bucket.available(now) > 0 and self._free(provider) > 0 and lane.breaker.admit(1, now):
                self._taken[provider.id] += 1
                return lane.way
            if soonest is None or lane.ready_in(now) < soonest.ready_in(now):
                soonest = lane
        if soonest is None:
            return Wait(_SOON)
        return Wait(max(soonest.bucket.place(now), soonest.breaker.ready_in(now), _LEAST))

    def spend(self, way: Way, parts: int, now: float) -> None:
        """Count the parts of a message that is handed over."""
        self._by_way[way].bucket.take(parts, now)

    def record(self, way: Way, result: SendResult, now: float) -> None:
        """Tell how a hand-over went."""
        self._by_way[way].breaker.record(result, now)
        concurrency = self._concurrency[way.provider.id]
        concurrency.record(result, now, in_use=concurrency.most - way.provider.available())

    def hear(self, provider_id: str, sender: str, word: CarrierWord, now: float) -> None:
        """Tell what carriers said later of a sender's messages; of a sender the file no longer names, nothing."""
        for way, lane in self._by_way.items():
            if (way.provider.id, way.sender) == (provider_id, sender):
                lane.breaker.record_carrier(word, now)

    def share(self, among: int, now: float) -> None:
        """So many processes send by these senders: each takes an equal part of every pace."""
        self._pacing.share(among, now)

    def report(self, now: float) -> Sequence[WayReport]:
        """The health of every sender, in the order of the file."""
        return [
            WayReport(way.provider.id, way.channel, way.sender, lane.breaker.report(now))
            for way, lane in self._by_way.items()
        ]

    def _starts(self, lane: _Lane, now: float) -> bool:
        return lane.room(now) > 0 and self._free(lane.way.provider) > 0

    def _free(self, provider: Provider) -> int:
        """How many more calls its connections and its patience allow, less those this claim has chosen already."""
        available, concurrency = provider.available(), self._concurrency[provider.id]
        tolerated = concurrency.limit - (concurrency.most - available)
        return max(0, min(available, tolerated, UNLIMITED) - self._taken[provider.id])


def _lanes(registry: Registry, pacing: Pacing, health: Health, channel: Channel) -> list[_Lane]:
    found = []
    for route in registry.for_channel(channel):
        for sender in route.senders:
            key = route.provider.id, channel, sender.address
            way = Way(route.provider, channel, sender.address)
            found.append(_Lane(way, pacing.bucket(*key), health.breaker(*key)))
    return found
