"""A decision of the policy in the words that we publish."""

from campaigns.facts import Decision, Reason
from schemas.enums import Basis
from schemas.outcome_words import SuppressedReason

_WORDS = (
    ("holiday", SuppressedReason.HOLIDAY),
    ("closure", SuppressedReason.HOLIDAY),
    ("hours", SuppressedReason.QUIET_HOURS),
    ("guard", SuppressedReason.QUIET_HOURS),
    ("-a-day", SuppressedReason.FREQUENCY_CAP),
    ("-a-week", SuppressedReason.FREQUENCY_CAP),
    ("-in-seven", SuppressedReason.FREQUENCY_CAP),
    ("-between", SuppressedReason.FREQUENCY_CAP),
)
_OPT_OUTS = ("opt_out", "opt-out", "withdrawn")


def suppressed_reason(decision: Decision) -> SuppressedReason:
    """Why nothing is sent, from the first reason of a decision."""
    if not decision.reasons:
        return SuppressedReason.POLICY
    return _reason(decision.reasons[0])


def _reason(reason: Reason) -> SuppressedReason:
    if any(word in reason.rule or word in reason.source for word in _OPT_OUTS):
        return SuppressedReason.OPT_OUT
    if reason.basis is Basis.CONSENT:
        return SuppressedReason.NO_CONSENT
    if reason.basis is Basis.SUPPRESSION:
        return SuppressedReason.PAUSED
    if reason.basis is Basis.PREFERENCE:
        return SuppressedReason.QUIET_HOURS
    return next((word for text, word in _WORDS if text in reason.rule), SuppressedReason.POLICY)
