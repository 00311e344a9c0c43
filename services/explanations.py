"""Why a message was, or was not, sent, in plain sentences; pure: rows in, text out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_datetime

from services import explanation_words as words
from services.explanation_words import Language, Phrase, rule_phrase
from services.store.attempts import AttemptRow
from services.store.decisions import KeptDecision
from services.store.messages import MessageRow

_PATTERNS = {Language.ES: "d 'de' MMMM 'de' y, HH:mm", Language.EN: "d MMMM y, HH:mm"}
_SAYS = {
    Language.ES: {
        "planned": "Aún no se envía: está planeado para el {due}, a más tardar el {expires}",
        "because": "{text} porque {why}",
        "claimed": "Se está entregando al proveedor en este momento.",
        "cancelled": "No se envió: se canceló porque {why}.",
        "denied": "No se envió: {why}.",
        "expired": "No se envió a tiempo: {why}.",
        "allow": "Por {channel}, el {at}: permitido",
        "from": " desde el {since}",
        "until": " hasta antes del {until}",
        "defer": "Por {channel}, el {at}: aplazado hasta el {since} porque {why}.",
        "deny": "Por {channel}, el {at}: denegado porque {why}.",
        "reason": "{what} (regla {rule}; {basis}; fuente: {source})",
        "attempt": "Intento {number}, el {at}, por {channel} con {provider}: {state}{failure}.",
        "pack": "Se decidió con el paquete de reglas {pack}, versión {version}.",
        "never": "nada más se sabe",
        "and": " y ",
    },
    Language.EN: {
        "planned": "It was not sent yet: it is planned for {due}, at the latest {expires}",
        "because": "{text} because {why}",
        "claimed": "It is being handed to the provider now.",
        "cancelled": "It was not sent: it was cancelled because {why}.",
        "denied": "It was not sent: {why}.",
        "expired": "It was not sent in time: {why}.",
        "allow": "By {channel}, on {at}: allowed",
        "from": " from {since}",
        "until": " until before {until}",
        "defer": "By {channel}, on {at}: deferred until {since} because {why}.",
        "deny": "By {channel}, on {at}: denied because {why}.",
        "reason": "{what} (rule {rule}; {basis}; source: {source})",
        "attempt": "Attempt {number}, on {at}, by {channel} with {provider}: {state}{failure}.",
        "pack": "It was decided with the rule pack {pack}, version {version}.",
        "never": "nothing more is known",
        "and": " and ",
    },
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A message's story: one sentence that sums it up, all of them in order, and one for each decision."""

    summary: str
    sentences: Sequence[str]
    decisions: Sequence[str]
    reasons: Sequence[Sequence[str]]
    next_permitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Explainer:
    """Tells one message's story in a language; `zone` is the one instants are shown in."""

    language: Language
    zone: ZoneInfo

    def explain(
        self, message: MessageRow, attempts: Sequence[AttemptRow], decisions: Sequence[KeptDecision]
    ) -> Explanation:
        """The whole story."""
        summary = self.summary(message)
        told = [self.decision(each) for each in decisions]
        packs = [self._say("pack", pack=pack, version=version) for pack, version in _packs(decisions)]
        tried = [self.attempt(attempt) for attempt in attempts]
        return Explanation(
            summary=summary,
            sentences=[summary, *told, *packs, *tried],
            decisions=told,
            reasons=[[self.reason(reason) for reason in each.reasons] for each in decisions],
            next_permitted_at=message.due_at if message.state == "planned" else None,
        )

    def summary(self, message: MessageRow) -> str:
        """What became of the message, in one sentence."""
        match message.state:
            case "planned":
                due, expires = self._at(message.due_at), self._at(message.expires_at)
                text = self._say("planned", due=due, expires=expires)
                cause = message.reason or message.rule
                return f"{self._say('because', text=text, why=self._rule(cause)) if cause else text}."
            case "claimed":
                return self._say("claimed")
            case "cancelled":
                return self._say("cancelled", why=self._word(words.CANCELLED, message.reason))
            case "expired":
                return self._say("expired", why=self._word(words.EXPIRED, message.reason or "too_late"))
            case "denied":
                return self._say("denied", why=self._denied(message))
            case _:
                outcome = words.OUTCOMES.get(message.outcome or "")
                return outcome[self.language] if outcome else f"{message.outcome or message.state}."

    def decision(self, decision: KeptDecision) -> str:
        """One verdict with its reasons."""
        channel, at = self._channel(decision.channel), self._at(decision.at)
        if decision.verdict == "allow":
            since, until = decision.not_before, decision.not_after
            text = self._say("allow", channel=channel, at=at)
            text += self._say("from", since=self._at(since)) if since is not None and since > decision.at else ""
            return text + (self._say("until", until=self._at(until)) if until is not None else "") + "."
        why = self._say("and").join(self.reason(reason) for reason in decision.reasons) or self._say("never")
        then = self._at(decision.not_before) if decision.not_before is not None else "?"
        return self._say(decision.verdict, channel=channel, at=at, since=then, why=why)

    def reason(self, reason: Mapping[str, str]) -> str:
        """One rule: what it says, its name, its basis and where it is written."""
        basis = self._word(words.BASES, reason["basis"])
        what = rule_phrase(reason["rule"], self.language)
        return self._say("reason", what=what, rule=reason["rule"], basis=basis, source=reason["source"])

    def attempt(self, attempt: AttemptRow) -> str:
        """One try at a provider."""
        failure = f" ({attempt.failure}{f', {attempt.code}' if attempt.code else ''})" if attempt.failure else ""
        return self._say(
            "attempt",
            number=attempt.number,
            at=self._at(attempt.handed_at),
            channel=self._channel(attempt.channel),
            provider=attempt.provider,
            state=self._word(words.ATTEMPTS, attempt.state),
            failure=failure,
        )

    def _denied(self, message: MessageRow) -> str:
        """The published reason and, where a rule says more, the rule."""
        why = self._word(words.SUPPRESSED, message.reason)
        if message.rule is None or message.rule == message.reason:
            return why
        more = rule_phrase(message.rule, self.language)
        return f"{why} ({message.rule})" if more == why else f"{why}: {more} ({message.rule})"

    def _rule(self, name: str) -> str:
        return rule_phrase(name, self.language)

    def _channel(self, channel: str | None) -> str:
        return self._word(words.CHANNELS, channel)

    def _word(self, table: Mapping[str, Phrase], word: str | None) -> str:
        phrase = table.get(word or "")
        return phrase[self.language] if phrase is not None else str(word or "?")

    def _say(self, name: str, **values: Any) -> str:
        return _SAYS[self.language][name].format(**values)

    def _at(self, instant: datetime) -> str:
        shown = format_datetime(instant, _PATTERNS[self.language], tzinfo=self.zone, locale=self.language.value)
        return f"{shown} ({self.zone.key})"


def zone_of(decisions: Sequence[KeptDecision]) -> ZoneInfo:
    """The debtor's zone as the last decision knew it, else UTC."""
    for decision in reversed(decisions):
        name = decision.inputs.get("timezone")
        if name:
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError):
                break
    return ZoneInfo(UTC.tzname(None))


def _packs(decisions: Sequence[KeptDecision]) -> list[tuple[str, str]]:
    named = [(str(each.packs.get("pack")), str(each.packs.get("version"))) for each in decisions if each.packs]
    return list(dict.fromkeys(named))
