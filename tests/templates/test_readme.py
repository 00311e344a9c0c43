"""The guide for staff tells the truth: its names and filters are all there, its recipes check and render."""

import re
import textwrap

import pytest

from schemas.enums import Channel
from templates.catalog import TemplateCatalog
from templates.locale_filters import FILTERS_FOR_TEMPLATES
from templates.names import ALL_NAMES
from templates.placeholders import sample_context
from templates.render import render
from tests.templates.conftest import SAMPLES

GUIDE = (SAMPLES / "README.md").read_text(encoding="utf-8")
_RECIPE = re.compile(r"`([a-zA-Z-]+/[a-z_0-9.]+\.j2)`\n\n *```jinja\n(.*?)\n *```", re.DOTALL)
RECIPES = {path: textwrap.dedent(text) for path, text in _RECIPE.findall(GUIDE)}


@pytest.mark.parametrize("half", [0, 1], ids=["es", "en"])
def test_every_name_and_filter_is_in_both_languages(half: int) -> None:
    words = set(re.findall(r"[a-z_]+(?:\.[a-z_]+)?", GUIDE.split("\n# Templates\n")[half]))
    assert words >= ALL_NAMES
    assert set(FILTERS_FOR_TEMPLATES) <= words


def test_the_recipes_check_and_render() -> None:
    samples = {
        f"{file.parent.name}/{file.name}": file.read_text(encoding="utf-8") for file in SAMPLES.glob("*/_macros.j2")
    }
    catalog = TemplateCatalog.from_sources(samples | RECIPES)
    assert [str(problem) for problem in catalog.problems()] == []
    assert len(catalog.templates()) == 11
    for template in catalog.templates():
        context = sample_context(template.language, template.channel)
        message = render(template, context)
        assert context.creditor.name in message.text
        if template.channel is Channel.SMS:
            assert message.parts <= 2
