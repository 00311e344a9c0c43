"""The scripted day is one that can be played, and its command tells the truth about how it went."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from campaigns.replies import Intent
from channels.phones import canonical
from schemas.outcome_events import OUTBOUND
from services.demo.day_script import SCRIPT, Deed

COMMAND = Path(sys.executable).with_name("puntual")


def test_the_acts_follow_each_other_through_the_day() -> None:
    assert all(one.at < two.at for one, two in pairwise(SCRIPT))
    ways = {act.who.way for act in SCRIPT}
    assert len(ways) == 3
    assert {act.deed for act in SCRIPT} == set(Deed)


def test_everybody_is_told_before_they_speak() -> None:
    told = set()
    for act in SCRIPT:
        if act.deed is Deed.FALLS_DUE:
            told.add(act.who.ref)
        assert act.who.ref in told
        assert canonical(act.who.phone) == act.who.phone


def test_what_is_expected_are_words_that_can_be_published() -> None:
    published = {name.removeprefix("io.puntual.").removesuffix(".v1") for name in OUTBOUND}
    for act in SCRIPT:
        assert {*act.expects, *act.never} <= published
        assert act.intent in ("", *Intent)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_day_goes_as_its_script_says(data_dir: Path) -> None:
    data_dir.mkdir()
    environment = {**os.environ, "PUNTUAL_DATA_DIR": str(data_dir)}
    done = subprocess.run([COMMAND, "simulators", "day"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("every expectation held\n")
    for words in ("BAJA", "[2711]", "entendido / understood: promise", "HX", "optout.recorded"):
        assert words in done.stdout
