"""The mails of the samples in a real browser on a phone: nothing too wide, nothing unreadable, nothing fetched."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
import pytest_asyncio

from schemas.enums import Channel
from templates.catalog import TemplateCatalog
from templates.context import AgencyContext, OptOutContext, TemplateContext
from templates.placeholders import sample_context
from templates.render import render
from templates.template import Template
from tests.chromium import Page, chromium_page
from tests.repository.tree import ROOT

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.chromium]

SHOTS = ROOT / "build" / "screenshots"
WIDTH, HEIGHT = 390, 844
READABLE = 4.5
SHOWN = {"vence_hoy_formal", "vencido_1"}
"""One with an HTML part of its own and one without."""

TOO_WIDE = """[...document.querySelectorAll('body, body *')].filter((element) =>
    element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map((element) => element.outerHTML.slice(0, 120))"""
UNREADABLE = """(async () => {
    const picture = new Image(); picture.src = 'data:image/png;base64,%s'; await picture.decode();
    const canvas = new OffscreenCanvas(picture.width, picture.height), pen = canvas.getContext('2d');
    pen.drawImage(picture, 0, 0);
    const scale = picture.width / document.documentElement.clientWidth;
    const linear = (part) => part <= 10 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4;
    const contrast = (box) => {
        const at = [box.left, box.top, box.width, box.height].map((side) => Math.round(side * scale));
        const data = pen.getImageData(...at).data; let low = 1, high = 0;
        for (let i = 0; i < data.length; i += 4) {
            const light = 0.2126 * linear(data[i]) + 0.7152 * linear(data[i + 1]) + 0.0722 * linear(data[i + 2]);
            low = Math.min(low, light); high = Math.max(high, light);
        }
        return (high + 0.05) / (low + 0.05);
    };
    const faint = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const range = document.createRange(); range.selectNodeContents(walker.currentNode);
        if (!walker.currentNode.data.trim()) continue;
        const worst = Math.min(...[...range.getClientRects()].filter((box) => box.width >= 4).map(contrast));
        if (!(worst >= %s)) faint.push([worst, walker.currentNode.data.trim().slice(0, 60)]);
    }
    return faint;
})()"""
"""Every line of text against the ground it is drawn on, measured in the picture itself."""


@lru_cache
def mails(language: str) -> tuple[Template, ...]:
    """The shipped mails of a language and its countries."""
    found = TemplateCatalog.load(ROOT / "templates").templates()
    return tuple(each for each in found if each.channel is Channel.EMAIL and each.language.startswith(language))


def longest(template: Template) -> TemplateContext:
    """A context whose links and names are as long as they get."""
    usual = sample_context(template.language, Channel.EMAIL)
    assert usual.payment is not None
    notice = "Cobranza Ejemplo, S.A. de C.V., por cuenta de Financiera Demo. Domicilio: Av. Reforma 1. " * 3
    link = f"https://mensajes.financiera-ejemplo.com.test/l/{'4f7Kq2ZtXw' * 4}"
    return replace(
        usual,
        creditor=replace(
            usual.creditor, address="Av. Paseo de la Reforma 222, 06600 Ciudad de México", registration="1"
        ),
        payment=replace(usual.payment, link=link),
        opt_out=OptOutContext(None, f"https://mensajes.financiera-ejemplo.com.test/u/{'0f' * 16}.{'s' * 43}"),
        agency=AgencyContext("Cobranza Ejemplo, S.A. de C.V.", notice),
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page() -> AsyncIterator[Page]:
    """A phone."""
    async with chromium_page() as opened:
        size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 2, "mobile": True}
        await opened.command("Emulation.setDeviceMetricsOverride", **size)
        yield opened


async def show(page: Page, template: Template, folder: Path, *, dark: bool = False) -> str:
    """Open a mail; gives its file name."""
    content = render(template, longest(template))
    path = folder / f"{template.name}-{template.language}.html"
    path.write_text(content.html or "", encoding="utf-8")
    scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
    await page.command("Emulation.setEmulatedMedia", features=scheme)
    await page.command("Emulation.setAutoDarkModeOverride", enabled=dark)
    page.requests.clear()
    await page.open(path.as_uri())
    return path.stem


async def picture(page: Page) -> str:
    """The whole mail as a PNG in base 64."""
    height = await page.value("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": WIDTH, "height": height, "scale": 1}
    taken = await page.command("Page.captureScreenshot", captureBeyondViewport=True, format="png", clip=clip)
    return str(taken["data"])


@pytest.mark.parametrize("language", ["es", "en", "pt"])
async def test_on_a_phone_no_mail_is_wider_than_the_screen_and_none_fetches_anything(
    page: Page, tmp_path: Path, language: str
) -> None:
    wide = {}
    for template in mails(language):
        name = await show(page, template, tmp_path)
        wide[name] = await page.value(TOO_WIDE)
        assert await page.value("document.documentElement.scrollWidth") <= WIDTH, wide[name]
        assert [address for address in page.requests if not address.startswith("file:")] == []
    assert {name: elements for name, elements in wide.items() if elements} == {}
    assert page.complaints == []


@pytest.mark.parametrize("language", ["es", "en", "pt"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_every_line_is_readable_in_light_and_where_the_reader_makes_mails_dark(
    page: Page, tmp_path: Path, language: str, dark: bool
) -> None:
    for template in mails(language):
        if template.name in SHOWN and template.language == language:
            name = await show(page, template, tmp_path, dark=dark)
            taken = await picture(page)
            SHOTS.mkdir(parents=True, exist_ok=True)
            (SHOTS / f"email-{name}-{'dark' if dark else 'light'}.png").write_bytes(base64.b64decode(taken))
            expression = UNREADABLE % (taken, READABLE)
            told = {"expression": expression, "awaitPromise": True, "returnByValue": True}
            answer = await page.command("Runtime.evaluate", **told)
            assert answer["result"]["value"] == []
            assert "Financiera Demo" in await page.value("document.body.innerText")
