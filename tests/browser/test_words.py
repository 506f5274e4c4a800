"""People's words in the workspace: notes stay notes, and nothing typed is lost, mixed up or run."""

import asyncio

from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.browser.centre import Centre
from tests.browser.people import (
    Complaints,
    accessible,
    act,
    close,
    entry,
    holding,
    log_in,
    open_conversation,
    phone,
    reload,
    reply,
    text,
    text_from,
)

WORDS = "Your message"
SECRET = "SECRET: known fraudster"


def box(page: Page) -> Locator:
    return page.get_by_label(WORDS)


def kind(page: Page, name: str) -> Locator:
    return page.get_by_label(name, exact=True)


async def is_note(page: Page, words: str) -> None:
    """Assert that words stand in the box, as a private note."""
    await expect(box(page)).to_have_value(words)
    await expect(kind(page, "Private note")).to_be_checked()
    await expect(page.get_by_role("button", name="Add note")).to_be_visible()
    await expect(box(page)).to_have_attribute("placeholder", "Only colleagues can read this")


async def test_a_half_written_note_stays_a_note_wherever_its_writer_goes(
    browser: Browser, centre: Centre
) -> None:
    first, second = "+15550200601", "+15550200602"
    page = await holding(browser, centre, "ben", first, second)
    await expect(box(page)).to_have_attribute("placeholder", "Write to the consumer")
    await box(page).fill("Half a reply")
    await kind(page, "Private note").check()
    # What is typed at once is the note's, and no shortcut.
    await expect(box(page)).to_be_focused()
    await page.keyboard.type(SECRET)
    await expect(box(page)).to_have_value(SECRET)
    # A text that comes while somebody writes leaves their words alone.
    await text_from(centre, first, "Are you there?")
    await expect(page.locator(".message.consumer")).to_have_count(2)
    await is_note(page, SECRET)
    await reload(page)
    await is_note(page, SECRET)
    await open_conversation(page, second)
    await expect(box(page)).to_have_value("")
    await expect(kind(page, "Reply")).to_be_checked()
    await box(page).fill("For the second")
    await open_conversation(page, first)
    await is_note(page, SECRET)
    await page.go_back()
    await expect(box(page)).to_have_value("For the second")
    await page.go_forward()
    await is_note(page, SECRET)
    await kind(page, "Reply").check()
    await expect(box(page)).to_have_value("Half a reply")
    await kind(page, "Private note").check()
    await box(page).press("Control+Enter")
    await expect(page.locator(".message.note .words")).to_have_text([SECRET])
    await expect(page.locator(".message.agent")).to_have_count(0)
    await kind(page, "Reply").check()
    await expect(box(page)).to_have_value("Half a reply")


async def test_words_outlive_a_take_over_a_return_and_a_close(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200603"
    page = await holding(browser, centre, "ben", number)
    await box(page).fill("A reply of Ben's")
    path = page.url.removeprefix(centre.workspace).replace("view=mine", "view=all")
    mia = await log_in(browser, centre, "mia", path)
    await is_note(mia, "")
    await box(mia).fill(SECRET)
    await mia.get_by_role("button", name="Join", exact=True).click()
    await expect(kind(mia, "Reply")).to_be_visible()
    await is_note(mia, SECRET)
    await mia.get_by_role("button", name="Take over", exact=True).click()
    await mia.get_by_role("dialog").get_by_role("button", name="Take over").click()
    await expect(mia.get_by_role("button", name="Take over", exact=True)).to_have_count(0)
    await is_note(mia, SECRET)
    await expect(page.get_by_text("Another agent holds this conversation.")).to_be_visible()
    await expect(box(page)).to_have_count(0)
    await expect(page.get_by_text("Your draft is kept")).to_contain_text("A reply of Ben's")
    await act(mia, "Return to queue")
    await mia.get_by_role("dialog").get_by_role("button", name="Return").click()
    await expect(kind(page, "Reply")).to_be_checked()
    await expect(box(page)).to_have_value("A reply of Ben's")
    await expect(page.get_by_text("Your draft is kept")).to_have_count(0)
    await close(mia)
    await expect(page.locator("h1 + p .status")).to_have_text("Being rated")
    said = page.get_by_text("Your draft was not sent")
    await expect(said).to_contain_text("A reply of Ben's")
    await reload(page)
    await expect(said).to_contain_text("A reply of Ben's")


PRESSED = """
(box, how) => box.dispatchEvent(new KeyboardEvent("keydown", {
  key: "Enter", ctrlKey: true, bubbles: true, cancelable: true, ...how,
}))
"""


async def test_a_held_key_sends_nothing_and_a_proxys_answer_erases_and_shows_nothing(
    browser: Browser, centre: Centre
) -> None:
    number, by_a_proxy = "+15550200608", "<h1>Hotel: log in, room and name</h1>"
    page = await holding(browser, centre, "ben", number)
    await box(page).fill("にほん")
    await box(page).evaluate(PRESSED, {"isComposing": True})
    await box(page).evaluate(PRESSED, {"repeat": True})
    await expect(box(page)).to_have_value("にほん")
    await reply(page, "にほんご")
    await expect(page.locator(".message.agent .words")).to_have_text(["にほんご"])
    status = 413

    async def answer(route: Route) -> None:
        await route.fulfill(status=status, body=by_a_proxy, content_type="text/html")

    await page.route("**/replies", answer)
    for status in (403, 500):
        await box(page).fill(f"Words for {status}")
        await box(page).press("Control+Enter")
        alert = page.get_by_role("alert").filter(has_text="Something went wrong. Try again.")
        await expect(alert).to_be_visible()
        await expect(box(page)).to_have_value(f"Words for {status}")
    status = 200
    await box(page).fill("Only once")
    await box(page).press("Control+Enter")
    await expect(page.locator(".on-its-way .message .words")).to_have_text("Only once")
    await expect(page.get_by_text("Hotel")).to_have_count(0)
    await page.unroute("**/replies")
    await expect(page.locator(".message.agent .words")).to_have_text(["にほんご", "Only once"])
    await expect(page.locator(".on-its-way .message")).to_have_count(0)

    # A dialog without an answer yet can be cancelled, and is not sent twice.
    answered = asyncio.Event()

    async def slowly(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await page.route("**/close", slowly)
    await page.get_by_role("button", name="Close", exact=True).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Close", exact=True).click()
    await expect(dialog.locator("button.primary")).to_be_disabled()
    await expect(dialog.get_by_role("button", name="Cancel")).to_be_enabled()
    answered.set()
    await expect(page.locator("h1 + p .status")).to_have_text("Being rated")


async def direction(words: Locator) -> str:
    # What a live update replaces at this moment has no style: it is looked at again.
    found = ""
    while not found:
        found = str(await words.evaluate("one => getComputedStyle(one).direction"))
    return found


async def comes_first(words: Locator) -> bool:
    # What a live update replaces at this moment stands nowhere: it is looked at again.
    found = None
    while found is None:
        found = await words.evaluate(LANGUAGE_BEFORE_TIME)
    return bool(found)


async def test_hebrew_and_arabic_move_nothing_around_them_and_markup_is_only_words(
    browser: Browser, centre: Centre
) -> None:
    number, hebrew, arabic = "+15550200606", "שלום, הזמנה 12345 לא הגיעה!", "أين طلبي (رقم 77)؟"
    evil = "<img src=x onerror=\"document.title='owned'\"><script>alert(1)</script>"
    consumer = await phone(browser, centre, number)
    await centre.office.be("ben", "online")
    page = await log_in(browser, centre, "ben")
    found = Complaints(page)
    await text(consumer, hebrew)
    await open_conversation(page, number)
    words = page.locator(".message.consumer .words")
    assert await direction(words.first) == "rtl"
    assert await direction(consumer.locator(".text.consumer p").first) == "rtl"
    await text(consumer, arabic)
    await expect(words).to_have_count(2)
    assert await direction(words.last) == "rtl"
    preview = entry(page, number).locator(".preview")
    await expect(preview).to_have_text(arabic)
    assert await direction(preview) == "rtl"
    await text(consumer, "In English: 12?")
    await expect(words).to_have_count(3)
    assert await direction(words.last) == "ltr"
    said = page.locator(".happened", has_text="The consumer writes").last
    assert await comes_first(said), await said.inner_text()
    assert await direction(page.locator("h1")) == "ltr"
    await box(page).fill("תודה!")
    assert await direction(box(page)) == "rtl"
    await reply(page, "תודה!")
    assert await direction(page.locator(".message.agent .words").last) == "rtl"
    await text(consumer, evil)
    await expect(words.last).to_have_text(evil)
    await expect(preview).to_have_text(evil)
    await reload(page)
    await expect(words.last).to_have_text(evil)
    await consumer.reload()
    await expect(consumer.locator(".text.consumer p").last).to_have_text(evil)
    assert await direction(consumer.locator(".text.consumer p").first) == "rtl"
    assert "owned" not in await page.title()
    assert found.found == []
    await accessible(page)


LANGUAGE_BEFORE_TIME = """
entry => {
  if (!entry.getClientRects().length) return null;
  const range = document.createRange();
  const text = entry.querySelector("span").firstChild;
  const from = text.data.search(/[\\u0590-\\u06ff]/);
  range.setStart(text, from);
  range.setEnd(text, from + 5);
  const time = entry.querySelector(":scope > time").getBoundingClientRect();
  return range.getBoundingClientRect().right < time.left;
}
"""
