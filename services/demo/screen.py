"""Shows the story: a table that grows while it happens, and the counts at the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from services.demo.articles import Articles
from services.demo.stage import USER
from services.demo.story import Line, Story

_ORDER = (
    "message.scheduled", "message.accepted", "message.delivered", "message.read", "message.unknown", "message.failed",
    "message.suppressed", "message.cancelled", "message.expired", "reply.received", "optout.recorded",
    "promise.recorded", "contactpoint.invalidated", "task.created",
)  # fmt: skip


@contextmanager
def showing(story: Story, console: Console, address: str, password: str) -> Iterator[None]:
    """Show the story while it happens: a table that grows, or, where nobody watches a screen, a line for each fact."""
    if console.is_terminal:
        with Live(get_renderable=lambda: _live(story, address, password), console=console, refresh_per_second=5):
            yield
        return
    console.print(_doors(address, password))
    story.tell = lambda text: console.print(text, highlight=False)
    yield
    console.print(_live(story, address, password))


def _live(story: Story, address: str, password: str) -> Group:
    """The story so far."""
    table = Table(title="Puntual", expand=True)
    for heading in ("Debtor", "Zone", "Segment", "Story", "What happened (read back from Kafka)", "Why"):
        table.add_column(heading, overflow="fold")
    for line in story.lines.values():
        person = line.person
        table.add_row(person.name, person.zone, person.segment, person.story, _happened(line), line.why)
    return Group(table, _doors(address, password))


def _doors(address: str, password: str) -> Group:
    console = Text(f"Console: {address}/console   user {USER}, password {password}", style="bold")
    hint = Text(f"API and metrics: {address}/docs  {address}/metrics   Ctrl-C stops", style="dim")
    return Group(console, hint)


def summary(story: Story, articles: Articles, *, twice: int) -> Group:
    """The counts read back from Kafka, and whether every expectation held."""
    table = Table(title="Outcomes on Kafka")
    table.add_column("event")
    table.add_column("count", justify="right")
    for name in [*_ORDER, *sorted(set(story.counts) - set(_ORDER))]:
        if story.counts[name]:
            table.add_row(name, str(story.counts[name]))
    table.add_row("people contacted twice", str(twice), style="bold")
    failures = story.failures
    verdict = "\n".join(failures) if failures else "every expectation held"
    return Group(table, _held(story, articles), Panel(verdict, style="red" if failures else "green"))


def _held(story: Story, articles: Articles) -> Table:
    """Who was held back by a rule, and where that rule is written."""
    table = Table(title="Held back, and by which rule")
    for heading in ("debtor", "rule", "where it is written"):
        table.add_column(heading)
    for line in story.lines.values():
        if line.rule and articles.of(line.rule):
            table.add_row(line.person.name, line.rule, articles.of(line.rule))
            continue
        reason = articles.at_start(line.person)
        if reason is not None:
            table.add_row(line.person.name, reason.rule, reason.source)
    return table


def _happened(line: Line) -> Text:
    text = Text()
    for name in dict.fromkeys(line.events):
        style = {"message.delivered": "green", "message.unknown": "yellow", "message.failed": "red"}.get(name, "")
        text.append(f"{name.removeprefix('message.')} ", style=style)
    return text
