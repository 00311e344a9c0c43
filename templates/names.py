"""The names that templates may use; anything else in a template is a fault."""

ROOTS: dict[str, tuple[str, ...]] = {
    "debtor": ("name", "first_name", "language"),
    "creditor": ("name", "phone", "email", "complaints", "pay_at", "address", "registration"),
    "agency": ("name", "notice"),
    "loan": ("ref", "product", "total_outstanding", "overdue_amount", "days_past_due"),
    "installment": ("number", "amount", "due_date", "days_to_due"),
    "payment": ("link", "references"),
    "opt_out": ("text", "link"),
}

REFERENCE_FIELDS = ("scheme", "value")

AMOUNTS = frozenset({"loan.total_outstanding", "loan.overdue_amount", "installment.amount"})

TEXT_METHODS = frozenset({"upper", "lower", "title", "capitalize", "strip"})

ALL_NAMES = frozenset(f"{root}.{field}" for root, fields in ROOTS.items() for field in fields)

TESTS = (
    "defined", "undefined", "none", "even", "odd", "divisibleby", "number", "string", "in", "eq", "ne", "lt",
    "le", "gt", "ge", "equalto", "==", "!=", "<", "<=", ">", ">=", "greaterthan", "lessthan",
)  # fmt: skip
"""The tests of Jinja that conditions may use, after `is` or as operators."""
