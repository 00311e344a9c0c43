"""What `puntual check` asks of the files that staff keep: providers, packs, campaigns, templates."""

import os
from collections.abc import Mapping, Sequence
from datetime import date

from campaigns.pack_model import PackStatus
from campaigns.packs import PackProblem, Packs, load_packs
from channels.config import ProvidersFile
from channels.errors import ProvidersFileError
from channels.registry import build_registry
from services.clock import clock_from
from services.creditors import Creditor, load_creditors
from services.doctor import Finding, Level
from services.lint import lint_paths
from services.lint_surroundings import load_surroundings
from services.settings import Settings
from services.yaml_document import DocumentProblem, read_document
from templates.catalog import TemplateCatalog


async def check_providers(settings: Settings) -> list[Finding]:
    """Whether the providers file and its secrets can be used; what has no adapter yet is a warning."""
    file = settings.providers_file
    try:
        parsed = read_document(file, ProvidersFile)
        registry = build_registry(parsed, environ=os.environ, production=settings.production, file=str(file))
    except DocumentProblem as error:
        return [Finding("providers", Level.PROBLEM, fault) for fault in error.faults]
    except ProvidersFileError as error:
        return [Finding("providers", Level.PROBLEM, f"{file}: {problem}") for problem in error.problems]
    await registry.close()
    usable = f"{len(registry.providers)} of {len(parsed.providers)} usable, from {file}"
    warnings = [Finding("providers", Level.WARNING, f"{file}: {warning}") for warning in registry.warnings]
    return [Finding("providers", Level.OK, usable), *warnings]


async def check_packs(settings: Settings) -> list[Finding]:
    """Whether the packs can be read, and those of our creditors are there, in date and approved."""
    try:
        packs = load_packs(settings.packs_dir)
    except PackProblem as error:
        return [Finding("packs", Level.PROBLEM, f"{error.file}:{error.line}:{error.column}: {error.message}")]
    today = clock_from(settings).now().date()
    found = [
        finding
        for creditor in _creditors(settings).values()
        for finding in _pack_of(creditor, packs, today=today, production=settings.production)
    ]
    return [Finding("packs", Level.OK, f"{len(packs.ids)} in {settings.packs_dir}"), *dict.fromkeys(found)]


async def check_campaigns(settings: Settings) -> list[Finding]:
    """Whether every definition could run."""
    surroundings, _reported_elsewhere = load_surroundings(settings, clock_from(settings).now())
    report = lint_paths([settings.campaigns_dir], surroundings)
    return _placed("campaigns", report.problems, f"clean in {settings.campaigns_dir}")


async def check_templates(settings: Settings) -> list[Finding]:
    """Whether every template compiles and uses only names that exist."""
    catalog = TemplateCatalog.load(settings.templates_dir)
    fine = f"{len(catalog.templates())} in {settings.templates_dir}"
    return _placed("templates", catalog.problems(), fine)


def _creditors(settings: Settings) -> Mapping[str, Creditor]:
    """The creditors, none where their file has faults, which are told by their own check."""
    try:
        return load_creditors(settings.creditors_file)
    except DocumentProblem:
        return {}


def _pack_of(creditor: Creditor, packs: Packs, *, today: date, production: bool) -> list[Finding]:
    pack = packs.get(creditor.jurisdiction)
    if pack is None:
        message = f"creditor {creditor.ref} is under {creditor.jurisdiction}, which has no pack: nothing will be sent"
        return [Finding("packs", Level.PROBLEM, message)]
    found = []
    if pack.review_by < today:
        message = f"{pack.id} had to be reviewed by {pack.review_by}: nothing is sent until it is"
        found.append(Finding("packs", Level.PROBLEM, message))
    if pack.status is not PackStatus.COUNSEL_APPROVED:
        level = Level.PROBLEM if production else Level.WARNING
        message = f"{pack.id} is {pack.status}: it sends in development, production needs counsel's approval"
        found.append(Finding("packs", level, message))
    return found


def _placed(part: str, problems: Sequence[object], fine: str) -> list[Finding]:
    return [Finding(part, Level.PROBLEM, str(problem)) for problem in problems] or [Finding(part, Level.OK, fine)]
