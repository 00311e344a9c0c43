"""Whether the law of the creditor's place leaves a step any time to be sent, and lets it change channels."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns.definition import Definition, Path, Problem, Step
from campaigns.facts import ConsentFact, ContactRequest
from campaigns.packs import Packs
from campaigns.planner import PlannedStep, next_wish, plan_event, plan_installment, plan_schedule
from campaigns.policy import ContactPolicy
from campaigns.resolved_pack import Pack
from schemas.enums import Channel, ConsentState
from schemas.told import Told, told
from services.creditors import Creditor

_SAMPLED_DAYS = 14
_CALENDAR = timedelta(days=800)
_MOST_TURNS = 50
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def hours_problems(definition: Definition, creditor: Creditor, packs: Packs, *, now: datetime) -> Iterator[Problem]:
    """Steps whose window never meets a permitted hour, and fallbacks where one channel a week is allowed."""
    pack = packs.get(creditor.jurisdiction)
    if pack is None:
        english = "the creditor '{ref}' is under {place}, for which there is no pack"
        spanish = "el acreedor '{ref}' está en {place}, para la que no hay paquete"
        message = told(english, spanish, ref=creditor.ref, place=creditor.jurisdiction)
        yield definition.problem(("creditor",), message)
        return
    hours = _Hours(ContactPolicy(packs, whatsapp_approved=True), pack, creditor, definition, now)
    for index, step in enumerate(definition.steps):
        if step.fallback is not None and _one_channel_a_week(pack, definition):
            english = "'fallback' is forbidden: {pack} allows one channel a week; remove it"
            spanish = "'fallback' está prohibido: {pack} permite un canal por semana; quítelo"
            message = told(english, spanish, pack=pack.id)
            yield definition.problem(("steps", index, "fallback"), message)
        if not hours.leave_room_for(step):
            yield definition.problem(_place(definition, step, index), _closed(definition, pack))


def _one_channel_a_week(pack: Pack, definition: Definition) -> bool:
    return any(
        cap.counts == "other_channels" and (not cap.purposes or definition.purpose in cap.purposes) for cap in pack.caps
    )


@dataclass(frozen=True, slots=True)
class _Hours:
    """The permitted hours of a debtor who consented and was never contacted, in the pack's first zone."""

    policy: ContactPolicy
    pack: Pack
    creditor: Creditor
    definition: Definition
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The zone that stands for the place."""
        return ZoneInfo(self.pack.zones[0])

    def leave_room_for(self, step: Step) -> bool:
        """Whether some channel is permitted in the step's window on some day; yes for tasks and untimed steps."""
        channels = {*step.channels, *(channel for choice in step.choose for channel in choice.channels)}
        timed = step.at is not None or step.on is not None or self.definition.schedule is not None
        if not timed or not channels:
            return True
        return any(self._open(step, planned, channel) for channel in sorted(channels) for planned in self._days(step))

    def _days(self, step: Step) -> Iterator[PlannedStep]:
        """The step as it would be planned from now on, the campaign's term left aside."""
        alone = replace(self.definition, starts=None, ends=None, steps=(step,))
        if alone.schedule is not None:
            yield from plan_schedule(alone, zone=self.zone, since=self.now, until=self.now + _CALENDAR)
        elif step.at is not None:
            for day in range(_SAMPLED_DAYS):
                due = self.now.astimezone(self.zone).date() + timedelta(days=day - step.at)
                yield from plan_installment(alone, due_date=due, zone=self.zone, now=_LONG_AGO)
        elif step.on is not None:
            for hour in range(_SAMPLED_DAYS * 24):
                at = self.now + timedelta(hours=hour)
                yield from plan_event(alone, kind=step.on, at=at, zone=self.zone, now=at)

    def _open(self, step: Step, planned: PlannedStep, channel: Channel) -> bool:
        """Whether an instant lies in the step's own hours and in the permitted ones before it expires."""
        at: datetime | None = planned.earliest
        for _ in range(_MOST_TURNS):
            if at is None:
                break
            wish = next_wish(step, zone=self.zone, not_before=at, expires_at=planned.expires_at)
            if wish is None:
                break
            at = self._permitted(channel, wish)
            if at == wish:
                return True
        return False

    def _permitted(self, channel: Channel, at: datetime) -> datetime | None:
        """The first permitted instant from `at` on; packs answer here whatever their review date."""
        purpose = self.definition.purpose
        request = ContactRequest(
            at=at,
            channel=channel,
            purpose=purpose,
            creditor_type=self.creditor.type,
            collector=self.creditor.collector,
            timezone=self.zone.key,
            consents=(ConsentFact(channel, purpose, ConsentState.GRANTED, _LONG_AGO),),
        )
        return self.policy.decide(request, (self.pack.id,), _LONG_AGO).not_before


def _place(definition: Definition, step: Step, index: int) -> Path:
    if definition.schedule is not None:
        return ("schedule", "cron")
    key = next(key for key in ("between", "expires", "channels", "choose") if getattr(step, key))
    return ("steps", index, key)


def _closed(definition: Definition, pack: Pack) -> Told:
    cron, step = told("this cron", "este cron"), told("this step", "este paso")
    return told(
        "{what} never meets an hour permitted by the pack {pack}: move it into its hours, or expire it later",
        "{what} nunca da con una hora permitida por el paquete {pack}: muévalo a sus horas, o que venza más tarde",
        what=cron if definition.schedule is not None else step,
        pack=pack.id,
    )
