"""The page of a soak is whole, with gaps where nothing could be read, whatever came of the run."""

from typing import Any
from xml.etree import ElementTree

import pytest

from tests.benchmarks.soak.faults import Spell
from tests.benchmarks.soak.page import page_of
from tests.benchmarks.soak.report import Report
from tests.benchmarks.soak.samples import Sample
from tests.benchmarks.soak.verdict import Verdict

LEDGER: dict[str, float | None] = {"outbox": 3, "outbox_age": None, "open": 1, "waiting": 9, "unknown": 0}
SAMPLES = [
    Sample(0.0, 0, 0, 0, {"api": 90.0, "relay": None}, LEDGER, 4, 10),
    Sample(2.0, 50, 20, 0, {"api": 91.0}, None, None, None),
    Sample(4.0, 90, 70, 1, {"api": 91.5, "relay": 80.0}, LEDGER, 0, 90),
]
SPELLS = [Spell("Kafka <killed>", 1.0, 3.0)]


@pytest.mark.parametrize(
    ("verdict", "broken", "word"),
    [
        (Verdict({"once": []}, {"message: delivered": 90}), None, "passed"),
        (Verdict({"once": ["D-1 was contacted 2 times"]}, {}), None, "failed"),
        (None, "AssertionError: relay-1 ended", "failed"),
    ],
)
def test_a_page_tells_what_came_of_a_run(verdict: Verdict | None, broken: str | None, word: str) -> None:
    document = Report(True, 90, 1, SAMPLES, SPELLS, 4, verdict, broken).document()
    page = page_of(document)
    assert word in page
    assert "Kafka &lt;killed&gt;" in page
    assert (broken or "Soak") in page
    assert drawn(page, "Records that ingest has not committed") == 2


def test_a_page_of_nothing_is_a_page() -> None:
    assert page_of(Report(False, 10, 1, [], [], broken="it did not start").document()).endswith("</html>\n")


def drawn(page: str, title: str) -> int:
    """How many pieces the lines of a chart have."""
    start = page.index(f"<h2>{title}</h2>")
    chart: Any = ElementTree.fromstring(page[page.index("<svg", start) : page.index("</svg>", start) + 6])
    return len(chart.findall("polyline"))
