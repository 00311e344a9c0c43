"""A simulation's result as tables in the terminal."""

from typing import Any

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from services.simulation.tables import tables_of


def print_tables(result: dict[str, Any]) -> None:
    """Every table that has something to say, on standard output."""
    console = Console(width=None if Console().is_terminal else 140)
    for table in tables_of(result):
        shown = RichTable(title=table.title, title_justify="left")
        for at, name in enumerate(table.columns):
            numeric = all(isinstance(row[at], int | float) for row in table.rows)
            shown.add_column(name, justify="right" if numeric else "left", overflow="fold")
        for row in table.rows:
            shown.add_row(*[Text(f"{cell:,}" if isinstance(cell, int | float) else str(cell)) for cell in row])
        console.print(shown)
