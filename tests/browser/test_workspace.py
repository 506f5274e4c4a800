"""What agents rely on in the workspace: drafts, refusals, keys, expiry, consumers' words."""

import asyncio
import re
from contextlib import suppress

from playwright.async_api import Browser, Frame, Route, expect
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from tests.browser.centre import SUPPORT_LINE, Centre
from tests.browser.office import PATIENCE_SECONDS
from tests.browser.people import (
    POCKET,
    SCHEMES,
    Complaints,
    accessible,
    be,
    fault,
    fits_a_pocket,
    holding,
    loaded,
    log_in,
    new_context,
    open_conversation,
    phone,
    picture,
    reload,
    reply,
    text,
    text_from,
)
from tests.fixtures.centre import eventually

WORDS = "Your message"


async def test_drafts_stay_with_their_conversation_until_they_are_sent(
    browser: Browser, centre: Centre
) -> None:
    first, second = "+15550200001", "+15550200002"
    page = await holding(browser, centre, "mia", first, second)
    await page.get_by_label(WORDS).fill("Half a thou")
    await open_conversation(page, second)
    await expect(page.get_by_label(WORDS)).to_have_value("")
    await page.get_by_label(WORDS).fill("Another")
    await reload(page)
    await expect(page.get_by_label(WORDS)).to_have_value("Another")
    await open_conversation(page, first)
    await expect(page.get_by_label(WORDS)).to_have_value("Half a thou")
    await expect(page.locator(".bar .counter")).to_have_text("11 of 1600 characters · 1 segment")
    # A text that comes while somebody writes leaves their words alone.
    await text_from(centre, first, "Are you there?")
    await expect(page.locator(".message.consumer")).to_have_count(2)
    await expect(page.get_by_label(WORDS)).to_have_value("Half a thou")
    await reply(page, "Half a thought, and the other half")
    await reload(page)
    await expect(page.get_by_label(WORDS)).to_have_value("")


async def test_what_consumers_write_is_shown_and_never_run(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200003"
    evil = "<img src=x onerror=\"document.title='owned'\"><script>alert(1)</script>"
    page = await holding(browser, centre, "mia", number)
    found = Complaints(page)
    consumer = await phone(browser, centre, number)
    await text(consumer, evil)
    await expect(page.locator(".message.consumer .words").last).to_have_text(evil)
    await expect(page.locator(".entry", has_text=number).locator(".preview")).to_have_text(evil)
    await reload(page)
    await expect(page.locator(".message.consumer .words").last).to_have_text(evil)
    await consumer.reload()
    await expect(consumer.locator(".text.consumer p").last).to_have_text(evil)
    assert "owned" not in await page.title()
    assert found.found == []


async def test_texts_that_fail_say_why_and_too_long_ones_stay_in_the_composer(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200004"
    page = await holding(browser, centre, "mia", number)
    await page.get_by_label(WORDS).fill("x" * 1601)
    await expect(page.locator(".bar .counter")).to_contain_text("too long to send")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("1601 characters; 1600 are allowed")
    await expect(page.get_by_label(WORDS)).to_have_value("x" * 1601)
    await page.get_by_label(WORDS).fill("😀" * 801)
    await expect(page.locator(".bar .counter")).to_contain_text("1602 of 1600 characters")
    await fault(centre, "undelivered", error_code=30003)
    await reply(page, "Are you there?")
    await expect(page.locator(".message.agent .delivery")).to_contain_text("Not delivered")
    await expect(page.locator(".message.agent .failure")).not_to_be_empty()
    await accessible(page)


async def test_a_text_sent_without_a_connection_leaves_by_itself_and_once(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200005"
    page = await holding(browser, centre, "mia", number)
    consumer = await phone(browser, centre, number)
    centre.cable.cut()
    await page.get_by_label(WORDS).fill("Only once")
    await page.get_by_label(WORDS).press("Control+Enter")
    await expect(page.locator(".on-its-way .message")).to_contain_text("There is no connection")
    await expect(page.get_by_label(WORDS)).to_have_value("")
    centre.cable.mend()
    await expect(page.locator(".on-its-way .message")).to_have_count(0)
    await expect(page.locator(".message.agent")).to_have_count(1)
    await expect(consumer.locator(".text.brand", has_text="Only once")).to_have_count(1)


async def test_an_agent_begins_with_a_number_and_moves_by_keyboard(
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
    await expect(page.get_by_role("heading", name=new, level=1)).to_be_visible()
    await loaded(page)
    await expect(consumer.locator(".text.brand")).to_contain_text("ready to collect")
    await page.locator("h1").click()
    await page.get_by_label("Transcript").focus()
    await page.keyboard.press("j")
    await expect(page.locator(".entry:focus")).to_have_count(1)
    here = await page.locator(".entry:focus strong").inner_text()
    if here == new:  # the last of the list, and open already
        await page.keyboard.press("k")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label(WORDS)).to_be_focused()


async def test_what_is_typed_and_pressed_before_the_scripts_have_loaded_waits_for_them(
    browser: Browser, centre: Centre
) -> None:
    page = await holding(browser, centre, "mia", "+15550200010")
    may_load = asyncio.Event()

    async def slowly(route: Route) -> None:
        await may_load.wait()
        await route.continue_()

    await page.route(re.compile("/(workspace|htmx.min).js$"), slowly)
    await page.reload(wait_until="commit")
    await page.get_by_label(WORDS).fill("Good morning!")
    await page.get_by_role("button", name="Send", exact=True).click()
    await page.locator(".state > summary").click()
    await page.get_by_role("button", name="Away", exact=True).click()
    await page.get_by_role("button", name="New").click()
    may_load.set()
    await expect(page.locator(".message.agent .words")).to_have_text(["Good morning!"])
    await expect(page.locator(".state > summary")).to_contain_text("Away")
    await expect(page.get_by_role("dialog", name="Text a number")).to_be_visible()
    await page.get_by_role("button", name="Cancel").click()

    may_load.clear()
    await page.reload(wait_until="commit")
    await page.get_by_label(WORDS).fill("Half a thought")
    await page.get_by_label("Transcript").focus()
    may_load.set()
    await loaded(page)
    await expect(page.get_by_label(WORDS)).to_have_value("Half a thought")
    await expect(page.get_by_label("Transcript")).to_be_focused()


async def test_a_log_in_that_ends_leads_to_the_log_in_and_back(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200008"
    page = await holding(browser, centre, "mia", number)
    address = page.url
    await page.context.clear_cookies()
    asked = page.get_by_role("heading", name="Log in")
    for _ in range(9):  # at the first cut the stream may be on its way, still with its log-in
        centre.cable.cut()
        centre.cable.mend()
        with suppress(PlaywrightTimeoutError):
            await asked.wait_for(timeout=5000)
            break
    await expect(asked).to_be_visible()
    await accessible(page)
    await picture(page, "log-in")
    await page.get_by_label("E-mail address").fill("mia@acme.example")
    await page.get_by_label("Password").fill("mia-loves-hiking")
    await page.get_by_role("button", name="Log in").click()
    await expect(page).to_have_url(address)
    await loaded(page)
    await be(page, "Offline")


async def test_both_pages_fit_a_pocket(browser: Browser, centre: Centre) -> None:
    number = "+15550200009"
    page = await holding(browser, centre, "mia", number, is_open=False)
    await fits_a_pocket(page)
    await picture(page, "workspace-pocket-list")
    await open_conversation(page, number)
    await reply(page, "Good morning!")
    await page.get_by_role("button", name="About the consumer").click()
    await expect(page.get_by_role("heading", name="This conversation")).to_be_visible()
    await page.get_by_role("button", name="About the consumer").click()
    consumer = await phone(browser, centre, number)
    await consumer.set_viewport_size(POCKET)
    await text(consumer, "STOP")
    await expect(consumer.locator(".text.carrier")).to_be_visible()
    for shown in (page, consumer):
        await fits_a_pocket(shown)
    await picture(consumer, "phone-pocket")


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


async def test_a_page_that_shows_more_than_a_restored_database_has_is_reloaded(
    browser: Browser, centre: Centre
) -> None:
    page = await log_in(browser, centre, "mia")
    loaded: list[Frame] = []
    page.on("framenavigated", lambda frame: loaded.append(frame))

    async def ahead(route: Route) -> None:
        await route.continue_(url=re.sub(r"after=\d+", "after=999999999", route.request.url))

    await page.route("**/workspace/live*", ahead, times=1)
    await page.goto(f"{centre.workspace}/", wait_until="commit")

    async def is_loaded_twice() -> bool:
        return len(loaded) == 2

    assert await eventually(is_loaded_twice, seconds=PATIENCE_SECONDS)
    await expect(page.locator("#connection")).to_contain_text("Live")
