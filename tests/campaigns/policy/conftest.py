"""The shipped packs, read once, and short ways to ask them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from campaigns.facts import ContactRequest, Decision
from campaigns.packs import Packs, load_packs
from campaigns.policy import ContactPolicy
from schemas.enums import Channel, Collector, CreditorType, Purpose

PACKS = Path(__file__).parents[3] / "campaigns" / "policies"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
LAW = frozenset({"law"})

Asked = Callable[..., Decision]


@pytest.fixture(scope="session")
def packs() -> Packs:
    return load_packs(PACKS)


@pytest.fixture(scope="session")
def policy(packs: Packs) -> ContactPolicy:
    return ContactPolicy(packs, whatsapp_approved=True)


@pytest.fixture(scope="session")
def plain() -> ContactRequest:
    """A first party's SMS about a financial entity's loan, judged by law alone."""
    return ContactRequest(
        at=NOW,
        channel=Channel.SMS,
        purpose=Purpose.COLLECTIONS,
        creditor_type=CreditorType.FINANCIAL_ENTITY,
        collector=Collector.FIRST_PARTY,
        layers=LAW,
    )


@pytest.fixture(scope="session")
def ask(policy: ContactPolicy, plain: ContactRequest) -> Asked:
    """ask("CO", "2026-07-13T15:00:00Z", channel=…): the decision on the plain request with some changes."""

    def asked(jurisdiction: str | tuple[str, ...], at: str, **changes: Any) -> Decision:
        names = (jurisdiction,) if isinstance(jurisdiction, str) else jurisdiction
        return policy.decide(replace(plain, at=datetime.fromisoformat(at), **changes), names, NOW)

    return asked
