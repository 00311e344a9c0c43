"""The documented shape of the database: one class a table, exactly as the migrations make it (tests compare both).

The hot paths write their SQL by hand and never load these classes. No relationships: nothing loads by surprise.
"""

from schemas.tables.access import ApiKey, Closure, IdempotentAnswer, Stop
from schemas.tables.answer import Answer, StrangerStop
from schemas.tables.attempt import Attempt, OpenAttempt
from schemas.tables.audit import Audit, AuditSeal
from schemas.tables.call import Call, CallStep
from schemas.tables.campaign import CalendarPlace, CampaignReview, CampaignVersion, CatchUp, Content
from schemas.tables.console import ConsoleSession, ConsoleUser, LoginFailure
from schemas.tables.debtor import ContactPoint, ContactPointFault, Debtor
from schemas.tables.figures import (
    DebtCounted,
    DebtFigure,
    DebtRollup,
    FigureChange,
    MessageCounted,
    MessageFigure,
    MessagePair,
    MessageRollup,
    PortfolioDay,
)
from schemas.tables.inbox_outbox import Inbox, Outbox
from schemas.tables.link import Click, Link
from schemas.tables.loan import Installment, Loan, Payment, Promise
from schemas.tables.message import Decision, Message
from schemas.tables.permission import Consent, Hold, OtherContact, Suppression
from schemas.tables.receipt import Callback, Receipt, Reply, Task
from schemas.tables.sender import CarrierCount, Dispatcher

__all__ = [
    "Answer",
    "ApiKey",
    "Attempt",
    "Audit",
    "AuditSeal",
    "CalendarPlace",
    "Call",
    "CallStep",
    "Callback",
    "CampaignReview",
    "CampaignVersion",
    "CarrierCount",
    "CatchUp",
    "Click",
    "Closure",
    "Consent",
    "ConsoleSession",
    "ConsoleUser",
    "ContactPoint",
    "ContactPointFault",
    "Content",
    "DebtCounted",
    "DebtFigure",
    "DebtRollup",
    "Debtor",
    "Decision",
    "Dispatcher",
    "FigureChange",
    "Hold",
    "IdempotentAnswer",
    "Inbox",
    "Installment",
    "Link",
    "Loan",
    "LoginFailure",
    "Message",
    "MessageCounted",
    "MessageFigure",
    "MessagePair",
    "MessageRollup",
    "OpenAttempt",
    "OtherContact",
    "Outbox",
    "Payment",
    "PortfolioDay",
    "Promise",
    "Receipt",
    "Reply",
    "Stop",
    "StrangerStop",
    "Suppression",
    "Task",
]
