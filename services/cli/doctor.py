"""`puntual check`: is this deployment fit to run, and with which settings?"""

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from services import doctor, doctor_content
from services.doctor import Finding, Level
from services.settings import Settings
from services.settings_rules import SettingsProblem
from services.settings_view import settings_rows

CHECKS: tuple[doctor.Check, ...] = (
    doctor.check_database,
    doctor.check_kafka,
    doctor_content.check_providers,
    doctor.check_creditors,
    doctor_content.check_packs,
    doctor_content.check_campaigns,
    doctor_content.check_templates,
    doctor.check_zones,
)


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
    return [finding for examine in CHECKS for finding in await examine(settings)]


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
