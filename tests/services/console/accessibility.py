"""axe-core, fetched once by npm, asked about a page."""

import json
import os
import shutil
import subprocess
import tarfile
from functools import cache
from typing import Any

import pytest

from tests.chromium import Page
from tests.repository.tree import ROOT

_VERSION = "4.11.0"
_FOLDER = ROOT / "build" / "axe"
_GRAVE = {"serious", "critical"}


@cache
def axe_or_skip() -> str:
    """The source of axe-core; skips the test where npm is missing or can't fetch it, but never in CI."""
    path = _FOLDER / f"axe-{_VERSION}.js"
    if not path.exists():
        problem = _fetch(path)
        if problem and os.environ.get("CI") == "true":
            raise AssertionError(problem)
        if problem:
            pytest.skip(problem)
    return path.read_text("utf-8")


async def violations(page: Page) -> list[str]:
    """Serious and critical violations of a page, each with the element it is about."""
    await page.value(axe_or_skip() + ";0")
    # What fades in or out has other colours meanwhile than those that anybody reads.
    ending = "document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime < Infinity)"
    still = f"Promise.all({ending}.map((each) => each.finished.catch(() => 0))).then(() => 0)"
    await page.command("Runtime.evaluate", expression=still, awaitPromise=True)
    run = "axe.run(document, {resultTypes: ['violations']}).then((found) => JSON.stringify(found.violations))"
    answer = await page.command("Runtime.evaluate", expression=run, returnByValue=True, awaitPromise=True)
    found: list[dict[str, Any]] = json.loads(answer["result"]["value"])
    return [
        f"{each['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for each in found
        if each["impact"] in _GRAVE
        for node in each["nodes"]
    ]


def _fetch(path: Any) -> str:
    """Put the source there; gives why it could not."""
    npm = shutil.which("npm")
    if npm is None:
        return "accessibility needs npm, not found on this machine"
    _FOLDER.mkdir(parents=True, exist_ok=True)
    packed = subprocess.run(
        [npm, "pack", f"axe-core@{_VERSION}", "--silent"], cwd=_FOLDER, capture_output=True, text=True, timeout=120
    )
    if packed.returncode != 0:
        return f"npm can't fetch axe-core: {packed.stderr.strip()[:200]}"
    with tarfile.open(_FOLDER / packed.stdout.strip().splitlines()[-1]) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        path.write_bytes(member.read())
    return ""
