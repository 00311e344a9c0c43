"""What the demonstration shows where its output is read later or by a program."""

import io

from rich.console import Console

from services.demo.screen import showing
from services.demo.story import Story


def test_without_a_terminal_the_doors_are_told_at_once_and_each_fact_on_a_line() -> None:
    written, story = io.StringIO(), Story()
    with showing(story, Console(file=written, width=140), "http://127.0.0.1:8080", "caballo"):
        assert "Console: http://127.0.0.1:8080/console   user demo, password caballo" in written.getvalue()
        story.tell("Ana Torres: message.delivered")
        assert written.getvalue().splitlines()[-1] == "Ana Torres: message.delivered"
    assert "What happened (read back from Kafka)" in written.getvalue()
