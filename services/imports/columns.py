"""The columns of a portfolio file, by our names or by those of a mapping."""

from collections.abc import Mapping, Sequence

COLUMNS = (
    "debtor_ref", "name", "language", "country", "region", "timezone", "phone", "email", "segment", "risk_score",
    "tags", "consent_sms", "consent_whatsapp", "consent_email", "consent_voice", "preferred_channel", "loan_ref",
    "product", "creditor_ref", "currency", "total_outstanding", "overdue_amount", "days_past_due",
    "installment_number", "due_date", "amount_due", "status",
)  # fmt: skip
REQUIRED = ("debtor_ref", "name", "loan_ref")
REACHABLE = ("phone", "email")
DECIMAL = ("risk_score", "total_outstanding", "overdue_amount", "amount_due")


class PortfolioProblem(Exception):
    """Why a file can't be read as a portfolio at all; says what to do."""


def check_mapping(given: object) -> dict[str, str]:
    """A mapping `ours: theirs` from a parsed file; raises PortfolioProblem."""
    if not isinstance(given, Mapping):
        raise PortfolioProblem("a mapping is a list of lines `our_column: their column`")
    strangers = [str(name) for name in given if name not in COLUMNS]
    if strangers:
        raise PortfolioProblem(f"{', '.join(strangers)}: not a column of ours; there are {', '.join(COLUMNS)}")
    wrong = [str(name) for name, theirs in given.items() if not isinstance(theirs, str) or not theirs.strip()]
    if wrong:
        raise PortfolioProblem(f"{', '.join(wrong)}: write the name of their column")
    return {str(name): str(theirs).strip() for name, theirs in given.items()}


def places(header: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    """Where each of our columns stands in a header; others are passed over. Raises PortfolioProblem."""
    named = [name.strip() for name in header]
    folded = [name.lower() for name in named]
    found = {}
    for ours in COLUMNS:
        theirs = mapping.get(ours)
        where = _where(named, theirs) if theirs else _where(folded, ours)
        if len(where) > 1:
            raise PortfolioProblem(f"the column {theirs or ours} stands {len(where)} times; keep one")
        if where:
            found[ours] = where[0]
        elif theirs:
            raise PortfolioProblem(f"there is no column '{theirs}', which the mapping gives for {ours}{_there(named)}")
    _demand(found, named)
    return found


def known_names(header: Sequence[str], mapping: Mapping[str, str]) -> int:
    """How many names of a header are columns of ours, or of the mapping."""
    wanted = {*COLUMNS, *(theirs.lower() for theirs in mapping.values())}
    return sum(name.strip().lower() in wanted for name in header)


def _demand(found: Mapping[str, int], named: Sequence[str]) -> None:
    missing = [name for name in REQUIRED if name not in found]
    if not any(name in found for name in REACHABLE):
        missing.append(" or ".join(REACHABLE))
    if missing:
        remedy = "add it to the file, or name theirs with --mapping"
        raise PortfolioProblem(f"there is no column {', '.join(missing)}{_there(named)}; {remedy}")


def _there(named: Sequence[str]) -> str:
    """The names of a header, which are no personal data unless the header is missing."""
    return f"; the first line has {len(named)} columns"


def _where(names: Sequence[str], wanted: str) -> list[int]:
    return [at for at, name in enumerate(names) if name == wanted]
