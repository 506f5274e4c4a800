"""What people do in their browsers."""

import os
from pathlib import Path
from typing import Literal

import httpx2
from axe_playwright_python.async_playwright import Axe
from axe_playwright_python.base import AxeResults
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    ViewportSize,
    expect,
)

from api.caller import COOKIE
from tests.browser.centre import SUPPORT_LINE, Centre
from tests.browser.office import PATIENCE_SECONDS

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
AXE = Axe()
JUDGE = """
async (options) => {
  const found = await axe.run(document, options);
  return { ...found, passes: [], incomplete: [], inapplicable: [] };
}
"""
SCHEMES_LOOKED_FOR: dict[Scheme, dict[str, object]] = {
    "light": {},
    "dark": {"runOnly": ["color-contrast"]},
}
TOASTS = """
(visibility) => {
  for (const each of document.querySelectorAll(".toasts")) each.style.visibility = visibility;
}
"""
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


async def new_context(browser: Browser, **context: object) -> BrowserContext:
    # Without transitions nothing is measured or pictured half way.
    options = {"viewport": DESK, "locale": "en-GB", "reduced_motion": "reduce", **context}
    made = await browser.new_context(**options)  # type: ignore[arg-type] # typed per option
    made.set_default_timeout(PATIENCE_SECONDS * 1000)
    return made


async def browser_of(
    browser: Browser, centre: Centre, who: str, **context: object
) -> BrowserContext:
    """Return the browser that somebody uses in all stories; with options, one for this story."""
    if context:
        return await new_context(browser, **context)
    if who not in centre.browsers:
        centre.browsers[who] = await new_context(browser)
    return centre.browsers[who]


async def log_in(
    browser: Browser, centre: Centre, name: str, path: str = "/workspace", **context: object
) -> Page:
    """Open a page as somebody of the demo brand; the context's options are Playwright's."""
    used = await browser_of(browser, centre, name, **context)
    token = await centre.office.token(name)
    await used.add_cookies([{"name": COOKIE, "value": token, "url": centre.workspace}])
    page = await used.new_page()
    await go(page, f"{centre.workspace}{path}")
    return page


async def go(page: Page, address: str) -> None:
    """Load a page and wait until its scripts have: keys pressed before do nothing."""
    await page.goto(address)
    await loaded(page)


async def reload(page: Page) -> None:
    """Load a page again, and wait for its scripts."""
    await page.reload()
    await loaded(page)


async def loaded(page: Page) -> None:
    """Wait until a page's scripts have loaded and what it follows has begun."""
    await page.wait_for_load_state()
    shown = page.locator("#connection")
    if "/workspace" in page.url or await shown.count():
        await expect(shown).to_contain_text("Live")


async def holding(
    browser: Browser, centre: Centre, name: str, *numbers: str, is_open: bool = True
) -> Page:
    """Open the page of somebody who takes work and holds a conversation with each number.

    `is_open`: the first conversation is open on it.
    """
    await centre.office.be(name, "online")
    for number in numbers:
        await text_from(centre, number, f"Hello from {number}")
    held = [await centre.office.held_by(name, number) for number in numbers]
    path = f"/workspace/{held[0]}?view=mine" if is_open else "/workspace"
    return await log_in(browser, centre, name, path)


async def phone(
    browser: Browser, centre: Centre, number: str, line: str = SUPPORT_LINE, **context: object
) -> Page:
    """Open a consumer's phone."""
    page = await (await browser_of(browser, centre, "phone", **context)).new_page()
    await page.goto(f"{centre.phones}/?phone=%2B{number[1:]}&line=%2B{line[1:]}")
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


def shown(number: str) -> str:
    """Return a number as the workspace writes it."""
    return f"{number[:2]} {number[2:5]} {number[5:8]} {number[8:]}"


def entry(page: Page, number: str) -> Locator:
    """Return a consumer's conversation in the list."""
    return page.locator(".entry", has_text=shown(number))


async def open_conversation(page: Page, number: str) -> None:
    await entry(page, number).click()
    await expect(page.get_by_role("heading", name=shown(number), level=1)).to_be_visible()


async def act(page: Page, name: str) -> None:
    """Do what stands in the menu of the open conversation."""
    await page.locator(".more-actions > summary").click()
    await page.locator(".more-actions").get_by_role("button", name=name, exact=True).click()


async def close(page: Page) -> None:
    """Close the open conversation."""
    await page.get_by_role("button", name="Close", exact=True).click()
    dialog = page.get_by_role("dialog", name="Close this conversation?")
    await dialog.get_by_role("button", name="Close", exact=True).click()
    await expect(dialog).to_be_hidden()


async def reply(page: Page, words: str) -> None:
    await page.get_by_label("Your message").fill(words)
    await page.get_by_label("Your message").press("Control+Enter")
    await expect(page.locator(".message.agent .words").last).to_have_text(words)
    await expect(page.locator(".on-its-way .message")).to_have_count(0)
    await expect(page.get_by_label("Your message")).to_have_value("")


async def accessible(page: Page) -> None:
    """Assert that axe finds nothing, in light and dark: of which only colours differ."""
    for scheme, looked_for in SCHEMES_LOOKED_FOR.items():
        await page.emulate_media(color_scheme=scheme)
        await _judged(page, looked_for)


async def fits_a_pocket(page: Page) -> None:
    """Assert that axe finds nothing on a phone's screen, which shows nothing beside it.

    Its colours are those of any screen.
    """
    await page.set_viewport_size(POCKET)
    assert await page.evaluate("document.documentElement.scrollWidth") <= POCKET["width"]
    await _judged(page, {"rules": {"color-contrast": {"enabled": False}}})


async def _judged(page: Page, options: dict[str, object]) -> None:
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.axe_script)
    results = AxeResults(await page.evaluate(JUDGE, {"resultTypes": ["violations"], **options}))
    assert results.violations_count == 0, results.generate_report()


async def picture(page: Page, name: str, scheme: Scheme = "light") -> None:
    """Keep a picture for the documentation, when `make pictures` asks for them."""
    if "KEEP_PICTURES" not in os.environ:
        return
    await page.emulate_media(color_scheme=scheme)
    await page.wait_for_timeout(150)
    PICTURES.mkdir(parents=True, exist_ok=True)
    # Toasts come and go; what they lie over is what is pictured.
    await page.evaluate(TOASTS, "hidden")
    await page.screenshot(path=PICTURES / f"{name}.png")
    await page.evaluate(TOASTS, "visible")
