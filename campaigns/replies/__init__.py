"""Says what a debtor's reply means, in Spanish, Portuguese and English; pure functions, no I/O.

Decided here: a stop wins the intent, whatever else was said. Thanks, greetings and "ok" need no hold.
Whatever is not understood holds further sends and asks for a person's eyes.
"""

from campaigns.replies.meaning import (
    HoldReason,
    Intent,
    PromisedPart,
    Prompt,
    ReplyMeaning,
    StopScope,
    Task,
)
from campaigns.replies.understanding import understand

__all__ = [
    "HoldReason",
    "Intent",
    "PromisedPart",
    "Prompt",
    "ReplyMeaning",
    "StopScope",
    "Task",
    "understand",
]
