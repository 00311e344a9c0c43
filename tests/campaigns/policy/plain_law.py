"""The law of each place written out a second time, one instant at a time, to check the compiled engine against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
from dateutil.easter import easter

from campaigns.facts import ConsentFact, ContactFact, ContactRequest
from schemas.enums import Channel, Collector, ConsentState, CreditorType, Purpose

WEEK = timedelta(hours=168)
MESSAGES = {Channel.SMS, Channel.WHATSAPP, Channel.EMAIL}
DAILY = tuple([(7, 22)] * 7)
US_HOURS = tuple([(8, 21)] * 7)
HOURS: dict[str, tuple[tuple[int, int] | None, ...]] = {
    "CO": (*[(7, 19)] * 5, (8, 15), None),
    "CL": (*[(8, 20)] * 6, None),
    "PE": (*[(7, 20)] * 5, None, None),
    "EC": (*[(7, 20)] * 5, None, None),
    "DO": (*[(7, 20)] * 5, (9, 13), None),
    "BR-SP": (*[(8, 20)] * 5, (8, 14), None),
    "BR-RJ": (*[(9, 19)] * 5, None, None),
}
PLACES: dict[str, list[str]] = {
    "MX": [
        *("Mexico_City", "Tijuana", "Ciudad_Juarez", "Ojinaga", "Matamoros", "Chihuahua"),
        *("Hermosillo", "Mazatlan", "Bahia_Banderas", "Monterrey", "Merida", "Cancun"),
    ],
    "CO": ["Bogota"],
    "CL": ["Santiago", "Punta_Arenas", "Coyhaique", "Pacific/Easter"],
    "PE": ["Lima"],
    "EC": ["Guayaquil", "Pacific/Galapagos"],
    "DO": ["Santo_Domingo"],
    "US": ["New_York", "Chicago", "Denver", "Phoenix", "Los_Angeles", "Anchorage", "Adak", "Pacific/Honolulu"],
    "US-FL": ["New_York", "Chicago"],
    "US-MA": ["New_York"],
    "BR-SP": ["Sao_Paulo"],
    "BR-RJ": ["Sao_Paulo"],
    "MX-TAM": ["Monterrey", "Matamoros"],
    "MX-NAY": ["Mazatlan", "Bahia_Banderas"],
    "CL-VS": ["Santiago", "Pacific/Easter"],
    "US-TN": ["Chicago", "New_York"],
}
EC_WEEKDAYS_WITH_A_MOVED_HOLIDAY = {
    date(2027, 8, 10),
    date(2028, 5, 24),
    date(2028, 8, 10),
    date(2029, 5, 1),
    date(2029, 5, 24),
    date(2029, 10, 9),
    date(2030, 5, 1),
    date(2030, 10, 9),
    date(2031, 5, 1),
    date(2031, 10, 9),
}


def zones(place: str) -> list[ZoneInfo]:
    """Every zone of a jurisdiction or region."""
    return [ZoneInfo(name if "/" in name else f"America/{name}") for name in PLACES[place]]


_HOLIDAYS: dict[str, set[date]] = {}


def closed(jurisdiction: str, day: date) -> bool:
    """Whether the law closes a date as a holiday."""
    if jurisdiction not in _HOLIDAYS:
        _HOLIDAYS[jurisdiction] = _holidays(jurisdiction)
    return day in _HOLIDAYS[jurisdiction]


def _holidays(jurisdiction: str) -> set[date]:
    country, _, state = jurisdiction.partition("-")
    if country in {"MX", "US"}:
        return set()
    brazil = country == "BR"
    found = set(
        holidays.country_holidays(
            country,
            subdiv=state or None,
            years=range(2025, 2034),
            language="pt_BR" if brazil else "es",
            categories=("public", "optional") if brazil else ("public",),
        )
    )
    if country == "PE":
        found -= {easter(year) for year in range(2025, 2034)}
    return found - EC_WEEKDAYS_WITH_A_MOVED_HOLIDAY if country == "EC" else found


@dataclass(frozen=True)
class PlainLaw:
    """One request judged at any instant, by the law layer alone."""

    request: ContactRequest
    jurisdiction: str

    def stopped(self, at: datetime) -> bool:
        """Whether a consent or a suppression forbids the contact."""
        ask = self.request
        latest = self._latest_consent(at)
        needed = self.jurisdiction == "CO" or (self.jurisdiction == "PE" and ask.purpose is Purpose.MARKETING)
        if (latest is None and needed) or (latest is not None and latest.state is not ConsentState.GRANTED):
            return True
        return any(
            stop.since <= at
            and (stop.until is None or at < stop.until)
            and (stop.scope != "channel" or stop.channel in {None, ask.channel})
            for stop in ask.suppressions
        )

    def permitted(self, at: datetime) -> bool:
        """Whether every rule permits the instant."""
        return self.open(at) and not self.capped(at) and not self.stopped(at)

    def open(self, at: datetime) -> bool:
        """Whether clock, date and the debtor's preference permit, in every zone."""
        return all(self._open_in(at.astimezone(zone)) for zone in self.zones())

    def capped(self, at: datetime) -> bool:
        """Whether earlier contacts forbid, in any zone."""
        return any(self._capped_in(at, zone) for zone in self.zones())

    def zones(self) -> Sequence[ZoneInfo]:
        """Where the debtor may be."""
        if self.request.timezone:
            return [ZoneInfo(self.request.timezone)]
        return zones(self.request.region or self.jurisdiction)

    def _latest_consent(self, at: datetime) -> ConsentFact | None:
        ask = self.request
        known = [
            each
            for each in ask.consents
            if each.channel is ask.channel and each.purpose is ask.purpose and each.at <= at
        ]
        return max(known, key=lambda each: (each.at, each.state is not ConsentState.GRANTED), default=None)

    def _open_in(self, local: datetime) -> bool:
        return self._in_hours(local) and not closed(self.jurisdiction, local.date()) and self._preferred(local)

    def _in_hours(self, local: datetime) -> bool:
        ask = self.request
        third = ask.collector is Collector.THIRD_PARTY
        hours: Sequence[tuple[int, int] | None] = HOURS.get(self.jurisdiction, US_HOURS)
        if self.jurisdiction == "MX":
            hours = DAILY
            if third and ask.creditor_type is CreditorType.COMMERCIAL_ENTITY and local.weekday() >= 5:
                return False
        if self.jurisdiction == "US" and not third:
            return True
        if self.jurisdiction == "US-FL" and ask.channel is Channel.EMAIL and not third:
            return True
        today = hours[local.weekday()]
        return today is not None and time(today[0]) <= local.time() < time(today[1])

    def _preferred(self, local: datetime) -> bool:
        window = self.request.window
        if window is None:
            return True
        if window.start < window.end:
            return window.start <= local.time() < window.end
        return local.time() >= window.start or local.time() < window.end

    def _capped_in(self, at: datetime, zone: ZoneInfo) -> bool:
        ask = self.request
        past = [each for each in ask.history if each.state != "not_sent"]
        third = ask.collector is Collector.THIRD_PARTY
        match self.jurisdiction:
            case "CO":
                others = [each for each in past if each.channel is not ask.channel]
                return _in_day(past, at, zone) >= 1 or _weekly(others, at, zone, 1)
            case "EC":
                return _in_day(past, at, zone) >= 1
            case "DO":
                return _in_day(_of_loan(past, ask.loan), at, zone) >= 5
            case "CL" if ask.channel is Channel.VOICE:
                return _weekly([each for each in past if each.channel is Channel.VOICE], at, zone, 1)
            case "CL":
                messages = [each for each in past if each.channel in MESSAGES]
                return _weekly(messages, at, zone, 2) or _too_near(messages, at, zone)
            case "US" | "US-FL" | "US-MA":
                owed = _of_loan(past, ask.loan)
                calls = [each for each in owed if each.channel is Channel.VOICE]
                both = [each for each in owed if each.channel in {Channel.VOICE, Channel.SMS}]
                if third and ask.channel is Channel.VOICE and _weekly(calls, at, zone, 7):
                    return True
                massachusetts = self.jurisdiction == "US-MA" and ask.channel in {Channel.VOICE, Channel.SMS}
                return massachusetts and _weekly(both, at, zone, 2)
            case _:
                return False


def edges(request: ContactRequest, days: int) -> Iterable[datetime]:
    """Every instant from the request's on at which any answer may change, in order."""
    end = request.at + timedelta(days=days)
    quarter = request.at.replace(minute=request.at.minute // 15 * 15, second=0, microsecond=0)
    found = {request.at}
    found |= {quarter + timedelta(minutes=15) * step for step in range(1, days * 96)}
    found |= {each.at + WEEK for each in request.history}
    found |= {each.at for each in request.consents}
    found |= {each.since for each in request.suppressions}
    found |= {each.until for each in request.suppressions if each.until is not None}
    return sorted(instant for instant in found if request.at <= instant < end)


def _in_day(past: Sequence[ContactFact], at: datetime, zone: ZoneInfo) -> int:
    return sum(each.at.astimezone(zone).date() == at.astimezone(zone).date() for each in past)


def _weekly(past: Sequence[ContactFact], at: datetime, zone: ZoneInfo, maximum: int) -> bool:
    week = at.astimezone(zone).isocalendar()[:2]
    of_week = sum(each.at.astimezone(zone).isocalendar()[:2] == week for each in past)
    rolling = sum(abs(at.astimezone(UTC) - each.at.astimezone(UTC)) < WEEK for each in past)
    return of_week >= maximum or rolling >= maximum


def _too_near(past: Sequence[ContactFact], at: datetime, zone: ZoneInfo) -> bool:
    today = at.astimezone(zone).date()
    return any(abs((today - each.at.astimezone(zone).date()).days) <= 2 for each in past)


def _of_loan(past: Sequence[ContactFact], loan: str | None) -> list[ContactFact]:
    return [each for each in past if loan is None or each.loan is None or each.loan == loan]
