"""What upkeep does beside its own turns, a batch at a time."""

from collections.abc import Iterable

from campaigns.packs import Packs
from campaigns.retention import periods
from services.counting import Counting
from services.evidence import Signer
from services.gauges import PackWatch
from services.links import LinkPruning
from services.retention import Retention
from services.sealing import Sealing
from services.upkeep import Chore


def chores(secret: bytes, packs: Packs, jurisdictions: Iterable[str]) -> tuple[Chore, ...]:
    """The chores of a deployment whose lenders are of these jurisdictions."""
    signer = Signer(secret)
    retention = Retention(periods(packs, jurisdictions), signer)
    return (Counting(), Sealing(signer), retention, LinkPruning(), PackWatch(packs))
