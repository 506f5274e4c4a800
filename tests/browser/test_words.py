"""People's words in the workspace: notes stay notes, and nothing typed is lost or mixed up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.browser.centre import Centre
from tests.browser.people import (
    accessible,
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
    await expect(page.locator(".composer button.primary .as-note")).to_be_visible()


@asynccontextmanager
async def unanswered(page: Page) -> AsyncIterator[asyncio.Event]:
    """Keep requests without an answer until the event is set."""
    answered = asyncio.Event()

    async def slowly(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await page.route("**/messages", slowly)
    yield answered
    answered.set()
    await expect(page.locator("form[aria-busy]")).to_have_count(0)
    await page.unroute("**/messages")


async def test_a_half_written_note_stays_a_note_after_visits_to_other_conversations(
    browser: Browser, centre: Centre
) -> None:
    first, second = "+15550200601", "+15550200602"
    page = await holding(browser, centre, "ben", first, second)
    await box(page).fill("Half a reply")
    await kind(page, "Private note").check()
    await expect(box(page)).to_have_value("")
    await box(page).fill(SECRET)
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
    await expect(kind(page, "Reply")).to_be_checked()
    await page.go_forward()
    await is_note(page, SECRET)
    await kind(page, "Reply").check()
    await expect(box(page)).to_have_value("Half a reply")
    await kind(page, "Private note").check()
    address = page.url
    await page.context.clear_cookies()
    await page.goto(address)
    await page.get_by_label("E-mail address").fill("ben@acme.example")
    await page.get_by_label("Password").fill("ben-loves-hiking")
    await page.get_by_role("button", name="Log in").click()
    await is_note(page, SECRET)
    await reload(page)
    await box(page).press("Control+Enter")
    await expect(page.locator(".message.note .words")).to_have_text([SECRET])
    await expect(page.locator(".message.agent")).to_have_count(0)
    await kind(page, "Reply").check()
    await expect(box(page)).to_have_value("Half a reply")


async def test_a_note_stays_one_when_somebody_joins_or_takes_over(
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
    await expect(mia.get_by_role("button", name="Take over", exact=True)).to_have_count(0)
    await is_note(mia, SECRET)
    await expect(page.get_by_text("Another agent holds this conversation.")).to_be_visible()
    await expect(box(page)).to_have_count(0)
    await expect(page.get_by_text("Your draft is kept")).to_contain_text("A reply of Ben's")
    await mia.get_by_role("button", name="Return to queue").click()
    await mia.get_by_role("dialog").get_by_role("button", name="Return").click()
    await expect(kind(page, "Reply")).to_be_checked()
    await expect(box(page)).to_have_value("A reply of Ben's")
    await expect(page.get_by_text("Your draft is kept")).to_have_count(0)


async def test_what_is_typed_while_a_text_has_no_answer_stays_as_it_was_typed(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200604"
    page = await holding(browser, centre, "ben", number)
    send = page.locator(".composer button.primary")
    await page.get_by_role("button", name="Send later").click()
    await page.get_by_role("button", name="Send later").click()
    async with unanswered(page) as answered:
        await box(page).fill("Hi")
        await send.click()
        await expect(send).to_be_disabled()
        await expect(page.get_by_text("Sending …")).to_be_visible()
        await expect(page.locator("[data-choice=hour]")).to_have_js_property("disabled", False)
        await box(page).press_sequentially(" and more")
        await text_from(centre, number, "Are you there?")
        await expect(page.locator(".message.consumer")).to_have_count(2)
        await expect(send).to_be_disabled()
        await box(page).press("Home")
        answered.set()
        await expect(box(page)).to_have_value("and more")
        await box(page).press_sequentially("Yes ")
    await expect(box(page)).to_have_value("Yes and more")
    await expect(send).to_be_enabled()
    await reload(page)
    await expect(box(page)).to_have_value("Yes and more")

    async with unanswered(page) as answered:
        await box(page).fill("Hi")
        await box(page).press("Control+Enter")
        await box(page).fill("")
        await box(page).fill("His tent is ready")
        answered.set()
    await expect(page.locator(".message.agent .words")).to_have_text(["Hi", "Hi"])
    await expect(box(page)).to_have_value("His tent is ready")

    async with unanswered(page) as answered:
        await box(page).fill("To the consumer")
        await box(page).press("Control+Enter")
        await kind(page, "Private note").check()
        await expect(box(page)).to_have_value("")
        await box(page).fill(SECRET)
        answered.set()
    await expect(page.locator(".message.agent .words").last).to_have_text("To the consumer")
    await is_note(page, SECRET)
    await kind(page, "Reply").check()
    await expect(box(page)).to_have_value("")
    await expect(page.locator(".message.note")).to_have_count(0)


async def test_the_empty_composer_says_who_will_read_the_message(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200607"
    page = await holding(browser, centre, "ben", number)
    await expect(box(page)).to_have_attribute("placeholder", "Write to the consumer")
    await kind(page, "Private note").check()
    await expect(box(page)).to_have_attribute("placeholder", "Only colleagues can read this")
    await text_from(centre, number, "Are you there?")
    await expect(page.locator(".message.consumer")).to_have_count(2)
    await expect(box(page)).to_have_attribute("placeholder", "Only colleagues can read this")
    await reload(page)
    await expect(box(page)).to_have_attribute("placeholder", "Only colleagues can read this")
    await kind(page, "Reply").check()
    await expect(box(page)).to_have_attribute("placeholder", "Write to the consumer")


PRESSED = """
(box, how) => box.dispatchEvent(new KeyboardEvent("keydown", {
  key: "Enter", ctrlKey: true, bubbles: true, cancelable: true, ...how,
}))
"""


async def test_a_key_held_down_or_pressed_within_a_letter_sends_nothing(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200608"
    page = await holding(browser, centre, "ben", number)
    await box(page).fill("にほん")
    await box(page).evaluate(PRESSED, {"isComposing": True})
    await box(page).evaluate(PRESSED, {"repeat": True})
    await expect(box(page)).to_have_value("にほん")
    await reply(page, "にほんご")
    await expect(page.locator(".message.agent .words")).to_have_text(["にほんご"])


async def test_what_a_proxy_answers_in_our_place_erases_no_words_and_is_not_shown(
    browser: Browser, centre: Centre
) -> None:
    number, by_a_proxy = "+15550200609", "<h1>Hotel: log in, room and name</h1>"
    page = await holding(browser, centre, "ben", number)
    status = 413

    async def answer(route: Route) -> None:
        await route.fulfill(status=status, body=by_a_proxy, content_type="text/html")

    await page.route("**/messages", answer)
    for status in (403, 413, 500):
        await box(page).fill(f"Words for {status}")
        await box(page).press("Control+Enter")
        await expect(page.get_by_role("alert")).to_have_text("Something went wrong. Try again.")
        await expect(box(page)).to_have_value(f"Words for {status}")
    status = 200
    await box(page).fill("Only once")
    await box(page).press("Control+Enter")
    await expect(page.locator(".on-its-way .message .words")).to_have_text("Only once")
    await expect(page.get_by_text("Hotel")).to_have_count(0)
    await page.unroute("**/messages")
    await expect(page.locator(".message.agent .words")).to_have_text(["Only once"])
    await expect(page.locator(".on-its-way .message")).to_have_count(0)


async def test_words_for_a_conversation_that_somebody_closes_can_still_be_read(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200610"
    page = await holding(browser, centre, "ben", number)
    await box(page).fill("Half a reply")
    path = page.url.removeprefix(centre.workspace).replace("view=mine", "view=all")
    mia = await log_in(browser, centre, "mia", path)
    await mia.get_by_role("button", name="Close", exact=True).click()
    await mia.get_by_role("dialog").get_by_role("button", name="Close", exact=True).click()
    await expect(page.locator("h1 + p .status")).to_have_text("Being rated")
    said = page.get_by_text("Your draft was not sent")
    await expect(said).to_contain_text("Half a reply")
    await reload(page)
    await expect(said).to_contain_text("Half a reply")


async def test_a_dialog_without_an_answer_yet_can_be_cancelled_and_not_sent_twice(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200605"
    page = await holding(browser, centre, "ben", number)
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


async def test_hebrew_and_arabic_read_from_right_to_left_and_move_nothing_around_them(
    browser: Browser, centre: Centre
) -> None:
    number, hebrew, arabic = "+15550200606", "שלום, הזמנה 12345 לא הגיעה!", "أين طلبي (رقم 77)؟"
    consumer = await phone(browser, centre, number)
    await centre.office.be("ben", "online")
    page = await log_in(browser, centre, "ben")
    await text(consumer, hebrew)
    await open_conversation(page, number)
    words = page.locator(".message.consumer .words")
    assert await direction(words.first) == "rtl"
    assert await direction(consumer.locator(".text.consumer p").first) == "rtl"
    await text(consumer, arabic)
    await expect(words).to_have_count(2)
    assert await direction(words.last) == "rtl"
    preview = page.locator(".entry", has_text=number).locator(".preview")
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
    await consumer.reload()
    assert await direction(consumer.locator(".text.consumer p").first) == "rtl"
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
