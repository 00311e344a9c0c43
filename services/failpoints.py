"""Named places where a test may stop the process dead, to prove what survives; inert unless asked for.

`PUNTUAL_FAILPOINT=name` kills the process the first time it passes that place, `name:3` the third time.
"""

import asyncio
import os
import signal

VARIABLE = "PUNTUAL_FAILPOINT"


class _Armed:
    def __init__(self, text: str) -> None:
        self.name, _, times = text.partition(":")
        self.left = int(times) if times.isdigit() else 1


_armed = _Armed(os.environ.get(VARIABLE, ""))


async def failpoint(name: str) -> None:
    """Die here, as by SIGKILL, if this is the place and the time."""
    if name != _armed.name:
        return
    _armed.left -= 1
    if _armed.left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
        await asyncio.Event().wait()


def armed() -> bool:
    """Whether any failpoint is set, which production refuses."""
    return bool(_armed.name)
