"""How people find a conversation: one field, filters, views, what is unread, a date."""

import asyncio
import re
from contextlib import suppress
from datetime import UTC, datetime

from playwright.async_api import Browser, Locator, Page, Route, expect
from sqlalchemy import text as sql

from database.engine import opened
from tests.browser.centre import Centre
from tests.browser.people import (
    Complaints,
    accessible,
    fits_a_pocket,
    holding,
    loaded,
    log_in,
    reply,
    text_from,
)
from tests.fixtures.centre import eventually

FIRST, SECOND, THIRD = "+15550204401", "+15550204402", "+15550204403"
CLOSED = 260
TRIES, SOON_MS = 12, 5000
OLD = """
    WITH numbered AS (
        SELECT n, gen_random_uuid() AS id, '+155502055' || lpad(n::text, 3, '0') AS phone
        FROM generate_series(1, :count) AS n
    ), known AS (
        INSERT INTO consumer (id, account_id, number, phone)
        SELECT id, 'acme', phone, phone FROM numbered RETURNING id
    )
    INSERT INTO conversation (id, account_id, line_id, consumer_id, workflow_id, number, sequence,
        status, pending_side, skill_id, agent_id, opened_by, opened_at, closed_at, last_text)
    SELECT gen_random_uuid(), 'acme', 'acme-support', id, 'old' || n, 1, 1, 'closed', 'consumer',
        'acme-billing', 'acme-mia', 'consumer',
        timestamptz '2026-01-02 12:00Z' - n * interval '1 hour', now(), 'Old number ' || n
    FROM numbered
"""


def shown(number: str) -> str:
    """Return a number as pages show it."""
    return re.sub(r"^(\+1)(\d{3})(\d{3})(\d{4})$", r"\1 \2 \3 \4", number)


def entry(page: Page, number: str) -> Locator:
    return page.locator(".entry", has_text=shown(number))


async def search(page: Page, typed: str, option: str) -> Locator:
    """Type into the search field, and return what it offers under some words."""
    field = page.get_by_role("combobox", name="Search and commands")
    await page.keyboard.press("Control+k")
    await expect(field).to_be_focused()
    await page.keyboard.type(typed)
    offered = page.get_by_role("option").filter(has_text=option).first
    await expect(offered).to_be_visible()
    return offered


async def search_words(page: Page, typed: str, option: str) -> Locator:
    """The same for a word of a text, again and again: on a busy machine it is found late."""
    field = page.get_by_role("combobox", name="Search and commands")
    offered = page.get_by_role("option").filter(has_text=option).first
    for _ in range(TRIES):
        await page.keyboard.press("Control+k")
        await expect(field).to_be_focused()
        await field.fill("")
        await page.keyboard.type(typed)
        with suppress(AssertionError):
            await expect(offered.locator("mark")).to_have_text(typed, timeout=SOON_MS)
            break
    return offered


async def test_everything_is_found_by_keyboard_from_one_field(
    browser: Browser, centre: Centre
) -> None:
    page = await holding(browser, centre, "mia", FIRST, SECOND, is_open=False)
    found = Complaints(page)
    await text_from(centre, SECOND, "My voucher is gone: 77123")
    await expect(entry(page, SECOND)).to_contain_text("77123")
    await expect(page.locator(".list")).to_be_visible()
    await page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Search and commands")
    await expect(field).to_be_focused()
    await page.keyboard.type("…4402")
    option = page.get_by_role("option", name=re.compile(re.escape(shown(SECOND))))
    await expect(option).to_have_attribute("aria-selected", "true")
    described = await field.get_attribute("aria-activedescendant")
    assert described == await option.get_attribute("id")
    await expect(page.get_by_role("status").filter(has_text="found")).to_have_text("1 found")
    await accessible(page)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=shown(SECOND), level=1)).to_be_visible()
    for typed, number in (("77123 vouch", SECOND), ("555 020 4401", FIRST), (f"{FIRST}", FIRST)):
        await search(page, typed, shown(number))
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name=shown(number), level=1)).to_be_visible()
    # Words lead to the text that has them; the keys of an action work without the mouse.
    option = await search_words(page, "voucher", shown(SECOND))
    await expect(option.locator("mark")).to_have_text("voucher")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.found")).to_contain_text("77123")
    await search(page, "transf", "Transfer")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_contain_text("Transfer")
    await page.keyboard.press("Escape")
    await search(page, "ann", "Conversations of Ann")
    await page.keyboard.press("Escape")
    await expect(field).to_have_value("")
    await search(page, "billing", "Conversations in Billing")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Escape")
    for odd in ("%", "a", "\u202e", "x" * 400, "w " * 200):
        await page.keyboard.press("/")
        await page.keyboard.insert_text(odd)
        await expect(page.locator(".offered")).to_be_visible()
        await page.keyboard.press("Escape")
    await search(page, "board", "Board")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("/board$"))
    assert found.found == []


async def test_a_text_that_is_found_late_does_not_take_the_next_search_away(
    browser: Browser, centre: Centre
) -> None:
    page = await holding(browser, centre, "mia", FIRST, SECOND, is_open=False)
    await text_from(centre, SECOND, "My parcel is gone: 90210")
    await expect(entry(page, SECOND)).to_contain_text("90210")
    read = asyncio.Event()

    async def slowly(route: Route) -> None:
        await read.wait()
        await route.continue_()

    await page.route("**/entries?at=*", slowly)
    option = await search_words(page, "parcel", shown(SECOND))
    await expect(option.locator("mark")).to_have_text("parcel")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=shown(SECOND), level=1)).to_be_visible()
    await search(page, "555 020 4401", shown(FIRST))
    read.set()
    await expect(page.locator(".message.found")).to_contain_text("90210")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=shown(FIRST), level=1)).to_be_visible()


async def test_what_is_unread_is_marked_on_every_page_and_new_texts_begin_at_a_line(
    browser: Browser, centre: Centre
) -> None:
    today = datetime.now(UTC).date()
    page = await holding(browser, centre, "mia", FIRST, SECOND)
    other = await log_in(browser, centre, "mia")
    unread = ".unread-mark"
    await expect(entry(page, FIRST).locator(unread)).to_have_count(0)
    await expect(entry(other, FIRST).locator(unread)).to_have_count(0)
    await expect(entry(page, SECOND).locator(unread)).to_contain_text("1 new text")
    await text_from(centre, SECOND, "Are you there?")
    await text_from(centre, SECOND, "Hello?")
    for each in (page, other):
        await expect(entry(each, SECOND).locator(unread)).to_contain_text("3 new texts")
    await entry(page, SECOND).click()
    for each in (page, other):
        await expect(entry(each, SECOND).locator(unread)).to_have_count(0)
    await reply(page, "We are here")
    await entry(page, FIRST).click()
    await expect(page.get_by_role("heading", name=shown(FIRST), level=1)).to_be_visible()
    await text_from(centre, SECOND, "Then where is it?")
    await expect(entry(page, SECOND).locator(unread)).to_contain_text("1 new text")
    await entry(page, SECOND).click()
    await expect(page.get_by_text("New since you looked")).to_be_visible()
    after = page.locator(".new-line + .message")
    await expect(after).to_contain_text("Then where is it?")
    # Unread is not unanswered: read, it still waits for a reply; marked, it is unread again.
    await expect(entry(other, SECOND)).to_contain_text("Waiting")
    await page.get_by_label("Transcript").focus()
    await page.keyboard.press("u")
    await expect(page.get_by_role("heading", name="Choose a conversation")).to_be_visible()
    for each in (page, other):
        await expect(entry(each, SECOND).locator(unread)).to_have_count(1)
    await page.keyboard.type("gu")
    await expect(page.locator(".entry")).to_have_count(1)
    await expect(page.get_by_role("button", name="Unread")).to_have_attribute(
        "aria-pressed", "true"
    )
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=shown(SECOND), level=1)).to_be_visible()
    await page.get_by_label("Transcript").focus()
    await page.keyboard.type("gd")
    dialog = page.get_by_role("dialog", name="Go to a date")
    await dialog.get_by_label("Date").fill(today.isoformat())
    await page.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(page.locator(".log .found")).to_have_count(1)
    await accessible(page)


async def test_lists_are_filtered_kept_as_views_and_read_to_their_end(
    browser: Browser, centre: Centre
) -> None:
    url = str(centre.crew.settings.database.database_url)
    async with opened(url, pool_size=2, name="old ones") as sessions, sessions.begin() as session:
        await session.execute(sql(OLD), {"count": CLOSED})
    page = await holding(browser, centre, "mia", THIRD, is_open=False)
    ann = await log_in(browser, centre, "ann")
    await page.get_by_role("link", name="All", exact=True).click()
    # What waits is on top of any number of others, and the last one can be reached.
    await expect(page.locator(".entry").first).to_contain_text(shown(THIRD))
    await page.get_by_label("Filter and order").click()
    await page.get_by_label("Skill", exact=True).select_option(label="Billing")
    await page.get_by_label("Number").fill("…055260")
    await page.get_by_label("Number").press("Enter")
    await expect(page.locator(".entry")).to_have_count(1)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Without Number …055260").click()
    await expect(page.locator(".entry").first).to_contain_text("Old number 1")
    listed = page.locator(".entries")
    last = page.locator(".entry", has_text=f"Old number {CLOSED}")

    async def reached() -> bool:
        await listed.evaluate("list => list.scrollTo(0, list.scrollHeight)")
        return await last.is_visible()

    await eventually(reached)
    assert await page.locator(".entry").count() < CLOSED / 3, "only what is in sight is drawn"
    place = page.locator("[data-conversation-entry]", has=last)
    await expect(place).to_have_attribute("aria-posinset", str(CLOSED))
    await last.focus()
    await page.keyboard.press("k")
    await expect(page.locator(".entry:focus")).to_contain_text(f"Old number {CLOSED - 1}")
    await page.get_by_role("button", name="Keep as a view").click()
    dialog = page.get_by_role("dialog", name="Keep this list as a view")
    await dialog.get_by_label("Name").fill("Billing, all of it")
    await dialog.get_by_label("For everybody").check()
    await accessible(page)
    await dialog.get_by_role("button", name="Keep").click()
    await expect(page.locator(".views > summary")).to_contain_text("Billing, all of it")
    await ann.reload()
    await loaded(ann)
    await ann.get_by_label("More lists").click()
    await expect(ann.get_by_role("link", name="Billing, all of it")).to_be_visible()
    await page.locator(".views > summary").click()
    await page.get_by_role("button", name="Arrange views").click()
    await page.get_by_role("button", name="Delete the view Billing, all of it").click()
    await expect(page.locator(".view-list li")).to_have_count(0)
    await page.get_by_role("button", name="Close").click()
    await fits_a_pocket(page)
