"""Handling a conversation by keyboard: labels, a snooze, the end with its reason, and after it."""

import re

from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.centre import Centre
from tests.browser.people import accessible, fits_a_pocket, log_in, picture, text_from

WORKSPACE = "/workspace"


async def held(browser: Browser, centre: Centre, name: str, number: str) -> Page:
    """Open the conversation that somebody holds with a number."""
    await centre.office.be(name, "online")
    await text_from(centre, number, "Where is my tent?")
    conversation = await centre.office.held_by(name, number)
    page = await log_in(browser, centre, name, f"{WORKSPACE}/{conversation}?view=mine")
    # Its texts may be there before what can be done with it, and keys do nothing until then.
    await expect(head(page).get_by_role("button").first).to_be_visible()
    return page


def head(page: Page) -> Locator:
    return page.locator(".conversation .head")


def dialog(page: Page, title: str) -> Locator:
    return page.get_by_role("dialog", name=title)


async def press(page: Page, key: str) -> None:
    """Press a key outside of every box."""
    await page.locator(".entry, .head a, .tabs a").first.focus()
    await page.keyboard.press(key)


async def test_from_a_label_to_a_note_after_the_end(browser: Browser, centre: Centre) -> None:
    await centre.office.ask_of_closing(True)
    number = "+15550200801"
    page = await held(browser, centre, "ben", number)

    await press(page, "l")
    labels = dialog(page, "Labels")
    await accessible(page)
    await labels.get_by_label("Find a label").press_sequentially("ref")
    await page.keyboard.press("Enter")  # puts the first one found on
    await expect(labels.get_by_role("checkbox", name="Refund")).to_be_checked()
    await page.keyboard.press("Enter")
    await expect(labels).to_have_count(0)
    await page.get_by_role("button", name="Undo").hover()  # it stays as long as that
    await expect(head(page)).to_contain_text("Refund")
    await expect(page.locator(".entry .label")).to_have_text("Refund")
    await expect(page.locator(".happened").last).to_contain_text("Ben added the label Refund")
    await page.get_by_role("button", name="Undo").click()
    await expect(head(page)).not_to_contain_text("Refund")

    await press(page, "p")
    urgency = dialog(page, "Priority")
    await expect(urgency.get_by_role("radio", name="Normal")).to_be_focused()
    await accessible(page)
    await page.keyboard.press("ArrowUp")
    await expect(urgency.get_by_role("radio", name="High")).to_be_checked()
    await page.keyboard.press("Enter")
    await expect(head(page).locator(".priority")).to_have_text("High")
    await expect(page.locator(".entry .priority")).to_have_text("High")
    await expect(page.locator(".happened").last).to_contain_text("Ben set the priority to high")

    await press(page, "z")
    snooze = dialog(page, "Snooze")
    await expect(snooze.get_by_role("radio").first).to_be_focused()
    await accessible(page)
    await snooze.get_by_role("radio", name="Only when they text").check()
    await page.keyboard.press("Enter")
    await expect(head(page)).to_contain_text("Snoozed until they text")
    await expect(page.locator(".entry", has_text="020 0801")).to_have_count(0)
    await page.get_by_role("link", name="Snoozed 1").click()
    await expect(page.locator(".entry", has_text="020 0801")).to_be_visible()
    await text_from(centre, number, "Hello again")
    await page.get_by_role("link", name=re.compile("^Mine")).click()
    await expect(page.locator(".entry", has_text="Hello again")).to_be_visible()
    await expect(head(page)).not_to_contain_text("Snoozed")

    await press(page, "z")
    await snooze.get_by_role("radio", name=re.compile("Tomorrow morning")).check()
    await snooze.get_by_role("button", name="Snooze").click()
    await expect(head(page)).to_contain_text("Snoozed until")
    await press(page, "z")  # the same key brings it back
    await expect(head(page)).not_to_contain_text("Snoozed")
    await page.get_by_label("More", exact=True).click()
    await head(page).get_by_role("button", name="Hold auto-close").click()
    await expect(page.locator(".toasts")).to_contain_text("Auto-close is on hold.")

    await press(page, "e")
    closing = dialog(page, "Close this conversation?")
    await expect(closing.get_by_role("radio", name="Sold")).to_have_count(0)  # of another skill
    await picture(page, "closing-light")
    await accessible(page)
    await closing.get_by_role("radio", name="Solved").check()
    await closing.get_by_role("checkbox", name="Complaint").check()
    await closing.get_by_label("Ask the consumer to rate it").uncheck()
    await page.keyboard.press("Enter")
    await expect(head(page)).to_contain_text("Closed")
    await expect(head(page)).to_contain_text("Complaint")
    await expect(page.locator(".happened", has_text="Closed by Ben: Solved")).to_be_visible()

    await page.get_by_label("Your message").fill("Refund is on its way")
    await page.get_by_label("Your message").press("Control+Enter")
    await expect(page.locator(".message.note").last).to_contain_text("Refund is on its way")
    await page.get_by_role("button", name="Change the closing reason").click()
    await dialog(page, "Closing reason").get_by_role("radio", name="No answer").check()
    await page.keyboard.press("Enter")
    await expect(page.locator(".context")).to_contain_text("No answer")
    await expect(page.get_by_role("button", name="Resume")).to_be_visible()
    await accessible(page)
    await fits_a_pocket(page)


async def test_a_close_that_needs_a_reason_and_a_consumer_who_is_blocked(
    browser: Browser, centre: Centre
) -> None:
    page = await held(browser, centre, "ben", "+15550200802")
    await press(page, "e")
    closing = dialog(page, "Close this conversation?")
    await expect(closing).to_contain_text("The consumer is asked to rate it.")
    # A manager asks for reasons from now on: the dialog that is open knows it at once or is told.
    await centre.office.ask_of_closing(True)
    await closing.get_by_role("button", name="Close").click()
    told = closing.get_by_role("alert").filter(has_text="Choose one: No answer, Solved.")
    await expect(told.or_(closing.get_by_text("Closing reason (required)")).first).to_be_visible()
    await closing.get_by_role("radio", name="Solved").check()
    await closing.get_by_role("button", name="Close").click()
    await expect(closing).to_have_count(0)

    page = await held(browser, centre, "ben", "+15550200804")
    await page.get_by_label("Your message").fill("It is on its way")
    await page.get_by_label("Your message").press("Control+Shift+Enter")
    await expect(page.locator(".message.agent").last).to_contain_text("It is on its way")
    # The text was sent; the dialog asks for what the close lacks.
    closing = dialog(page, "Close this conversation?")
    await closing.get_by_role("radio", name="Solved").check()
    await page.keyboard.press("Enter")
    await expect(head(page)).to_contain_text("Being rated")

    boss = await held(browser, centre, "mia", "+15550200803")
    await boss.get_by_label("More", exact=True).click()
    await boss.get_by_role("button", name="Block").click()
    await dialog(boss, "Block the consumer?").get_by_label("Reason").fill("Sends threats")
    await boss.keyboard.press("Enter")
    await boss.get_by_role("button", name="Undo").hover()  # it stays as long as that
    await expect(boss.locator(".context")).to_contain_text("Sends threats")
    await boss.get_by_role("button", name="Undo").click()
    await expect(boss.locator(".context")).to_contain_text("Can be texted")
