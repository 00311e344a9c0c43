"""The contact policy as simulations ask it."""

from collections.abc import Sequence
from datetime import datetime

from campaigns.facts import ContactRequest, Decision
from campaigns.packs import Packs
from campaigns.policy import ContactPolicy
from services.simulation.watch import Watch

_MOST_DECISIONS = 20_000


class TellingPolicy(ContactPolicy):
    """A contact policy that tells whose consent it looks at, and remembers what it said of the uncontacted."""

    def __init__(self, packs: Packs, *, allow_drafts: bool, whatsapp_approved: bool) -> None:
        super().__init__(packs, allow_drafts=allow_drafts, whatsapp_approved=whatsapp_approved)
        self.watch = Watch()
        self._decided: dict[tuple[object, ...], Decision] = {}

    def decide(self, request: ContactRequest, jurisdictions: Sequence[str], now: datetime) -> Decision:
        """As the policy."""
        self.watch.consented(request.channel, request.purpose)
        if request.history or request.suppressions or request.registers or request.window is not None:
            return super().decide(request, jurisdictions, now)
        key: tuple[object, ...] = (
            jurisdictions,
            now,
            request.at,
            request.timezone,
            request.region,
            request.channel,
            request.purpose,
        )
        key += (request.creditor_type, request.collector, request.recipient, request.layers)
        key += (request.number_zones, *request.consents)
        found = self._decided.get(key)
        if found is None:
            if len(self._decided) >= _MOST_DECISIONS:
                self._decided.clear()
            found = self._decided[key] = super().decide(request, jurisdictions, now)
        return found
