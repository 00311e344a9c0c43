"""Builds an engine from a deployment's files: its lenders, packs, templates, providers, and the definitions named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from babel.numbers import get_territory_currencies

from campaigns.catalog import find_segments, load_catalog, load_file, load_segments
from campaigns.conditions import Segments
from campaigns.definition import Definition, Problem
from campaigns.question import Speaker
from channels.config import Prices, ProvidersFile
from channels.registry import CARRIED, DEFAULT_PACE
from schemas.enums import Channel
from schemas.told import told
from services.creditors import Creditor
from services.lint import Surroundings, lint_definition, lint_paths
from services.lint_surroundings import load_surroundings
from services.running import CampaignVersion
from services.settings import Settings
from services.simulation.debtors import ZonesOfNumbers
from services.simulation.engine import Engine
from services.simulation.telling_policy import TellingPolicy
from services.ways import SERVED
from services.words import Words
from services.yaml_document import read_document

_NOWHERE = f"/u/{'0' * 32}.{'0' * 22}"
_PAGE = f"/l/{'0' * 12}"


class RigProblem(Exception):
    """Why nothing can be simulated: faults as `file:line:column: message`, one a line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class _Words(Words):
    """Links lead nowhere, and are as long as those that are signed."""

    def unsubscribe_link(self, message_id: UUID) -> str:
        """The same for every message."""
        return self.public_url + _NOWHERE

    def payment_link(self, message_id: UUID, number: int) -> tuple[str, bytes]:
        """The same for every attempt."""
        return self.public_url + _PAGE, b""


@dataclass(frozen=True, slots=True)
class Rig:
    """An engine with what its callers need to know about the deployment."""

    engine: Engine
    versions: tuple[CampaignVersion, ...]
    paces: dict[Channel, float]
    home_country: str | None
    currency: str
    prices: Prices | None = None

    @property
    def number_zones(self) -> ZonesOfNumbers:
        """Where the holders of numbers may live, as far as the packs know."""
        return self.engine.policy.law.number_zones

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """The definitions under simulation."""
        return tuple(version.definition for version in self.versions)


def build_rig(settings: Settings, path: Path, now: datetime) -> Rig:
    """The rig for a definition's file or a folder of them; raises RigProblem unless they lint clean.

    A channel that no provider carries is no fault here, as in the running service: the step passes it over.
    """
    surroundings, around = load_surroundings(settings, now)
    definitions, segments = _clean(path, surroundings)
    if around:
        raise RigProblem(around)
    return rig_of(settings, definitions, segments, surroundings)


def rig_of(
    settings: Settings, definitions: Sequence[Definition], segments: Segments, surroundings: Surroundings
) -> Rig:
    """The rig for definitions that lint clean in these surroundings, which must be whole."""
    assert surroundings.packs is not None
    assert surroundings.creditors is not None
    assert surroundings.templates is not None
    providers = read_document(settings.providers_file, ProvidersFile)
    policy = TellingPolicy(
        surroundings.packs, allow_drafts=not settings.production, whatsapp_approved=providers.whatsapp.enabled
    )
    versions = tuple(
        CampaignVersion(number, definition, segments, surroundings.templates)
        for number, definition in enumerate(definitions, 1)
    )
    creditors = surroundings.creditors
    paces = _paces(providers)
    engine = Engine(
        policy=policy,
        speakers={ref: _speaker(creditor) for ref, creditor in creditors.items()},
        versions=versions,
        words=_Words(creditors, settings.public_url.rstrip("/"), b""),
        carried=frozenset(paces),
    )
    country = _country(list(creditors.values()))
    return Rig(engine, versions, paces, country, _currency(country), providers.prices)


def _clean(path: Path, surroundings: Surroundings) -> tuple[list[Definition], Segments]:
    """The definitions at a path and their segments; raises RigProblem."""
    without_channels = Surroundings(
        surroundings.templates, surroundings.packs, surroundings.creditors, None, surroundings.now
    )
    problems = list(lint_paths([path], without_channels).problems)
    if problems:
        raise RigProblem(problems)
    if path.is_dir():
        catalog = load_catalog(path)
        found, segments = list(catalog.definitions), catalog.segments
    else:
        segments_path = find_segments(path.parent)
        segments = load_segments(segments_path)[1] if segments_path else Segments()
        found = [each for each in (load_file(path, segments).definition,) if each is not None]
    if not found:
        english = "there is no definition here: name a *.yaml or a folder of them"
        nothing = told(english, "aquí no hay ninguna definición: nombre un *.yaml o una carpeta de ellas")
        raise RigProblem([Problem(str(path), 1, 1, nothing)])
    problems = [problem for each in found for problem in lint_definition(each, without_channels)]
    if problems:
        raise RigProblem(problems)
    return found, segments


def _paces(providers: ProvidersFile) -> dict[Channel, float]:
    """Each channel that the running service could use, with what all its senders may start in a second."""
    paces: dict[Channel, float] = {}
    for provider in providers.providers:
        carried = SERVED & CARRIED.get(provider.type, frozenset())
        if not providers.whatsapp.enabled:
            carried -= {Channel.WHATSAPP}
        for sender in provider.senders:
            if sender.channel in provider.channels and sender.channel in carried:
                channel = Channel(sender.channel)
                paces[channel] = paces.get(channel, 0.0) + (sender.per_second or DEFAULT_PACE[channel])
    return paces


def _speaker(creditor: Creditor) -> Speaker:
    return Speaker(creditor.ref, creditor.jurisdiction, creditor.type, creditor.collector)


def _country(creditors: list[Creditor]) -> str | None:
    countries = {creditor.jurisdiction.partition("-")[0] for creditor in creditors}
    return countries.pop() if len(countries) == 1 else None


def _currency(country: str | None) -> str:
    """The currency of amounts without one: that of the lenders' country."""
    found = get_territory_currencies(country) if country else []
    return str(found[-1]) if found else "USD"
