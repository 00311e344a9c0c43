"""Whether the law of the creditor's place leaves a step any time to be sent, and lets it change channels."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.definition import Definition, Path, Problem, Step
from campaigns.facts import ContactRequest
from campaigns.packs import Packs
from campaigns.planner import PlannedStep, next_wish, plan_event, plan_installment, plan_schedule
from campaigns.profile import compile_profile
from campaigns.resolved_pack import Pack
from campaigns.windows import Windows
from schemas.enums import Channel
from services.creditors import Creditor

_SAMPLED_DAYS = 14
_SAMPLED_HOURS = _SAMPLED_DAYS * 24
_CALENDAR = timedelta(days=800)
_MOST_TURNS = 50


def hours_problems(definition: Definition, creditor: Creditor, packs: Packs, *, now: datetime) -> Iterator[Problem]:
    """Steps whose window never meets a permitted hour, and fallbacks where one channel a week is allowed."""
    pack = packs.get(creditor.jurisdiction)
    if pack is None:
        message = f"the creditor '{creditor.ref}' is under {creditor.jurisdiction}, for which there is no pack"
        yield definition.problem(("creditor",), message)
        return
    for index, step in enumerate(definition.steps):
        if step.fallback is not None and _one_channel_a_week(pack, definition):
            message = f"'fallback' is forbidden: {pack.id} allows one channel a week; remove it"
            yield definition.problem(("steps", index, "fallback"), message)
        channels = _channels(step)
        timed = step.at is not None or step.on is not None or definition.schedule is not None
        if (
            timed
            and channels
            and not any(_ever_open(definition, step, creditor, pack, channel, now) for channel in channels)
        ):
            yield definition.problem(_place(definition, step, index), _closed(definition, step, pack))


def _one_channel_a_week(pack: Pack, definition: Definition) -> bool:
    return any(
        cap.counts == "other_channels" and (not cap.purposes or definition.purpose in cap.purposes) for cap in pack.caps
    )


def _channels(step: Step) -> tuple[Channel, ...]:
    every = [*step.channels, *(channel for choice in step.choose for channel in choice.channels)]
    return tuple(dict.fromkeys(every))


def _ever_open(
    definition: Definition, step: Step, creditor: Creditor, pack: Pack, channel: Channel, now: datetime
) -> bool:
    """Whether some day of the next weeks, or of the calendar, has a permitted instant in the step's window."""
    request = ContactRequest(
        at=now,
        channel=channel,
        purpose=definition.purpose,
        creditor_type=creditor.type,
        collector=creditor.collector,
    )
    zone = pack.zones[0]
    windows = compile_profile([pack], [zone], request, whatsapp_approved=True).windows
    return any(
        _open_within(step, planned, windows, ZoneInfo(zone))
        for planned in _sampled(definition, step, ZoneInfo(zone), now)
    )


def _sampled(definition: Definition, step: Step, zone: ZoneInfo, now: datetime) -> Iterator[PlannedStep]:
    """The step as it would be planned around now, the term of the campaign left aside."""
    alone = _always(definition, step)
    if definition.schedule is not None:
        yield from plan_schedule(alone, zone=zone, since=now, until=now + _CALENDAR)
    elif step.at is not None:
        for day in range(_SAMPLED_DAYS):
            due = now.astimezone(zone).date() + timedelta(days=day - step.at)
            yield from plan_installment(alone, due_date=due, zone=zone, now=datetime.min.replace(tzinfo=UTC))
    elif step.on is not None:
        for hour in range(_SAMPLED_HOURS):
            at = now + timedelta(hours=hour)
            yield from plan_event(alone, kind=step.on, at=at, zone=zone, now=at)


def _always(definition: Definition, step: Step) -> Definition:
    return replace(definition, starts=None, ends=None, steps=(step,))


def _open_within(step: Step, planned: PlannedStep, windows: Windows, zone: ZoneInfo) -> bool:
    """Whether an instant is inside the step's own hours and the permitted ones before it expires."""
    at = planned.earliest
    for _ in range(_MOST_TURNS):
        wish = next_wish(step, zone=zone, not_before=at, expires_at=planned.expires_at)
        if wish is None:
            return False
        permitted = windows.next_open(wish.timestamp())
        if permitted is None or permitted == wish.timestamp():
            return permitted is not None
        at = datetime.fromtimestamp(permitted, UTC)
    return False


def _place(definition: Definition, step: Step, index: int) -> Path:
    if definition.schedule is not None:
        return ("schedule", "cron")
    key = next(key for key in ("between", "expires", "channels", "choose") if getattr(step, key))
    return ("steps", index, key)


def _closed(definition: Definition, step: Step, pack: Pack) -> str:
    what = "this cron" if definition.schedule is not None else "this step"
    return f"{what} never meets an hour permitted by the pack {pack.id}: move it into its hours, or expire it later"
