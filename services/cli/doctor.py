"""`puntual check`: is this deployment fit to run, and with which settings?"""

import asyncio
import json
import os
import traceback
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from services import doctor, doctor_content
from services.doctor import Finding, Level
from services.settings import Settings
from services.settings_rules import SettingsProblem
from services.settings_view import settings_rows

CHECKS: dict[str, doctor.Check] = {
    "database": doctor.check_database,
    "kafka": doctor.check_kafka,
    "providers": doctor_content.check_providers,
    "creditors": doctor.check_creditors,
    "packs": doctor_content.check_packs,
    "campaigns": doctor_content.check_campaigns,
    "templates": doctor_content.check_templates,
    "time zones": doctor.check_zones,
}


def check(
    show_settings: Annotated[
        bool, typer.Option("--settings", help="List every setting with its value, secrets masked, and stop.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Look at settings, database, Kafka, topics, files and time zones; exit 1 on any problem."""
    try:
        settings = Settings.load()
    except SettingsProblem as error:
        findings = [Finding("settings", Level.PROBLEM, str(fault)) for fault in error.faults]
        _report(findings, as_json)
        raise typer.Exit(1) from None
    if show_settings:
        _print_settings(settings, as_json)
        return
    findings = [*doctor.check_settings(settings, os.environ), *asyncio.run(_examine(settings))]
    _report(findings, as_json)
    if any(finding.level is Level.PROBLEM for finding in findings):
        raise typer.Exit(1)


async def _examine(settings: Settings) -> list[Finding]:
    return [finding for part, examine in CHECKS.items() for finding in await _findings(part, examine, settings)]


async def _findings(part: str, examine: doctor.Check, settings: Settings) -> list[Finding]:
    """What one check found; a fault of the check itself is a finding too, and hides no other part."""
    try:
        return await examine(settings)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        message = f"the check failed: {type(error).__name__} at {place.filename}:{place.lineno}; please report this"
        return [Finding(part, Level.PROBLEM, message)]


def _report(findings: Sequence[Finding], as_json: bool) -> None:
    if as_json:
        _print_json([asdict(finding) for finding in findings])
        return
    for finding in findings:
        typer.echo(f"{finding.level:<8} {finding.part:<11} {finding.message}")


def _print_settings(settings: Settings, as_json: bool) -> None:
    rows = settings_rows(settings, os.environ)
    if as_json:
        _print_json([asdict(row) for row in rows])
        return
    widest = max(len(row.variable) for row in rows)
    for row in rows:
        typer.echo(f"{row.variable:<{widest}}  {row.value or '(empty)'}  [{row.source}]  {row.meaning}")


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
