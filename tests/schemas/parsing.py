"""Samples through the parser, with changes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.dead_letter import BadRecord, DeadLetterReason
from schemas.envelope import CloudEvent
from schemas.events_base import InboundEvent
from schemas.inbound import parse_inbound
from tests.schemas.samples import inbound

AT = datetime(2026, 11, 21, 6, tzinfo=UTC)
SAMPLES = inbound()


def event(kind: str, data: Any, **attributes: Any) -> CloudEvent:
    """An event of ours with this data."""
    return CloudEvent(id="1", source="urn:core", type=f"io.puntual.{kind}.v1", time=AT, data=data, **attributes)


def parse(kind: str, **changes: Any) -> InboundEvent:
    """The sample with changes, parsed."""
    parsed = parse_inbound(event(kind, {**SAMPLES[f"io.puntual.{kind}.v1"], **changes}))
    assert parsed is not None
    return parsed


def refused(kind: str, **changes: Any) -> str:
    """What the parser says of the sample with changes, which it must refuse."""
    with pytest.raises(BadRecord) as caught:
        parse(kind, **changes)
    assert caught.value.reason is DeadLetterReason.INVALID_EVENT
    return caught.value.message
