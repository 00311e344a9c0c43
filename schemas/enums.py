"""The closed vocabularies of the product; every state and word that is stored or published."""

from enum import StrEnum


class Channel(StrEnum):
    """A way to reach a debtor."""

    SMS = "sms"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    VOICE = "voice"


class Purpose(StrEnum):
    """Why a debtor is contacted; consents are given per purpose."""

    COLLECTIONS = "collections"
    SERVICE = "service"
    MARKETING = "marketing"


class ConsentState(StrEnum):
    """What a debtor said about a channel and purpose."""

    GRANTED = "granted"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


class CreditorType(StrEnum):
    """The legal kind of lender; contact law differs between them."""

    FINANCIAL_ENTITY = "financial_entity"
    COMMERCIAL_ENTITY = "commercial_entity"


class Collector(StrEnum):
    """Whether the lender speaks for itself or an agency speaks for it."""

    FIRST_PARTY = "first_party"
    THIRD_PARTY = "third_party"


class Verdict(StrEnum):
    """What the contact policy says of one message at one instant."""

    ALLOW = "allow"
    DEFER = "defer"
    DENY = "deny"


class Basis(StrEnum):
    """Where a rule comes from."""

    LAW = "law"
    POLICY = "policy"
    CONSENT = "consent"
    SUPPRESSION = "suppression"
    PREFERENCE = "preference"
    PLATFORM = "platform"


class MessageState(StrEnum):
    """Life of a message: planned, then claimed by an attempt, then done; or ended without contact."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    DONE = "done"
    CANCELLED = "cancelled"
    DENIED = "denied"
    EXPIRED = "expired"


class AttemptState(StrEnum):
    """Life of an attempt at a provider; ranks are in campaigns.outcome."""

    SENDING = "sending"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    FAILED = "failed"
    UNDELIVERED = "undelivered"
    UNKNOWN = "unknown"


class FailureClass(StrEnum):
    """Why a provider did not deliver, in our words; adapters map their codes to these."""

    OPTED_OUT = "opted_out"
    INVALID_ADDRESS = "invalid_address"
    NOT_ON_CHANNEL = "not_on_channel"
    TEMPORARY = "temporary"
    BLOCKED = "blocked"
    SENDER_BLOCKED = "sender_blocked"
    CONFIG = "config"
    BUG = "bug"
    TEMPLATE_NOT_APPROVED = "template_not_approved"
    OUTSIDE_WINDOW = "outside_window"
    NOT_DELIVERED_BY_CHANNEL = "not_delivered_by_channel"
    RATE_LIMITED = "rate_limited"
    EXPIRED = "expired"
    POLICY = "policy"


class Encoding(StrEnum):
    """How an SMS is encoded, which decides its parts."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


class SealKind(StrEnum):
    """What a link of the audit chain says."""

    SEALED = "sealed"
    PRUNED = "pruned"
    REBASED = "rebased"
