"""A soak as JSON, as a page, and as lines on the terminal."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.soak.faults import Spell
from tests.benchmarks.soak.page import page_of
from tests.benchmarks.soak.samples import Sample
from tests.benchmarks.soak.verdict import Verdict

_SHOWN = 5


@dataclass(slots=True)
class Report:
    """Everything about a run; `broken` says why it did not come to its end."""

    real_kafka: bool
    wanted: int
    seed: int
    samples: Sequence[Sample]
    spells: Sequence[Spell]
    seconds: int = 0
    verdict: Verdict | None = None
    broken: str | None = None

    def document(self) -> dict[str, Any]:
        """As it is written; of each broken invariant the first violations, and how many there are."""
        checks = self.verdict.checks if self.verdict else {}
        return {
            "messages": self.wanted,
            "seconds": self.seconds,
            "per_second": round(self.wanted / self.seconds, 1) if self.seconds else None,
            "seed": self.seed,
            "kafka": "Apache Kafka, one node" if self.real_kafka else "the embedded broker",
            "postgres": "embedded, durable defaults",
            "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
            "passed": bool(self.verdict and self.verdict.passed),
            "broken": self.broken,
            "invariants": [
                {"name": name, "violations": len(found), "first": list(found[:_SHOWN])}
                for name, found in checks.items()
            ],
            "counts": self.verdict.counts if self.verdict else {},
            "faults": [asdict(spell) for spell in self.spells],
            "samples": [asdict(sample) for sample in self.samples],
        }

    def show(self) -> None:
        """What somebody at a terminal wants to know."""
        document = self.document()
        print(
            f"{self.wanted} messages in {self.seconds} s ({document['per_second']} a second), {len(self.spells)} faults"
        )
        for name, count in document["counts"].items():
            print(f"  {name}: {count}")
        for each in document["invariants"]:
            print(f"  {each['name']}: {'holds' if not each['violations'] else each['first']}")
        print("passed" if document["passed"] else "failed")


def write(folder: Path, report: Report) -> None:
    """soak.json and soak.html in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    document = report.document()
    (folder / "soak.json").write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    (folder / "soak.html").write_text(page_of(document), "utf-8")
