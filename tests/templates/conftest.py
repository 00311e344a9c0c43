"""Fixtures: the shipped samples, and a context with every value set."""

from pathlib import Path

import pytest

from templates.catalog import TemplateCatalog
from templates.context import TemplateContext
from templates.placeholders import sample_context

SAMPLES = Path(__file__).resolve().parents[2] / "templates"


@pytest.fixture(scope="session")
def samples() -> TemplateCatalog:
    return TemplateCatalog.load(SAMPLES)


@pytest.fixture
def context() -> TemplateContext:
    return sample_context("es-MX")
