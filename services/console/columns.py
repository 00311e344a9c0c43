"""Columns that many lists share."""

from urllib.parse import quote

from services.console.listing import Column, Row


def debtor_path(ref: str) -> str:
    """The page of a debtor, whose reference may hold slashes and more."""
    return f"/debtors/{quote(ref, safe='')}"


def _debtor_link(row: Row) -> str | None:
    return debtor_path(row["debtor_ref"]) if row["debtor_ref"] else None


DEBTOR = Column("debtor_ref", ("Deudor", "Debtor"), lambda v, r: r["debtor_ref"] or "—", link=_debtor_link)
CHANNEL = Column("channel", ("Canal", "Channel"), lambda v, r: v.channel(r["channel"]))
PROVIDER = Column("provider", ("Proveedor", "Provider"), lambda v, r: r["provider"] or "—")


def instant(key: str, es: str, en: str) -> Column:
    """An instant in the reader's zone."""
    return Column(key, (es, en), lambda v, r: v.formats.instant(r[key]))


def contact(key: str, es: str, en: str) -> Column:
    """The instant of a contact, in the reader's zone and, where that differs, the debtor's (`timezone` of the row)."""
    return Column(key, (es, en), lambda v, r: v.formats.contact(r[key], r["timezone"]))


def number(key: str, es: str, en: str) -> Column:
    """A count."""
    return Column(key, (es, en), lambda v, r: v.formats.number(r[key]), number=True)


def plain(key: str, es: str, en: str) -> Column:
    """A text as it is stored."""
    return Column(key, (es, en), lambda v, r: str(r[key]) if r[key] is not None else "—")


def state(key: str, es: str, en: str) -> Column:
    """A state as a badge."""
    return Column(key, (es, en), lambda v, r: v.state(r[key]), state=True)
