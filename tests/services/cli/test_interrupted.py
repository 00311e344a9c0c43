"""Ctrl-C in the second in which the modules of a command are still being read."""

import subprocess
import sys

_INTERRUPTING = """
import sys
from importlib.abc import MetaPathFinder

class CtrlC(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "services.cli.serve":
            raise KeyboardInterrupt

from services.cli import main
sys.meta_path.insert(0, CtrlC())
sys.argv = ["puntual", "serve"]
main()
"""


def test_an_interruption_while_modules_are_read_ends_without_a_traceback() -> None:
    ended = subprocess.run([sys.executable, "-c", _INTERRUPTING], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")
