"""The words that outcome events use; open for those who read them: more may come."""

from enum import StrEnum


class SuppressedReason(StrEnum):
    """Why a message that was due was not sent."""

    OPT_OUT = "opt_out"
    NO_CONSENT = "no_consent"
    QUIET_HOURS = "quiet_hours"
    FREQUENCY_CAP = "frequency_cap"
    HOLIDAY = "holiday"
    PAID = "paid"
    PAUSED = "paused"
    INVALID_CONTACT = "invalid_contact"
    NO_CONTACT = "no_contact"
    DUPLICATE = "duplicate"
    EXPIRED = "expired"
    BUDGET = "budget"
    POLICY = "policy"


class CancelledReason(StrEnum):
    """Why a planned message was taken back."""

    PAID = "paid"
    RESCHEDULED = "rescheduled"
    OPT_OUT = "opt_out"
    PAUSED = "paused"
    SUPERSEDED = "superseded"
    MANUAL = "manual"
    PROMISE = "promise"
    DISPUTE = "dispute"
    CLOSED = "closed"
    ERASED = "erased"


class UnknownReason(StrEnum):
    """Why it is not known whether a message was handed over."""

    NO_ANSWER = "no_answer"
    SERVER_ERROR = "server_error"
    DISCONNECTED = "disconnected"
    LEASE_EXPIRED = "lease_expired"


class ExpiredReason(StrEnum):
    """Why a message came too late to be sent."""

    TOO_LATE = "too_late"
    WINDOW_CLOSED = "window_closed"
    VALIDITY = "validity"


class Permanence(StrEnum):
    """Whether trying again could help."""

    PERMANENT = "permanent"
    TRANSIENT = "transient"


class OptSource(StrEnum):
    """Where a stop or a start came from."""

    REPLY = "reply"
    LINK = "link"
    AGENT = "agent"
    REGISTRY = "registry"
    PROVIDER = "provider"


class OptScope(StrEnum):
    """How far a stop or a start reaches."""

    PERSON = "person"
    CONTACT_POINT = "contactPoint"


class InvalidReason(StrEnum):
    """Why an address does not lead to the debtor."""

    HARD_BOUNCE = "hard_bounce"
    UNALLOCATED = "unallocated"
    LANDLINE = "landline"
    WRONG_PERSON = "wrong_person"
    COMPLAINT = "complaint"
    NOT_ON_CHANNEL = "not_on_channel"


class Intent(StrEnum):
    """What a reply asks for."""

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    PROMISE = "promise"
    PAID_CLAIM = "paid_claim"
    DISPUTE = "dispute"
    WRONG_PERSON = "wrong_person"
    HELP = "help"
    AGENT = "agent"
    BALANCE = "balance"
    PAYMENT_LINK = "payment_link"
    OTHER = "other"


class TaskType(StrEnum):
    """Work for people."""

    FIELD_VISIT = "field_visit"
    CALL_BACK = "call_back"
    COMPLAINT = "complaint"
    PRE_LEGAL = "pre_legal"
    UNCLEAR_REPLY = "unclear_reply"
    UNKNOWN_DELIVERY = "unknown_delivery"
