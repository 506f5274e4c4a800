"""What agents rely on in the workspace: refusals, keys, an ended log-in, a pocket, preferences."""

import re

from playwright.async_api import Browser, Page, Route, expect

from tests.browser.centre import SUPPORT_LINE, Centre
from tests.browser.people import (
    DESK,
    POCKET,
    SCHEMES,
    Complaints,
    accessible,
    be,
    close,
    entry,
    fault,
    fits_a_pocket,
    holding,
    loaded,
    log_in,
    new_context,
    open_conversation,
    phone,
    reload,
    reply,
    shown,
    text,
    text_from,
)

WORDS = "Your message"


async def test_texts_that_fail_say_why_and_too_long_ones_stay_in_the_box(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200004"
    page = await holding(browser, centre, "mia", number)
    box, counter = page.get_by_label(WORDS), page.locator(".writing .counter")
    await box.fill("x" * 1601)
    await expect(counter).to_contain_text("too long to send")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(box).to_have_value("x" * 1601)
    await expect(page.locator(".message.agent")).to_have_count(0)
    await box.fill("😀" * 801)
    await expect(counter).to_contain_text("1602 of 1600 characters")
    await fault(centre, "undelivered", error_code=30003)
    await reply(page, "Are you there?")
    await expect(page.locator(".message.agent .delivery")).to_contain_text("Not delivered")
    await expect(page.locator(".message.agent .failure")).to_contain_text("Provider code: 30003.")
    await accessible(page)


async def test_an_agent_begins_with_a_number_and_works_by_keyboard(
    browser: Browser, centre: Centre
) -> None:
    known, new = "+15550200006", "+15550200007"
    page = await holding(browser, centre, "mia", known, is_open=False)
    consumer = await phone(browser, centre, new)
    await page.get_by_role("button", name="New").click()
    dialog = page.get_by_role("dialog", name="Text a number")
    await accessible(page)
    await dialog.get_by_label("Phone number").fill("12")
    await dialog.get_by_label("Text", exact=True).fill("Your tent is ready to collect.")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("international form")
    await dialog.get_by_label("Phone number").fill(new)
    await dialog.get_by_role("combobox").select_option(label=f"Support line ({SUPPORT_LINE})")
    await dialog.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("heading", name=shown(new), level=1)).to_be_visible()
    await expect(consumer.locator(".text.brand")).to_contain_text("ready to collect")
    await _by_keyboard(page, known, new)


async def _by_keyboard(page: Page, known: str, new: str) -> None:
    """Answer another conversation, add a note and close it, without a mouse."""
    await page.get_by_label(WORDS).focus()
    await page.keyboard.press("Escape")
    await expect(page.locator(".entry:focus")).to_have_count(1)
    await page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard")
    await expect(sheet).to_contain_text("Send what is in the box")
    await accessible(page)
    await page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    if await page.locator(".entry:focus", has_text=shown(new)).count():
        # The other is beneath or above it: it waits for an answer or not.
        await page.keyboard.press("k")
        if await page.locator(".entry:focus", has_text=shown(new)).count():
            await page.keyboard.press("j")
    await expect(page.locator(".entry:focus", has_text=shown(known))).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=shown(known), level=1)).to_be_visible()
    await expect(page.get_by_label(WORDS)).to_be_focused()
    await page.keyboard.type("j and k, typed in a box")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".message.agent .words")).to_have_text(["j and k, typed in a box"])
    await page.keyboard.press("Escape")
    await page.keyboard.press("n")
    await page.keyboard.type("By keyboard")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".message.note .words")).to_have_text(["By keyboard"])
    await page.keyboard.press("Escape")
    await page.keyboard.press("e")
    await expect(page.get_by_role("dialog", name="Close this conversation?")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.locator("h1 + p .status")).to_have_text("Being rated")


async def test_a_log_in_that_ends_is_asked_for_in_place_and_one_goes_on(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200008"
    page = await holding(browser, centre, "mia", number)
    address = page.url
    # What the page tells of by itself would be the first to be asked who it is.
    await centre.office.told("mia", number)
    await centre.office.seen("mia")
    await page.get_by_label(WORDS).fill("Half a tho")
    await page.context.clear_cookies()
    # Who is asked in the middle of a word must not go on in the field of the password.
    await page.evaluate("fetch('/v1/me', { headers: { 'X-Switchboard': '1' } })")
    await page.get_by_label(WORDS).press_sequentially("ught", delay=400)
    await page.get_by_label(WORDS).press("Control+Enter")
    asked = page.get_by_role("dialog", name="Log in again")
    await expect(asked).to_contain_text("What you wrote is kept")
    await accessible(page)
    await asked.get_by_label("Password").fill("a wrong one")
    await asked.get_by_role("button", name="Log in").click()
    await expect(asked.get_by_role("alert")).to_contain_text("wrong")
    await asked.get_by_label("Password").fill("mia-loves-hiking")
    await asked.get_by_role("button", name="Log in").click()
    await expect(asked).to_have_count(0)
    await expect(page).to_have_url(address)
    await expect(page.locator(".message.agent .words")).to_have_text(["Half a thought"])
    await expect(page.locator("#connection")).to_contain_text("Live")
    await be(page, "Offline")


async def test_the_pages_fit_a_pocket_and_two_hundred_per_cent(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200009"
    page = await holding(browser, centre, "mia", number, is_open=False)
    await fits_a_pocket(page)
    await open_conversation(page, number)
    await reply(page, "Good morning!")
    await page.get_by_role("button", name="About the consumer").click()
    await expect(page.get_by_role("heading", name="This conversation")).to_be_visible()
    await page.get_by_role("button", name="About the consumer").click()
    consumer = await phone(browser, centre, number)
    await consumer.set_viewport_size(POCKET)
    await text(consumer, "STOP")
    await expect(consumer.locator(".text.carrier")).to_be_visible()
    await page.set_viewport_size({"width": 360, "height": 640})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    for one in (page, consumer):
        await fits_a_pocket(one)
    await page.set_viewport_size({"width": 720, "height": 450})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 720
    await page.set_viewport_size(DESK)


async def test_colours_density_and_size_are_set_by_hand_and_kept(
    browser: Browser, centre: Centre
) -> None:
    page = await holding(browser, centre, "mia", "+15550200010")
    height = await _height(page)
    await page.locator(".person > summary").click()
    await page.get_by_label("Density").select_option("Compact")
    await page.get_by_label("Size of text").select_option("Large")
    await page.get_by_label("Colours").select_option("Dark")
    await accessible(page)
    await reload(page)
    root = page.locator("html")
    await expect(root).to_have_attribute("data-density", "compact")
    await expect(root).to_have_attribute("data-size", "16")
    assert await page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert 0 < await _height(page) < height == 64
    await page.evaluate("localStorage.clear()")


async def _height(page: Page) -> float:
    """Return how high a conversation is in the list, in pixels."""
    box = await page.locator(".entry").first.bounding_box()
    return box["height"] if box else 0


async def test_the_first_pages_are_accessible(browser: Browser, centre: Centre) -> None:
    assert SCHEMES == ("light", "dark")
    page = await (await new_context(browser)).new_page()
    for address in (
        f"{centre.workspace}/log-in",
        f"{centre.phones}/",
        f"{centre.phones}/?phone=nobody",
    ):
        await page.goto(address)
        await accessible(page)


async def test_a_page_that_shows_more_than_a_restored_database_has_loads_all_again(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200011"
    page = await holding(browser, centre, "mia", number)
    found = Complaints(page)

    async def ahead(route: Route) -> None:
        await route.continue_(url=re.sub(r"after=\d+", "after=999999999", route.request.url))

    await page.route("**/workspace/stream*", ahead, times=1)
    async with page.expect_response("**/workspace/boot"):
        centre.cable.cut()
        centre.cable.mend()
    await loaded(page)
    await text_from(centre, number, "Is it there?")
    await expect(page.locator(".message.consumer .words").last).to_have_text("Is it there?")
    await expect(entry(page, number)).to_have_count(1)
    await close(page)
    assert found.found == []


async def test_what_could_not_be_read_is_read_again_and_a_held_key_confirms_nothing(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200012"
    page = await holding(browser, centre, "mia", number, is_open=False)

    async def busy(route: Route) -> None:
        headers = {"X-Request-ID": "busy", "Content-Type": "application/problem+json"}
        await route.fulfill(status=503, headers=headers, body='{"code": "busy"}')

    for address in ("**/entries?*", "**/opened", "**/workspace/list?*"):
        await page.route(address, busy, times=1)
    await page.get_by_role("link", name="All", exact=True).click()
    await open_conversation(page, number)
    await expect(page.locator(".message.consumer .words").last).to_contain_text("Hello from")
    await expect(page.get_by_label(WORDS)).to_be_visible()
    await page.get_by_role("button", name="Close", exact=True).focus()
    await page.keyboard.down("Enter")
    await page.keyboard.down("Enter")
    await page.keyboard.up("Enter")
    await expect(page.get_by_role("dialog", name="Close this conversation?")).to_be_visible()
    await expect(page.locator("h1 + p .status")).to_have_text("Open")
    await page.keyboard.press("Escape")


async def test_an_agent_with_nothing_to_do_is_told_so(browser: Browser, centre: Centre) -> None:
    page = await log_in(browser, centre, "ben")
    await expect(page.locator(".list .empty")).to_contain_text("You are offline")
    await page.get_by_role("button", name="Go online").click()
    await expect(page.locator(".list .empty")).to_contain_text("You have no conversations.")
    await page.get_by_role("link", name="Waiting").click()
    await expect(page.locator(".list .empty")).to_have_text("Nobody is waiting.")
    await accessible(page)
