"""What people do in their browsers."""

import os
from pathlib import Path
from typing import Literal

import httpx2
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect

from cli.demo import LOG_INS
from tests.browser.centre import SUPPORT_LINE, Centre

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
AXE = Axe()
SCHEMES_LOOKED_FOR: dict[Scheme, dict[str, list[str]]] = {
    "light": {},
    "dark": {"runOnly": ["color-contrast"]},
}
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
DESK: ViewportSize = {"width": 1440, "height": 900}
POCKET: ViewportSize = {"width": 390, "height": 844}


UNPLUGGED = ("net::ERR_", "htmx:sse:error")


class Complaints:
    """What a browser complained about: scripts that failed, content it refused to load.

    That there was no connection is no complaint: stories pull the cable.
    """

    def __init__(self, page: Page) -> None:
        self.found: list[str] = []
        page.on("pageerror", lambda error: self.found.append(str(error)))
        page.on("console", self._note)

    def _note(self, message: ConsoleMessage) -> None:
        was_unplugged = any(words in message.text for words in UNPLUGGED)
        if message.type in ("error", "warning") and not was_unplugged:
            self.found.append(f"{message.text} ({message.location.get('url')})")


async def log_in(browser: Browser, centre: Centre, name: str, **context: object) -> Page:
    """Log somebody of the demo brand in; the context's options are Playwright's."""
    page = await (await new_context(browser, **context)).new_page()
    person = next(each for each in LOG_INS if each.id == f"acme-{name}")
    await page.goto(f"{centre.workspace}/")
    await page.get_by_label("E-mail address").fill(person.email)
    await page.get_by_label("Password").fill(person.password)
    await page.get_by_role("button", name="Log in").click()
    await expect(page.locator("#connection")).to_contain_text("Live")
    return page


async def new_context(browser: Browser, **context: object) -> BrowserContext:
    # Without transitions nothing is measured or pictured half way.
    options = {"viewport": DESK, "locale": "en-GB", "reduced_motion": "reduce", **context}
    return await browser.new_context(**options)  # type: ignore[arg-type] # typed per option


async def phone(browser: Browser, centre: Centre, number: str, **context: object) -> Page:
    """Open a consumer's phone."""
    page = await (await new_context(browser, **context)).new_page()
    await page.goto(f"{centre.phones}/?phone=%2B{number[1:]}&line=%2B{SUPPORT_LINE[1:]}")
    await expect(page.locator("#live")).to_contain_text("Live")
    return page


async def text(phone: Page, words: str) -> None:
    """Text the brand from a phone."""
    await phone.get_by_label("Your text").fill(words)
    await phone.get_by_role("button", name="Send").click()
    await expect(phone.locator(".text.consumer").last).to_contain_text(words)


async def be(page: Page, state: str) -> None:
    """Set a person's own state."""
    await page.locator(".state > summary").click()
    await page.get_by_role("button", name=state, exact=True).click()
    await expect(page.locator(".state > summary")).to_contain_text(state)


async def text_from(centre: Centre, number: str, words: str) -> None:
    """Text the brand from a phone nobody looks at."""
    async with httpx2.AsyncClient(base_url=centre.phones) as carrier:
        sent = {"to": SUPPORT_LINE, "body": words}
        answer = await carrier.post(f"/phones/{number}/texts", json=sent)
    assert answer.json()["was_accepted"]


async def fault(centre: Centre, kind: str, **more: object) -> None:
    """Make the carrier fail at the next request."""
    async with httpx2.AsyncClient(base_url=centre.phones) as carrier:
        (await carrier.post("/faults", json={"kind": kind, **more})).raise_for_status()


async def open_conversation(page: Page, number: str) -> None:
    await page.locator(".entry", has_text=number).click()
    await expect(page.get_by_role("heading", name=number, level=1)).to_be_visible()


async def reply(page: Page, words: str) -> None:
    await page.get_by_label("Your message").fill(words)
    await page.get_by_label("Your message").press("Control+Enter")
    await expect(page.locator(".message.agent").last).to_contain_text(words)
    await expect(page.get_by_label("Your message")).to_have_value("")


async def accessible(page: Page) -> None:
    """Assert that axe finds nothing, in light and dark: of which only colours differ."""
    for scheme, looked_for in SCHEMES_LOOKED_FOR.items():
        await page.emulate_media(color_scheme=scheme)
        results = await AXE.run(page, options={"resultTypes": ["violations"], **looked_for})
        assert results.violations_count == 0, results.generate_report()


async def picture(page: Page, name: str, scheme: Scheme = "light") -> None:
    """Keep a picture for the documentation, when `make pictures` asks for them."""
    if "KEEP_PICTURES" not in os.environ:
        return
    await page.emulate_media(color_scheme=scheme)
    await page.wait_for_timeout(150)
    PICTURES.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=PICTURES / f"{name}.png")
