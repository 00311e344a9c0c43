"""Ranks of attempt states: what a later word may change, and what it may not."""

from schemas.enums import AttemptState

RANK = {
    AttemptState.SENDING: 0,
    AttemptState.UNKNOWN: 1,
    AttemptState.ACCEPTED: 2,
    AttemptState.SENT: 3,
    AttemptState.NOT_SENT: 4,
    AttemptState.REJECTED: 4,
    AttemptState.FAILED: 4,
    AttemptState.UNDELIVERED: 4,
    AttemptState.DELIVERED: 5,
    AttemptState.READ: 6,
}
PROVEN_FAILED = frozenset({AttemptState.NOT_SENT, AttemptState.REJECTED, AttemptState.FAILED, AttemptState.UNDELIVERED})
HANDED_OVER = frozenset({AttemptState.ACCEPTED, AttemptState.SENT, AttemptState.DELIVERED, AttemptState.READ})


def advances(now: AttemptState, word: AttemptState) -> bool:
    """Whether a word moves an attempt on; words of a lower or equal rank come late and change nothing."""
    return RANK[word] > RANK[now]
