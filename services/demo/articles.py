"""By which rule and article the story's people were held back, from the packs themselves."""

from campaigns.facts import ContactRequest, Reason
from campaigns.packs import load_packs
from campaigns.policy import ContactPolicy
from schemas.enums import Channel, Collector, CreditorType, Purpose
from services.demo.scenario import START, Person
from services.settings import Settings


class Articles:
    """Where each rule is written."""

    def __init__(self, settings: Settings) -> None:
        packs = load_packs(settings.packs_dir)
        self._policy = ContactPolicy(packs)
        self._written: dict[str, str] = {}
        for pack in packs.all():
            for rules in (
                pack.hours,
                pack.closures,
                pack.caps,
                pack.spacings,
                pack.consents,
                pack.disabled,
                pack.content,
            ):
                self._written.update({rule.rule: pack.cite(rule) for rule in rules})

    def of(self, rule: str) -> str:
        """Where a rule is written, empty for one that is not of the packs."""
        return self._written.get(rule, "")

    def at_start(self, person: Person) -> Reason | None:
        """What stood in the way of a first contact when the story began, None where nothing did."""
        request = ContactRequest(
            at=START,
            channel=Channel.SMS,
            purpose=Purpose.COLLECTIONS,
            creditor_type=CreditorType.FINANCIAL_ENTITY,
            collector=Collector.FIRST_PARTY,
            timezone=person.zone,
        )
        reasons = self._policy.decide(request, ("MX",), START).reasons
        return reasons[0] if reasons else None
