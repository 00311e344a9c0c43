"""What a call is about: the person, the loan and the message, and what may be said and done about them now."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from campaigns.forecast import Asker
from campaigns.person import Loan, Person
from campaigns.question import question
from campaigns.standing import Standing, standing
from channels.twilio_voice import LONGEST_CALL_SECONDS
from schemas.enums import Channel, Verdict
from services.consider import installment_of
from services.creditors import CallProof, Creditor
from services.planning import installment_cancels
from services.store.calls import CallRow
from services.store.messages import MessageRow

LEAST_TRANSFER = timedelta(seconds=45)
_PARTING = timedelta(seconds=5)
"""Kept of a call's time to say goodbye in."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One call's person, loan and message, as they are now."""

    call: CallRow
    contact_point_ref: str
    person: Person
    personal: Mapping[str, Any]
    loan: Loan
    message: MessageRow
    creditor: Creditor
    asker: Asker
    began: datetime
    now: datetime

    @property
    def today(self) -> date:
        """The debtor's local date."""
        return self.now.astimezone(self.asker.zone).date()

    @property
    def language(self) -> str:
        """The language of the call's words, else the person's own."""
        return self.call.language or self.person.language or "es"

    @property
    def first_name(self) -> str | None:
        """Whom to ask for."""
        name = self.personal.get("first_name")
        return str(name) if name else None

    @property
    def proof(self) -> CallProof | None:
        """What the lender asks for beside a yes; None where it asks for nothing, or the directory told no such fact."""
        wanted = self.creditor.call_proof
        return wanted if wanted is not None and self._fact(wanted) else None

    def proves(self, keys: str) -> bool:
        """Whether keys are the fact that is asked for."""
        fact = self._fact(self.proof) if self.proof is not None else ""
        return bool(fact) and hmac.compare_digest(fact.encode(), keys.encode())

    def _fact(self, proof: CallProof) -> str:
        facts = self.personal.get("verification") or {}
        return str(facts.get(proof.value) or "")

    @property
    def over(self) -> bool:
        """A call of ours that outlived what was permitted when it was dialled."""
        return self.call.ends_at is not None and self.now >= self.call.ends_at

    @property
    def verdict(self) -> Verdict:
        """What the law, the lender's rules, consents, stops and holds say of speaking by phone at this instant.

        Caps are left out: what they count is this very call.
        """
        person, loan, speaker = self.person, self.loan, self.asker.speaker
        asked = question(person, loan, speaker, channel=Channel.VOICE, purpose=self.asker.purpose, at=self.now)
        decision = self.asker.policy.decide(replace(asked, history=()), self.asker.jurisdictions, self.now)
        return decision.verdict

    @property
    def may_tell(self) -> bool:
        """Whether the words still hold: nothing was paid, moved, stopped or held since they were decided on.

        A call of ours was dialled in time to end in time; one that comes in must itself be inside hours.
        """
        if self.over or installment_cancels(self.message, self.loan) is not None:
            return False
        installment = installment_of(self.message, self.loan)
        waiting = installment is not None and standing(self.loan, installment) is Standing.WAITING
        if waiting or self.verdict is Verdict.DENY:
            return False
        return not self.call.inbound or self.verdict is Verdict.ALLOW

    @property
    def transfer_seconds(self) -> int:
        """How long a person of the lender may be connected now; 0 where nobody can be."""
        if self.creditor.phone is None or self.verdict is not Verdict.ALLOW:
            return 0
        left = self.began + timedelta(seconds=LONGEST_CALL_SECONDS) - self.now
        if self.call.ends_at is not None:
            left = min(left, self.call.ends_at - self.now)
        left -= _PARTING
        return int(left.total_seconds()) if left >= LEAST_TRANSFER else 0
