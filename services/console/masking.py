"""Personal data as most eyes may see it: enough to recognise, too little to use."""

_DOTS = "•••"


def name(text: str | None) -> str:
    """`María Pérez López` → `M••• P••• L•••`."""
    return " ".join(f"{part[0]}{_DOTS}" for part in (text or "").split()) or "—"


def phone(number: str) -> str:
    """`+525512345678` → `+52 ••• 78`."""
    return f"{number[:3]} {_DOTS} {number[-2:]}" if len(number) > 6 else _DOTS


def mailbox(address: str) -> str:
    """`maria@example.test` → `m•••@e•••`."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}{_DOTS}@{domain[:1]}{_DOTS}"


def contact(kind: str, value: str) -> str:
    """A contact point's value, masked by its kind."""
    return mailbox(value) if kind == "email" else phone(value)
