"""The contact policy: may this person be contacted now, and if not, why and when; pure, no clock, no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from campaigns.calendars import HOLIDAYS_VERSION
from campaigns.caps import LOOKBACK, Counted
from campaigns.consent import consent_reasons, next_change, register_reasons, suppression_reasons
from campaigns.facts import ContactRequest, Decision, EmergencyClosure, Reason
from campaigns.pack_model import PackStatus
from campaigns.packs import Packs
from campaigns.profile import Profile, compile_profile
from campaigns.resolved_pack import Pack
from campaigns.windows import PREFERENCE, preferred_spans
from campaigns.zones import TZDATA_VERSION
from schemas.enums import Basis, Verdict

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CACHED_PROFILES = 1_024
_SEARCH_STEPS = 1_000


class ContactPolicy:
    """Decides by the packs it is given; `whatsapp_approved` says the lender's use of WhatsApp was approved."""

    def __init__(self, packs: Packs, *, allow_drafts: bool = True, whatsapp_approved: bool = False) -> None:
        self._packs = packs
        self._allow_drafts = allow_drafts
        self._whatsapp_approved = whatsapp_approved
        self._profiles: dict[tuple[object, ...], Profile] = {}
        self._closures: tuple[EmergencyClosure, ...] = ()
        self._in_force: dict[tuple[str, str | None, str | None], tuple[str, ...]] = {}

    @property
    def law(self) -> Packs:
        """The packs it decides by."""
        return self._packs

    @property
    def lookback(self) -> timedelta:
        """How far before an instant earlier contacts still matter to it."""
        return LOOKBACK

    @property
    def packs(self) -> Mapping[str, str]:
        """The version of each pack by its id."""
        return {pack.id: pack.version for pack in self._packs.all()}

    def close(self, closures: Sequence[EmergencyClosure]) -> None:
        """Heed these emergency closures, and no others, from the next decision on."""
        if tuple(closures) != self._closures:
            self._closures = tuple(closures)
            self._profiles.clear()

    def decide(self, request: ContactRequest, jurisdictions: Sequence[str], now: datetime) -> Decision:
        """The strictest answer of all jurisdictions at `request.at`; `now` judges only whether packs expired."""
        profile = self._profile(request, tuple(jurisdictions))
        if profile is None:
            missing = [name for name in jurisdictions if name not in self._packs]
            return _unanswerable(jurisdictions, missing)
        at = request.at
        denials = [*self._unfit(profile, jurisdictions, at, now), *_stops(profile, request, at)]
        if denials:
            return _decision(profile, Verdict.DENY, None, None, denials)
        instant = at.timestamp()
        windows, limits = profile.windows, profile.limits
        counted = limits.counted(request.history, at, request.loan) if request.history else ()
        preferred = preferred_spans(request.window)
        is_open, closes = windows.around(instant, preferred)
        if is_open and limits.free_from(instant, counted) == instant:
            end = None if closes is None else _datetime(closes)
            return _decision(profile, Verdict.ALLOW, at, end, profile.exemptions)
        return _later(profile, request, instant, counted)

    def jurisdictions(self, creditor: str, country: str | None, region: str | None) -> tuple[str, ...]:
        """The packs in force for a person: the creditor's, and the debtor's country or its region's own pack."""
        in_force = self._in_force.get((creditor, country, region))
        if in_force is None:
            in_force = self._packs_in_force(creditor, country, region)
            if len(self._in_force) >= _CACHED_PROFILES:
                self._in_force.clear()
            self._in_force[creditor, country, region] = in_force
        return in_force

    def _packs_in_force(self, creditor: str, country: str | None, region: str | None) -> tuple[str, ...]:
        home = country or (region.partition("-")[0] if region else None)
        of_debtor = region if region is not None and region in self._packs else home
        named = [name for name in dict.fromkeys((creditor, of_debtor)) if name]
        covered = {ancestor for name in named for ancestor in self._packs.ancestors(name)}
        return tuple(name for name in named if name not in covered)

    def home_zone(self, jurisdictions: Sequence[str], region: str | None) -> str:
        """An IANA zone to count local days in while the debtor's own is unknown; UTC where no pack knows."""
        for name in reversed(jurisdictions):
            zones = self._packs.candidate_zones((name,), None, region)
            if zones:
                return zones[0]
        return "UTC"

    def versions(self) -> dict[str, object]:
        """What a decision was made with: packs by id, IANA time-zone data, holiday library."""
        return {
            "packs": self.packs,
            "tzdata": TZDATA_VERSION,
            "holidays": HOLIDAYS_VERSION,
        }

    def _profile(self, request: ContactRequest, jurisdictions: tuple[str, ...]) -> Profile | None:
        """The rules of one kind of contact, None where there is no pack to take them from."""
        key = (
            jurisdictions,
            request.timezone,
            request.region,
            request.channel,
            request.purpose,
            request.creditor_type,
            request.collector,
            request.layers,
            request.recipient,
            request.number_zones,
            request.answers,
        )
        profile = self._profiles.get(key)
        if profile is None:
            if not jurisdictions or any(name not in self._packs for name in jurisdictions):
                return None
            profile = self._compiled(request, jurisdictions)
            if len(self._profiles) >= _CACHED_PROFILES:
                self._profiles.clear()
            self._profiles[key] = profile
        return profile

    def _compiled(self, request: ContactRequest, jurisdictions: tuple[str, ...]) -> Profile:
        zones = self._packs.candidate_zones(jurisdictions, request.timezone, request.region)
        numbered = () if zones == (request.timezone,) else request.number_zones
        general = replace(request, consents=(), suppressions=(), history=(), number_zones=numbered)
        return compile_profile(
            self._known(jurisdictions),
            zones,
            general,
            whatsapp_approved=self._whatsapp_approved,
            closures=self._closures,
        )

    def _known(self, jurisdictions: Sequence[str]) -> list[Pack]:
        return [pack for pack in map(self._packs.get, jurisdictions) if pack is not None]

    def _unfit(self, profile: Profile, jurisdictions: Sequence[str], at: datetime, now: datetime) -> list[Reason]:
        """Why the packs may not answer at all."""
        reasons = list(profile.denials)
        if now >= profile.expires_at:
            reasons.append(_rule("pack-expired", f"the pack's review was due before {profile.expires_at:%Y-%m-%d}"))
        if not profile.answers_from <= at < profile.answers_until:
            reasons.append(_rule("pack-years", f"the pack answers for {profile.years}"))
        if not self._allow_drafts:
            drafts = [pack.id for pack in self._known(jurisdictions) if pack.status is PackStatus.DRAFT]
            reasons += [_rule("pack-draft", f"no counsel has approved the pack {name}") for name in drafts]
        return reasons


def _later(profile: Profile, request: ContactRequest, instant: float, counted: Counted) -> Decision:
    """Deferred to the first permitted instant; denied where none comes."""
    reasons = []
    preferred = preferred_spans(request.window)
    if profile.windows.next_open(instant, preferred) != instant:
        reasons = profile.windows.why_closed(instant, preferred)
    reasons += profile.limits.reasons(instant, counted)
    first, stops = _first_permitted(profile, request, instant, counted)
    if first is None:
        wish = [] if stops or request.window is None else [PREFERENCE]
        return _decision(profile, Verdict.DENY, None, None, [*stops, *reasons, *wish])
    return _decision(profile, Verdict.DEFER, _datetime(first), None, reasons)


def _first_permitted(
    profile: Profile, request: ContactRequest, instant: float, counted: Counted
) -> tuple[float | None, list[Reason]]:
    """The first instant that every rule permits, or None with the stops that forbid what is left."""
    preferred = preferred_spans(request.window)
    for _ in range(_SEARCH_STEPS):
        opens = profile.windows.next_open(instant, preferred)
        if opens is None:
            return None, []
        free = profile.limits.free_from(opens, counted)
        if free > opens:
            instant = free
            continue
        stops = _stops(profile, request, _datetime(opens))
        if not stops:
            return opens, []
        change = next_change(request, _datetime(opens))
        if change is None:
            return None, stops
        instant = change.timestamp()
    return None, []


def _stops(profile: Profile, request: ContactRequest, at: datetime) -> list[Reason]:
    """Consents and suppressions against a contact at an instant."""
    reasons: list[Reason] = []
    if request.consents or profile.required_consents:
        reasons = consent_reasons(request, at, profile.required_consents)
    if request.registers:
        reasons += register_reasons(request.registers, profile.registers)
    return reasons + suppression_reasons(request, at) if request.suppressions else reasons


def _decision(
    profile: Profile,
    verdict: Verdict,
    not_before: datetime | None,
    not_after: datetime | None,
    reasons: Sequence[Reason],
) -> Decision:
    return Decision(
        verdict=verdict,
        not_before=not_before,
        not_after=not_after,
        reasons=tuple(dict.fromkeys(reasons)) if reasons else (),
        pack=profile.pack,
        pack_version=profile.version,
    )


def _unanswerable(jurisdictions: Sequence[str], missing: Sequence[str]) -> Decision:
    reasons = [_rule("pack-missing", f"there is no pack {name}") for name in missing]
    return Decision(
        verdict=Verdict.DENY,
        not_before=None,
        not_after=None,
        reasons=tuple(reasons) or (_rule("pack-missing", "no jurisdiction is named"),),
        pack="+".join(jurisdictions),
        pack_version="none",
    )


def _rule(name: str, source: str) -> Reason:
    return Reason(name, Basis.POLICY, source)


@lru_cache(maxsize=1_024)
def _datetime(instant: float) -> datetime:
    """The same for everybody whose day ends with it."""
    return _EPOCH + timedelta(microseconds=round(instant * 1_000_000))
