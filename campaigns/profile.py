"""Everything the packs say about one kind of contact in one place, compiled for quick decisions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from campaigns.caps import CapRule, LimitRule, Limits, SpacingRule
from campaigns.consent import folded
from campaigns.facts import ContactRequest, EmergencyClosure, Reason, Recipient
from campaigns.pack_model import Cap, Closure, Disabled, Exemption, Hours, Layer, Rule, Spacing, seconds_of, weekdays_of
from campaigns.resolved_pack import Pack, basis_of
from campaigns.windows import ClosureRule, GuardRule, HoursRule, Windows
from campaigns.zones import ZoneClock, day_number, zone_clock
from schemas.enums import Basis, Channel

R = TypeVar("R", bound=Rule)

_ALWAYS = (day_number(date.min), day_number(date.max))
_OBLIGED = frozenset({Recipient.DEBTOR, Recipient.CO_DEBTOR, Recipient.GUARANTOR})
_UTC_SPREAD = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Profile:
    """Compiled rules; `answers_from`, `answers_until` and `expires_at` bound the instants it speaks for."""

    pack: str
    version: str
    clocks: tuple[ZoneClock, ...]
    windows: Windows
    limits: Limits
    required_consents: tuple[Reason, ...]
    denials: tuple[Reason, ...]
    exemptions: tuple[Reason, ...]
    registers: Mapping[str, tuple[Reason, ...]]
    expires_at: datetime
    answers_from: datetime
    answers_until: datetime
    years: str


def compile_profile(
    packs: Sequence[Pack],
    zones: Sequence[str],
    request: ContactRequest,
    *,
    whatsapp_approved: bool,
    closures: Sequence[EmergencyClosure] = (),
) -> Profile:
    """Gathers the rules of every pack that bind such a request; `packs` and `zones` are not empty."""
    clocks = tuple(clock for clock in map(zone_clock, zones) if clock is not None)
    by_policy = Layer.POLICY.value in request.layers
    others = [zone for zone in request.number_zones if zone not in zones] if by_policy else []
    elsewhere = tuple(clock for clock in map(zone_clock, others) if clock is not None)
    emergencies = [_emergency(each) for each in closures if by_policy and _concerns(each, packs, request.region)]
    first_year, last_year = max(pack.first_year for pack in packs), min(pack.last_year for pack in packs)
    return Profile(
        pack="+".join(pack.id for pack in packs),
        version="+".join(pack.version for pack in packs),
        clocks=clocks,
        windows=_windows(packs, clocks, elsewhere, emergencies, request),
        limits=Limits((*clocks, *elsewhere), _limits(packs, request)),
        required_consents=tuple(
            Reason(rule.rule, Basis.CONSENT, pack.cite(rule))
            for pack in packs
            for rule in _bound(pack.consents, request, always=True)
        ),
        denials=tuple(
            _reason(pack, rule)
            for pack in packs
            for rule in _bound(pack.disabled, request)
            if not _lifted(rule, whatsapp_approved=whatsapp_approved)
        )
        + _strangers(packs, request),
        exemptions=tuple(_reason(pack, rule) for pack in packs for rule in _exemptions(pack, request)),
        registers=_registers(packs, request),
        expires_at=_midnight(min(pack.review_by for pack in packs) + timedelta(days=1)),
        answers_from=_midnight(date(first_year, 1, 1)) - _UTC_SPREAD,
        answers_until=_midnight(date(last_year + 1, 1, 1)) + _UTC_SPREAD,
        years=f"{first_year} to {last_year}",
    )


def _windows(
    packs: Sequence[Pack],
    clocks: Sequence[ZoneClock],
    elsewhere: Sequence[ZoneClock],
    emergencies: Sequence[ClosureRule],
    request: ContactRequest,
) -> Windows:
    closures = [_closure(pack, rule, request.region) for pack in packs for rule in _bound(pack.closures, request)]
    return Windows(
        clocks,
        hours=[_hours(pack, rule) for pack in packs for rule in _bound(pack.hours, request)],
        closures=[*closures, *emergencies],
        guards=[
            GuardRule(_reason(pack, rule), rule.seconds) for pack in packs for rule in _bound(pack.guards, request)
        ],
        elsewhere=elsewhere,
    )


def _emergency(closure: EmergencyClosure) -> ClosureRule:
    days = frozenset(range(day_number(closure.first), day_number(closure.last) + 1))
    return ClosureRule(Reason("emergency-closure", Basis.POLICY, closure.reason), days)


def _concerns(closure: EmergencyClosure, packs: Sequence[Pack], region: str | None) -> bool:
    """A closure of a region concerns those of whom no region is known, too."""
    here = any(closure.jurisdiction in (pack.id, *pack.ancestors) for pack in packs)
    return here and (closure.region is None or region is None or closure.region == region)


def _strangers(packs: Sequence[Pack], request: ContactRequest) -> tuple[Reason, ...]:
    """Why the one who would be reached may not be: the rules that do not name them, or that none does."""
    rules = [(pack, rule) for pack in packs for rule in _bound(pack.recipients, request, always=True)]
    if not rules and request.recipient not in _OBLIGED:
        return (Reason("recipient-not-obliged", Basis.POLICY, request.recipient.value),)
    return tuple(_reason(pack, rule) for pack, rule in rules if request.recipient not in rule.allowed)


def _registers(packs: Sequence[Pack], request: ContactRequest) -> dict[str, tuple[Reason, ...]]:
    """By the folded name of every register known in these places, the rules that bind such a request."""
    found: dict[str, tuple[Reason, ...]] = {}
    for pack in packs:
        binding = _bound(pack.registers, request, always=True)
        for rule in pack.registers:
            for name in map(folded, rule.names):
                found[name] = found.get(name, ()) + ((_reason(pack, rule),) if rule in binding else ())
    return found


def _hours(pack: Pack, rule: Hours) -> HoursRule:
    days: list[tuple[tuple[int, int], ...]] = [() for _ in range(7)]
    for word, spans in rule.open.items():
        for weekday in weekdays_of(word):
            days[weekday] = tuple(sorted({*days[weekday], *map(seconds_of, spans)}))
    return HoursRule(_reason(pack, rule), tuple(days), _effective(rule))


def _closure(pack: Pack, rule: Closure, region: str | None) -> ClosureRule:
    return ClosureRule(_reason(pack, rule), pack.closed_days(rule, region), _effective(rule))


def _limits(packs: Sequence[Pack], request: ContactRequest) -> list[LimitRule]:
    """A pack's exceptions lift its own limits; another's hold all the same."""
    limits: list[LimitRule] = []
    for pack in packs:
        lifted = {limit for rule in _exemptions(pack, request) for limit in rule.lifts}
        caps = [rule for rule in _bound(pack.caps, request) if rule.rule not in lifted]
        spacings = [rule for rule in _bound(pack.spacings, request) if rule.rule not in lifted]
        limits += [_cap(pack, rule, request) for rule in caps]
        limits += [_spacing(pack, rule) for rule in spacings]
    return limits


def _exemptions(pack: Pack, request: ContactRequest) -> list[Exemption]:
    return [rule for rule in _bound(pack.exceptions, request) if request.answers in rule.answers]


def _cap(pack: Pack, rule: Cap, request: ContactRequest) -> CapRule:
    counted = frozenset(rule.channels) or None
    if rule.counts == "other_channels":
        counted = (counted or frozenset(Channel)) - {request.channel}
    return CapRule(
        reason=_reason(pack, rule),
        maximum=rule.max,
        within=rule.within,
        counted=counted,
        per_loan=rule.per == "loan",
        effective=_effective(rule),
    )


def _spacing(pack: Pack, rule: Spacing) -> SpacingRule:
    return SpacingRule(
        reason=_reason(pack, rule),
        days=rule.full_days_between + 1,
        counted=frozenset(rule.channels) or None,
        per_loan=rule.per == "loan",
        conversations=rule.after == "conversation",
        effective=_effective(rule),
    )


def _bound(rules: Iterable[R], request: ContactRequest, *, always: bool = False) -> list[R]:
    """The rules that bind a request; with `always` the law's whatever the layers, as of consents and registers."""
    return [
        rule
        for rule in rules
        if (_layer(rule) in request.layers or (always and rule.basis is Layer.LAW))
        and (not rule.channels or request.channel in rule.channels)
        and (not rule.purposes or request.purpose in rule.purposes)
        and (not rule.creditor_types or request.creditor_type in rule.creditor_types)
        and (not rule.collectors or request.collector in rule.collectors)
    ]


def _layer(rule: Rule) -> str:
    """Platform rules apply with the lender's own."""
    return Layer.LAW.value if rule.basis is Layer.LAW else Layer.POLICY.value


def _lifted(rule: Disabled, *, whatsapp_approved: bool) -> bool:
    return rule.unless == "whatsapp_approved" and whatsapp_approved


def _reason(pack: Pack, rule: Rule) -> Reason:
    return Reason(rule.rule, basis_of(rule), pack.cite(rule))


def _effective(rule: Rule) -> tuple[int, int] | None:
    if rule.effective_from is None and rule.effective_until is None:
        return None
    since = _ALWAYS[0] if rule.effective_from is None else day_number(rule.effective_from)
    until = _ALWAYS[1] if rule.effective_until is None else day_number(rule.effective_until)
    return since, until


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
