"""Whether the creditors file holds what the law wants an agency's messages to say."""

from collections.abc import Iterator

from campaigns.definition import Definition, Problem
from campaigns.packs import Packs
from campaigns.required_content import Speech, required_content
from schemas.enums import Channel
from schemas.told import told
from services.creditors import Creditor

FIELDS = {
    "agency-name": "agency.name",
    "agent-name": "agency.agent",
    "agency-address": "agency.address",
    "agency-phone": "agency.phone",
    "agency-registration": "agency.registration",
    "settlement-terms": "agency.terms",
    "complaints": "complaints",
    "complaints-contact": "complaints",
    "creditor-address": "address",
    "creditor-registration": "registration",
}
"""The member of the creditors file that each item is printed from."""


def agency_problems(definition: Definition, creditor: Creditor, packs: Packs) -> Iterator[Problem]:
    """Members that a first contact needs and the creditors file lacks, at the line of `creditor:`."""
    channels = {channel for step in definition.steps for channel in step.channels}
    channels |= {channel for step in definition.steps for choice in step.choose for channel in choice.channels}
    lacking = [member for channel in sorted(channels) for member in _lacking(definition, creditor, packs, channel)]
    if lacking:
        members = ", ".join(dict.fromkeys(lacking))
        message = told(
            "{place} wants it said, and the creditors file does not tell of '{ref}': {members}; add them there",
            "{place} quiere que se diga, y el archivo de acreedores no lo tiene de '{ref}': {members}; agréguelos ahí",
            place=creditor.jurisdiction,
            ref=creditor.ref,
            members=members,
        )
        yield definition.problem(("creditor",), message)


def _lacking(definition: Definition, creditor: Creditor, packs: Packs, channel: Channel) -> Iterator[str]:
    speech = Speech(channel, definition.purpose, creditor.type, creditor.collector, first_contact=True)
    for need in required_content(packs, (creditor.jurisdiction,), speech):
        if not need.by_link:
            for item in need.items:
                if not is_told(creditor, item):
                    yield FIELDS[item]


def is_told(creditor: Creditor, item: str) -> bool:
    """Whether the creditors file has what an item is printed from; yes for items that need nothing of it."""
    owner, _, name = FIELDS.get(item, "ref").rpartition(".")
    return getattr(creditor.agency if owner else creditor, name, None) is not None
