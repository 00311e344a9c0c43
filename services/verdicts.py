"""The policy's verdicts on due messages as rows to keep, with the packs and the inputs they were made from."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from campaigns.person import Person
from campaigns.policy import ContactPolicy
from schemas.enums import Verdict
from services import telemetry
from services.consider import Consideration
from services.ids import uuid7
from services.store.decisions import DecisionRow


class Verdicts:
    """Writes down what was decided, and from what."""

    def __init__(self, policy: ContactPolicy) -> None:
        self._policy = policy
        self._packs = lru_cache(maxsize=256)(self._packs_of)

    def rows(self, consideration: Consideration) -> Iterator[DecisionRow]:
        """One row for each verdict asked for."""
        person, inputs = consideration.person, ""
        for channel, decision in consideration.decisions:
            inputs = inputs or _inputs(person)
            rule = decision.reasons[0].rule if decision.reasons else "none"
            _counter(decision.verdict, rule).inc()
            yield DecisionRow(
                id=uuid7(),
                message_id=consideration.message.id,
                debtor_ref=person.debtor_ref,
                stage="claim",
                channel=channel.value,
                decision=decision,
                packs=self._packs(decision.pack, decision.pack_version),
                inputs=inputs,
            )

    def _packs_of(self, pack: str, version: str) -> str:
        versions = self._policy.versions()
        data = {name: versions[name] for name in versions if name != "packs"}
        return json.dumps({"pack": pack, "version": version, **data})


@lru_cache(maxsize=1024)
def _counter(verdict: Verdict, rule: str) -> Any:
    return telemetry.DECISIONS.labels(verdict.value, rule)


def _inputs(person: Person) -> str:
    return _inputs_text(
        person.timezone,
        person.region,
        person.country,
        len(person.history),
        len(person.consents),
        f"{person.window_from} {person.window_until}" if person.window_from else None,
        person.number_zones if person.timezone is None else (),
    )


@lru_cache(maxsize=4096)
def _inputs_text(
    timezone: str | None,
    region: str | None,
    country: str | None,
    contacts: int,
    consents: int,
    window: str | None,
    number_zones: tuple[str, ...],
) -> str:
    inputs = {
        "timezone": timezone,
        "region": region,
        "country": country,
        "contacts": contacts,
        "consents": consents,
        "window": window.split() if window else None,
    }
    return json.dumps({**inputs, "numberZones": number_zones} if number_zones else inputs)
