"""A line of the test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.services.calls.line import Line, a_line


@pytest.fixture
async def line(database_url: str, tmp_path: Path) -> AsyncIterator[Line]:
    """A working line on a Tuesday morning."""
    async with a_line(database_url, tmp_path) as made:
        yield made
