"""A line for a module's tests, each with people of its own; and a line of the test's own, whose clock may be moved."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, Protocol

import pytest
import pytest_asyncio

from channels.simulators.behaviour import SimulatorSettings
from tests.end_to_end.fixtures import a_database
from tests.services.calls.line import QUICK, Line, a_line


class MakeLine(Protocol):
    """Makes lines that end with the test."""

    def __call__(self, **settings: Any) -> Any:
        """A context in which the line works."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_line(postgres_dsn: str, template_database: str, tmp_path_factory: Any) -> AsyncIterator[Line]:
    """A working line on a Tuesday morning."""
    async with (
        a_database(postgres_dsn, template_database) as dsn,
        a_line(dsn, tmp_path_factory.mktemp("line")) as made,
    ):
        yield made


@pytest.fixture
def line(shared_line: Line) -> Line:
    """The module's line, its provider behaving well."""
    for knob in fields(SimulatorSettings):
        setattr(shared_line.twilio.settings, knob.name, getattr(QUICK(), knob.name))
    return shared_line


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def proving_line(postgres_dsn: str, template_database: str, tmp_path_factory: Any) -> AsyncIterator[Line]:
    """A working line whose lender asks for the year of birth."""
    async with (
        a_database(postgres_dsn, template_database) as dsn,
        a_line(dsn, tmp_path_factory.mktemp("line"), proof="birth_year") as made,
    ):
        yield made


@pytest.fixture
def make_line(database_url: str, tmp_path: Path) -> Iterator[MakeLine]:
    """Makes a line of the test's own."""

    @asynccontextmanager
    async def make(**settings: Any) -> AsyncIterator[Line]:
        async with a_line(database_url, tmp_path, **settings) as made:
            yield made

    return make
