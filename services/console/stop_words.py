"""What a kill switch is called on the page of stops."""

from collections.abc import Mapping

from services.console.visit import Visit
from services.console.words import Pair, word

_SCOPES: Mapping[str, Pair] = {
    "all": ("todo", "everything"),
    "campaign": ("una campaña", "a campaign"),
    "channel": ("un canal", "a channel"),
    "provider": ("un proveedor", "a provider"),
    "jurisdiction": ("una jurisdicción", "a jurisdiction"),
}
_NAMED: Mapping[str, Pair] = {
    "all": ("todos los envíos", "all sending"),
    "campaign": ("campaña {name}", "campaign {name}"),
    "channel": ("canal {name}", "channel {name}"),
    "provider": ("proveedor {name}", "provider {name}"),
    "jurisdiction": ("jurisdicción {name}", "jurisdiction {name}"),
}
_STATES: Mapping[str, Pair] = {"stopped": ("en vigor", "in force"), "closed": ("levantada", "lifted")}


def scope(visit: Visit, value: str) -> str:
    """What kind of thing may be stopped."""
    return word(_SCOPES, value, visit.language)


def named(visit: Visit, kind: str, name: str | None) -> str:
    """The very thing that is stopped."""
    shown = visit.channel(name) if kind == "channel" else name
    return word(_NAMED, kind, visit.language).format(name=shown)


def state(visit: Visit, value: str) -> str:
    """Whether it is in force."""
    return word(_STATES, value, visit.language)
