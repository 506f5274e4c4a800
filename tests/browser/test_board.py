"""A manager's board: alerts, people, and what is done to many conversations at once."""

from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.centre import Centre
from tests.browser.people import (
    DESK,
    Complaints,
    accessible,
    fits_a_pocket,
    log_in,
    picture,
    reload,
    text_from,
)

WAITING = {
    "+15550300801": "Where is my order 40117?",
    "+15550300802": "Can I change the delivery address?",
    "+15550300803": "Do you have the Fjord jacket in L?",
}


def dialog(page: Page, title: str) -> Locator:
    return page.get_by_role("dialog", name=title)


async def choose_all(page: Page, action: str) -> None:
    """Choose what is shown, and begin to do something to it."""
    await expect(page.locator(".line")).to_have_count(len(WAITING))
    await page.get_by_role("checkbox", name="Select all").check()
    bar = page.get_by_role("group", name="Actions for the selected conversations")
    await expect(bar).to_contain_text(f"{len(WAITING)} selected")
    await bar.get_by_role("button", name=action, exact=True).click()


async def test_a_manager_sees_to_a_queue_and_takes_back_what_was_a_mistake(
    browser: Browser, centre: Centre
) -> None:
    mia = await log_in(browser, centre, "mia", "/board")
    complaints = Complaints(mia)
    support, sales = mia.locator("#queue-acme-support"), mia.locator("#queue-acme-sales")
    for number, words in WAITING.items():
        await text_from(centre, number, words)
    await expect(support.locator(".figure")).to_have_text("3")
    await expect(support.get_by_role("img", name="How long they have waited")).to_be_visible()
    alert = mia.get_by_role("status", name="Alerts").locator(".alert", has_text="nobody is online")
    await expect(alert).to_contain_text("Conversations are waiting for Support")
    await accessible(mia)

    # A transfer goes to the wrong skill, and is taken back.
    await alert.get_by_role("button", name="See them").click()
    await expect(mia.locator(".line")).to_have_count(len(WAITING))
    await picture(mia, "board-light")
    await picture(mia, "board-dark", "dark")
    await choose_all(mia, "Transfer")
    transfer = dialog(mia, "Transfer 3 conversations")
    await transfer.get_by_label("To").select_option("Sales")
    await accessible(mia)
    await transfer.get_by_role("button", name="Transfer").click()
    strip = mia.locator(".job")
    await expect(strip).to_contain_text("Transferring 3 conversations Done.")
    await expect(strip).to_contain_text("3 done")
    await expect(sales.locator(".figure")).to_have_text("3")
    await expect(mia.get_by_text("No conversations match.")).to_be_visible()
    await strip.get_by_role("button", name="Undo").click()
    await expect(strip).to_contain_text("Undoing the transfer of 3 conversations Done.")
    await expect(support.locator(".figure")).to_have_text("3")
    await strip.get_by_role("button", name="Dismiss").click()

    # What is chosen gets a label; the page comes back as it was.
    await choose_all(mia, "Label")
    labels = dialog(mia, "Label 3 conversations")
    await labels.get_by_role("group", name="Refund").get_by_label("Add").check()
    await labels.get_by_role("button", name="Label").click()
    await expect(mia.locator(".line .label")).to_have_text(["Refund"] * 3)
    await reload(mia)
    await expect(strip).to_contain_text("Labelling 3 conversations Done.")
    await strip.get_by_role("button", name="Undo").click()
    await expect(mia.locator(".line .label")).to_have_count(0)

    # Somebody is sent to work, with room for one at a time.
    ann, row = await log_in(browser, centre, "ann"), mia.locator("#board-acme-ann")
    await row.get_by_role("button", name="Set state and capacity of Ann").click()
    person = dialog(mia, "State and capacity of Ann")
    await person.get_by_label("Online").check()
    await person.get_by_label("Capacity").fill("3")
    await accessible(mia)
    await person.get_by_role("button", name="Set").click()
    await expect(row).to_contain_text("Online")
    await expect(row).to_contain_text("of 3")
    await expect(ann.locator("#own-state")).to_contain_text("Online")
    await ann.locator(".menu.notices > summary").click()
    await expect(ann.locator(".notice-list")).to_contain_text("Mia")
    held = row.get_by_role("button", name="See the conversations of Ann")
    await expect(held).to_be_visible()
    await held.hover()
    await expect(row.locator(".peek")).to_contain_text("Where is my order")
    await held.click()
    await expect(mia.locator(".line").first).to_contain_text("Ann")
    await accessible(mia)
    await picture(mia, "board-list")
    await fits_a_pocket(mia)
    await mia.set_viewport_size(DESK)
    await row.get_by_role("button", name="Set state and capacity of Ann").click()
    await person.get_by_label("Capacity").fill("")
    await expect(person.get_by_label("Capacity")).to_have_value("")
    await person.get_by_role("button", name="Set").click()
    await expect(row).to_contain_text("of 50")

    # Closing asks first; it cannot be taken back.
    await mia.keyboard.press("o")
    await choose_all(mia, "Close")
    close = dialog(mia, "Close 3 conversations?")
    await expect(close).to_contain_text("This cannot be undone.")
    await close.get_by_role("button", name="Close").click()
    await expect(strip.first).to_contain_text("Closing 3 conversations")
    await expect(strip.first).to_contain_text("3 done")
    await expect(strip.first.get_by_role("button", name="Undo")).to_have_count(0)
    await expect(mia.get_by_text("No conversations match.")).to_be_visible()
    assert complaints.found == []
