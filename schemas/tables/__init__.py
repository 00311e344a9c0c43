"""The documented shape of the database: one class a table, exactly as the migrations make it (tests compare both).

The hot paths write their SQL by hand and never load these classes. No relationships: nothing loads by surprise.
"""

from schemas.tables.access import ApiKey, IdempotentAnswer, Stop
from schemas.tables.attempt import Attempt, OpenAttempt
from schemas.tables.call import Call, CallStep
from schemas.tables.campaign import CalendarPlace, CampaignReview, CampaignVersion, CatchUp, Content
from schemas.tables.debtor import ContactPoint, ContactPointFault, Debtor
from schemas.tables.inbox_outbox import Inbox, Outbox
from schemas.tables.loan import Installment, Loan, Payment, Promise
from schemas.tables.message import Decision, Message
from schemas.tables.permission import Consent, Hold, OtherContact, Suppression
from schemas.tables.receipt import Receipt, Reply, Task

__all__ = [
    "ApiKey",
    "Attempt",
    "CalendarPlace",
    "Call",
    "CallStep",
    "CampaignReview",
    "CampaignVersion",
    "CatchUp",
    "Consent",
    "ContactPoint",
    "ContactPointFault",
    "Content",
    "Debtor",
    "Decision",
    "Hold",
    "IdempotentAnswer",
    "Inbox",
    "Installment",
    "Loan",
    "Message",
    "OpenAttempt",
    "OtherContact",
    "Outbox",
    "Payment",
    "Promise",
    "Receipt",
    "Reply",
    "Stop",
    "Suppression",
    "Task",
]
