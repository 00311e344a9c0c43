"""What the packs in force demand of a message's content; whether it is there is for the renderer's side to say."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.facts import Reason
from campaigns.packs import Packs
from campaigns.resolved_pack import basis_of
from schemas.enums import Channel, Collector, CreditorType, Purpose
from schemas.values import value


@dataclass(frozen=True, slots=True)
class ContentNeed:
    """Items a message must carry by one rule; `by_link`: an https link to a page with them is enough."""

    reason: Reason
    items: tuple[str, ...]
    by_link: bool


@value
class Speech:
    """Who says something to a debtor, how and why; `first_contact`: nothing was said about the debt before."""

    channel: Channel
    purpose: Purpose
    creditor_type: CreditorType
    collector: Collector
    first_contact: bool


def required_content(packs: Packs, jurisdictions: Sequence[str], speech: Speech) -> tuple[ContentNeed, ...]:
    """Every need of every pack named; an id without a pack adds none, since the policy denies it anyway."""
    return tuple(
        ContentNeed(
            reason=Reason(rule.rule, basis_of(rule), pack.cite(rule)),
            items=rule.needs,
            by_link=speech.channel in rule.link_satisfies,
        )
        for pack in map(packs.get, jurisdictions)
        if pack is not None
        for rule in pack.content
        if (speech.first_contact or rule.when == "every_message")
        and (not rule.channels or speech.channel in rule.channels)
        and (not rule.purposes or speech.purpose in rule.purposes)
        and (not rule.creditor_types or speech.creditor_type in rule.creditor_types)
        and (not rule.collectors or speech.collector in rule.collectors)
    )
