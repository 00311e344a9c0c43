"""Workers that fail, each in its own way."""

import os
import signal
from dataclasses import dataclass

from services.simulation.processes import Part
from services.simulation.report import Report


@dataclass(frozen=True, slots=True)
class Counting:
    """Says that each part had ten rows."""

    def start(self) -> "Counting":
        """Nothing to get ready."""
        return self

    def take(self, part: Part) -> int:
        """Ten rows."""
        return 10

    def report(self) -> Report:
        """Nothing to tell but one row that can't be used."""
        return Report(unusable=1)


@dataclass(frozen=True, slots=True)
class Failing(Counting):
    """Fails with a name in its exception."""

    def start(self) -> "Failing":
        """Nothing to get ready."""
        return self

    def take(self, part: Part) -> int:
        """No rows."""
        raise ValueError("Ana Prueba")


@dataclass(frozen=True, slots=True)
class Killed(Counting):
    """Is killed, as by a machine without memory."""

    def start(self) -> "Killed":
        """Nothing to get ready."""
        return self

    def take(self, part: Part) -> int:
        """No rows."""
        os.kill(os.getpid(), signal.SIGKILL)
        return 0
