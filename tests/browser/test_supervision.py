"""Offers, declining and transferring in browsers, and the manager who watches."""

import re

from playwright.async_api import Browser, Page, expect

from tests.browser.centre import Centre
from tests.browser.people import (
    DESK,
    Complaints,
    accessible,
    be,
    fits_a_pocket,
    go,
    loaded,
    log_in,
    reload,
    shown,
    text_from,
)

NUMBER = "+15550300001"
QUEUED = "+15550300002"


async def configure(ada: Page, centre: Centre, **settings: str) -> None:
    """Change the account's settings as an admin does."""
    await ada.goto(f"{centre.workspace}/admin/account")
    for label, value in settings.items():
        field = ada.locator(f"#{label}")
        if await field.evaluate("(field) => field.localName") == "select":
            await field.select_option(value)
        else:
            await field.fill(value)
    await ada.get_by_role("button", name="Save", exact=True).click()
    await expect(ada.get_by_role("status").filter(has_text="Saved.")).to_be_visible()


async def accept(page: Page) -> None:
    """Take what rings, and come to it."""
    await page.locator(".ring").get_by_role("button", name="Accept").click()
    await arrive(page, NUMBER)


async def arrive(page: Page, number: str) -> None:
    """Wait until a conversation's page has come and is live."""
    await expect(page.get_by_role("heading", name=shown(number), level=1)).to_be_visible()
    await loaded(page)


async def test_a_conversation_is_offered_declined_accepted_and_transferred_while_a_manager_watches(
    browser: Browser, centre: Centre
) -> None:
    ada, mia = await log_in(browser, centre, "ada"), await log_in(browser, centre, "mia")
    ann, ben = await log_in(browser, centre, "ann"), await log_in(browser, centre, "ben")
    complaints = [Complaints(page) for page in (ada, mia, ann, ben)]
    await configure(ada, centre, accept_mode="ring", response_seconds="15 min")
    await ada.goto(f"{centre.workspace}/admin/away-reasons")
    await ada.locator("#reasons").fill("Lunch\nTraining")
    await ada.get_by_role("button", name="Save").click()
    await expect(ada.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    await mia.get_by_role("navigation", name="Pages").get_by_role("link", name="Board").click()
    await expect(mia.locator("#connection")).to_contain_text("Live")
    for page in (ann, ben):
        await reload(page)

    # It rings at Ann, the only one there, and counts down; she passes it, and Ben takes it.
    await be(ann, "Online")
    await text_from(centre, NUMBER, "Hello, may I change my order?")
    ring = ann.locator(".ring")
    await expect(ring).to_contain_text(shown(NUMBER))
    await expect(ring).to_contain_text("may I change my order?")
    first = await ring.locator(".countdown").inner_text()
    await expect(ring.locator(".countdown")).not_to_have_text(first)
    await accessible(ann)
    await ann.get_by_role("button", name="Sound").click()
    await expect(ann.get_by_role("button", name="Sound")).to_have_attribute("aria-pressed", "false")
    await ann.get_by_role("button", name="Sound").click()  # the other stories hear it again
    await be(ben, "Online")
    await ring.get_by_role("button", name="Decline").click()
    await expect(ring).to_have_count(0)
    await expect(ben.locator(".ring")).to_contain_text(shown(NUMBER))
    await accept(ben)
    await expect(ben.locator(".head .response")).to_contain_text("Due")

    # The manager sees it without a reload.
    load = mia.locator("#board-acme-ben .agent-load")
    await expect(load).to_contain_text("of 50")
    await expect(mia.locator("#board-acme-ann")).to_contain_text("Online")
    await be(ann, "Away: Lunch")
    await expect(mia.locator("#board-acme-ann")).to_contain_text("Away: Lunch")

    await ben.get_by_role("button", name="Why here?").click()
    why = ben.get_by_role("dialog", name="Why here?")
    await expect(why).to_contain_text("Did not accept this conversation.")
    await accessible(ben)
    await why.get_by_role("button", name="Close", exact=True).click()

    # The dialog shows who is free. A named agent gets an offer, too.
    await be(ann, "Online")
    await ben.get_by_role("button", name="Transfer").click()
    dialog = ben.get_by_role("dialog", name="Transfer")
    await expect(dialog.locator(".target", has_text="Ann")).to_contain_text("Free: ")
    await expect(dialog.locator(".target", has_text="Sales")).to_contain_text("online")
    await accessible(ben)
    await dialog.get_by_role("radio", name="Ann").check()
    await dialog.get_by_role("button", name="Transfer").click()
    await expect(dialog).to_be_hidden()
    await accept(ann)

    # With nobody there it waits, with the reason; the manager takes it.
    await be(ann, "Away: Training")
    await be(ben, "Back soon")
    await text_from(centre, QUEUED, "Is anybody there?")
    await expect(mia.locator("#queue-acme-support")).to_contain_text("1")
    await accessible(mia)
    await fits_a_pocket(mia)
    await mia.set_viewport_size(DESK)
    await mia.locator("#queue-acme-support").get_by_role("button", name="See").click()
    await expect(mia.locator(".line", has_text=shown(QUEUED))).to_contain_text("Waiting")
    await accessible(mia)
    await go(mia, f"{centre.workspace}/workspace?view=waiting")
    entry = mia.locator(".entries > li", has_text=shown(QUEUED))
    await expect(entry).to_contain_text("Nobody who holds Support is online.")
    await accessible(mia)
    await entry.get_by_role("button", name="Take").click()
    await arrive(mia, QUEUED)
    assert [words for each in complaints for words in each.found] == []


async def test_an_admin_sets_hours_skills_and_people(browser: Browser, centre: Centre) -> None:
    ada = await log_in(browser, centre, "ada", "/admin/hours?skill=acme-billing")
    await ada.get_by_label("Monday").fill("09:00-12:30, 13:30-18:00")
    await ada.get_by_role("button", name="Copy Monday").click()
    friday = ada.get_by_label("Friday")
    await expect(friday).to_have_value("09:00-12:30, 13:30-18:00")
    await friday.fill("9 to 5")
    await ada.get_by_label("Thursday").fill("")
    await ada.get_by_role("button", name="Save").click()
    await expect(friday).to_be_focused()
    await expect(friday).to_have_attribute("aria-invalid", "true")
    await expect(friday).to_have_accessible_description(re.compile("^Write hours such as"))
    await accessible(ada)
    found = Complaints(ada)
    await friday.fill("22:00-04:00")
    await expect(friday).not_to_have_attribute("aria-invalid", "true")
    await ada.get_by_label("Date").first.fill("2026-12-25")
    await ada.get_by_label("Name").first.fill("Christmas")
    await ada.get_by_role("button", name="Save").click()
    await expect(ada.get_by_role("status")).to_have_text("Saved.")
    await accessible(ada)
    await ada.get_by_label("Country").select_option("DE")
    await ada.get_by_label("Region").select_option("BE")
    await ada.get_by_role("button", name="Be closed on these days").click()
    await expect(ada.get_by_label("Name 2", exact=True)).not_to_have_value("")
    await ada.goto(f"{centre.workspace}/admin/sources")
    await ada.get_by_label("Name").fill("Poster")
    await ada.get_by_label("Keyword").fill("SPRING")
    await ada.get_by_role("button", name="Create").click()
    await expect(ada.get_by_role("img", name="QR code")).to_be_visible()
    sources = ("sources", "sources/acme-poster", "sources/acme-poster/print")
    new = ("consent", "away-reasons", "routing")
    pages = (*new, "skills", "skills/acme-support", "agents", "agents/acme-ben", "account", "hours")
    for path in ("", *(f"/{page}" for page in (*pages, *sources))):
        await ada.goto(f"{centre.workspace}/admin{path}")
        await accessible(ada)
        await fits_a_pocket(ada)
        await ada.set_viewport_size(DESK)
    assert found.found == []
