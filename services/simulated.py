"""The simulation that a version was submitted with: of exactly its content, and kept for whoever approves it."""

import json
from hashlib import sha256
from typing import Any

from services.store import campaign_reviews as store


class UnboundSimulation(Exception):
    """Why a simulation says nothing of a version; what to do is the caller's to say."""


async def check_bound(connection: Any, *, campaign: str, fingerprint: bytes, digest: bytes, report: str | None) -> None:
    """Check a simulation's JSON, as given, else as it is kept; raises UnboundSimulation.

    A hash of which nothing is known shows an approver nothing, so it binds nobody to anything.
    """
    body = report if report is not None else await store.kept_simulation(connection, digest)
    if body is None:
        raise UnboundSimulation(f"no simulation with the hash {digest.hex()} is kept")
    if sha256(body.encode()).digest() != digest:
        raise UnboundSimulation(f"the simulation that was given has another hash than {digest.hex()}")
    if not is_of(body, campaign, fingerprint):
        raise UnboundSimulation("the simulation is of other content than this version")


def is_of(body: str, campaign: str, fingerprint: bytes) -> bool:
    """Whether a simulation's JSON says that it ran exactly this content."""
    try:
        return any(
            each["campaign"] == campaign and each["fingerprint"] == fingerprint.hex()
            for each in json.loads(body)["campaigns"]
        )
    except (ValueError, KeyError, TypeError):
        return False
