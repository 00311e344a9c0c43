"""The worlds of the end-to-end tests, one for each module and so for one worker."""

from pathlib import Path

import pytest

from tests.end_to_end.fixtures import make_world, world

__all__ = ["make_world", "world"]

_HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a module together: they share its world."""
    for item in items:
        if item.path.parent == _HERE:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
