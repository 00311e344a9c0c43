"""Prints what the package needs at run time, one a line, so that an image can install it before the code."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))["project"]
sys.stdout.write("\n".join(project["dependencies"]) + "\n")
