"""The worlds of the end-to-end tests, one for each module and so for one worker."""

from tests.end_to_end.fixtures import make_world, world

__all__ = ["make_world", "world"]
