"""The command line: `puntual`. Each command's module is imported when it is asked for, so that answers are quick."""

import difflib
import importlib
import sys
from importlib.metadata import version

import typer

COMMANDS = {
    "serve": ("services.cli.serve", "serve_command", "Run the service: events in, messages out, outcomes back."),
    "demo": ("services.cli.demo", "demo", "A morning of a small portfolio, on the real pipeline."),
    "migrate": ("services.cli.serve", "migrate_command", "Bring the database schema up to date."),
    "check": ("services.cli.doctor", "check", "Doctor: look at everything a start needs."),
    "topics": ("services.cli.topics", "app", "The topics of the product."),
    "policy": ("services.cli.policy", "app", "Contact law: decisions and packs."),
    "campaigns": ("services.cli.campaigns", "app", "Campaign definitions."),
    "mail": ("services.cli.mail", "app", "Mail that comes back: bounces, complaints, answers."),
    "events": ("services.cli.events", "app", "Look at events as this service understands them."),
    "dlt": ("services.cli.dlt", "app", "Dead letters: look at them, put them back."),
    "portfolio": ("services.cli.portfolio", "app", "Portfolios from files."),
    "messages": ("services.cli.ledger", "messages_app", "Why a message was, or was not, sent."),
    "debtors": ("services.cli.ledger", "debtors_app", "Everything that happened to one person."),
    "stop": ("services.cli.stops", "stop", "The kill switch: stop sending, all or a part."),
    "start": ("services.cli.stops", "start", "Lift stops."),
    "closure": ("services.cli.closures", "app", "Emergency closures: days on which nobody is contacted."),
    "audit": ("services.cli.audit", "audit", "The audit log: who changed what."),
    "evidence": ("services.cli.evidence", "app", "Signed evidence for a regulator or an auditor."),
    "users": ("services.cli.users", "app", "Users of the console."),
    "keys": ("services.cli.keys", "app", "API keys."),
    "simulators": ("services.cli.simulators", "simulators", "Stand-ins for the providers."),
}
_USAGE = 2
_INTERRUPTED = 130


def main() -> None:
    """The `puntual` command."""
    name, rest = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("", [])
    if name in ("-h", "--help", ""):
        typer.echo(_help())
        sys.exit(0 if name else _USAGE)
    if name == "--version":
        typer.echo(f"puntual {version('puntual')}")
        return
    if name not in COMMANDS:
        typer.echo(f"puntual: there is no command '{name}'{_near(name)}; see puntual --help", err=True)
        sys.exit(_USAGE)
    try:
        app = _app(name)
    except KeyboardInterrupt:  # in the second in which the command's modules are read
        sys.exit(_INTERRUPTED)
    app(rest, prog_name=f"puntual {name}")


def _app(name: str) -> typer.Typer:
    module, attribute, _ = COMMANDS[name]
    found = getattr(importlib.import_module(module), attribute)
    if isinstance(found, typer.Typer):
        return found
    app = typer.Typer(add_completion=False, context_settings={"help_option_names": ["-h", "--help"]})
    app.command()(found)
    return app


def _near(name: str) -> str:
    close = difflib.get_close_matches(name, COMMANDS, n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


def _help() -> str:
    lines = [f"  {name:<12}{text}" for name, (_, _, text) in COMMANDS.items()]
    return "\n".join(
        [
            "Usage: puntual COMMAND [OPTIONS]",
            "",
            "Puntual: lawful reminders for lenders, each sent once, each explained.",
            "",
            "Commands (puntual COMMAND --help says more):",
            *lines,
            "",
            "Options:",
            "  --version   Show the version.",
            "  -h, --help  Show this message.",
        ]
    )
