"""The collector of cycles, told to look rarely: work in batches makes many objects and next to no cycles."""

import gc

_YOUNG = 100_000
_MIDDLE = 50
_OLD = 1000


def collect_rarely() -> None:
    """Leave what was loaded alone, and look at new objects by the hundred thousand; a third less work in ingest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
