"""What packs demand of a message's content."""

from dataclasses import replace

from campaigns.packs import Packs
from campaigns.required_content import Speech, required_content
from schemas.enums import Channel, Collector, CreditorType, Purpose

OWN = Speech(
    channel=Channel.SMS,
    purpose=Purpose.COLLECTIONS,
    creditor_type=CreditorType.FINANCIAL_ENTITY,
    collector=Collector.FIRST_PARTY,
    first_contact=True,
)


def test_a_creditors_own_message_in_mexico_needs_its_name_and_no_offer(packs: Packs) -> None:
    assert [need.items for need in required_content(packs, ("MX",), OWN)] == [("creditor-name",), ("no-offer",)]


def test_an_agencys_first_contact_in_mexico_needs_the_whole_list_or_a_link_in_an_sms(packs: Packs) -> None:
    agency = replace(OWN, collector=Collector.THIRD_PARTY)
    needs = {need.reason.rule: need for need in required_content(packs, ("MX",), agency)}
    assert "pay-only-to-creditor" in needs["mx-first-contact"].items
    assert needs["mx-first-contact"].by_link
    email = required_content(packs, ("MX",), replace(agency, channel=Channel.EMAIL))
    assert not any(need.by_link for need in email)


def test_a_later_contact_needs_less(packs: Packs) -> None:
    later = replace(OWN, collector=Collector.THIRD_PARTY, first_contact=False)
    assert "mx-first-contact" not in {need.reason.rule for need in required_content(packs, ("MX",), later)}


def test_a_place_without_a_pack_adds_nothing(packs: Packs) -> None:
    assert required_content(packs, ("AR",), OWN) == ()
