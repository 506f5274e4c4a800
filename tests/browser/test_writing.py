"""Writing in the workspace: two surfaces, drafts that follow their writer, saved replies."""

import asyncio
import base64
from typing import Any

from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.browser.centre import Centre
from tests.browser.people import accessible, fits_a_pocket, log_in, text_from
from tests.fixtures.file_host import picture
from tests.web.test_writing_vectors import VECTORS

WORKSPACE = "/workspace"
SECRET = "SECRET: known fraudster"
RULES = """async ({ left, hidden, placeholders, signed }) => {
  const words = await import("/static/workspace/composer/words.js");
  const { withoutHidden } = await import("/static/island/hidden.js");
  const { leftIn } = await import("/static/workspace/composer/placeholders.js");
  const signing = await import("/static/island/signing.js");
  const { inGsm7 } = await import("/static/island/plain.js");
  const { slashAt } = await import("/static/workspace/composer/finding_replies.js");
  const whole = (text) => ({ ...words.NOTHING, text });
  return {
    left: left.map((one) => ({ ...one, left: words.left(whole(one.draft), whole(one.sent)).text })),
    hidden: hidden.map((one) => ({ ...one, clean: withoutHidden(one.text) })),
    placeholders: placeholders.map((one) => ({ ...one, left: leftIn(one.text)?.written ?? null })),
    signed: signed.map((one) => ({ ...one, whole: signing.signed(one.text, one.signature) })),
    plain: ["It’s – “so”…", "Voilà 🎉", "plain", "narrow\\u202fspace"].map(inGsm7),
    slashes: ["/", "Hi /th", "and/or", "/etc/x", "/two words"].map(
      (one) => slashAt(one, one.length)?.query ?? null),
  };
}"""
PASTE = """(box, [type, data]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const pasted = new DataTransfer();
  pasted.items.add(new File([bytes], "a file", { type }));
  const event = { clipboardData: pasted, bubbles: true, cancelable: true };
  box.dispatchEvent(new ClipboardEvent("paste", event));
}"""


def box(page: Page) -> Locator:
    return page.get_by_label("Your message")


def kind(page: Page, name: str) -> Locator:
    return page.get_by_label(name, exact=True)


def sent(page: Page) -> Locator:
    """Return the texts of agents that the server has."""
    return page.locator("ol:not(.on-its-way) > .message.agent .words")


async def written(browser: Browser, centre: Centre, name: str, number: str) -> Page:
    """Open the conversation that somebody holds with a number, once its box is there."""
    await centre.office.be(name, "online")
    await text_from(centre, number, "Where is my tent?")
    held = await centre.office.held_by(name, number)
    page = await log_in(browser, centre, name, f"{WORKSPACE}/{held}?view=mine")
    await expect(box(page)).to_be_visible()
    return page


async def saved(centre: Centre, **fields: Any) -> None:
    """Share a saved reply, unless an earlier try has."""
    answer = await centre.office.api.post(
        "/saved-replies",
        json={"is_shared": True} | fields,
        headers={"Authorization": f"Bearer {await centre.office.token('mia')}"},
    )
    assert answer.status_code in (201, 409), answer.text


async def test_the_page_does_with_words_what_the_rules_do(browser: Browser, centre: Centre) -> None:
    page = await browser.new_page()
    await page.goto(f"{centre.workspace}/log-in")
    found = await page.evaluate(RULES, VECTORS)
    assert found.pop("plain") == ['It\'s - "so"...', None, None, "narrow space"]
    assert found.pop("slashes") == ["", "th", None, None, None]
    assert found == VECTORS


async def test_a_reply_from_its_slash_to_the_close_that_follows(
    browser: Browser, centre: Centre
) -> None:
    texts = {
        "en": "Hello {consumer_name}, I am {agent_name}.",
        "de": "Hallo, ich bin {agent_name}.",
    }
    await saved(centre, title="A greeting", name="greet", texts=texts)
    await saved(
        centre,
        title="A farewell",
        name="farewell",
        texts={"en": "Bye"},
        actions=[{"kind": "close"}],
    )
    page = await written(browser, centre, "ben", "+15550200701")
    await box(page).press_sequentially("/gre")
    found = page.get_by_role("option", name="A greeting")
    await expect(found).to_have_attribute("aria-selected", "true")
    await expect(page.get_by_text("Not known here: the consumer's name")).to_be_visible()
    await page.get_by_role("button", name="German").click()
    await expect(page.locator(".preview-of .words")).to_have_text("Hallo, ich bin Ben.")
    await page.get_by_role("button", name="English").click()
    await accessible(page)
    await box(page).press("Escape")
    await expect(found).to_have_count(0)
    await box(page).fill("")
    await box(page).press_sequentially("/greet")
    await expect(found).to_be_visible()
    await box(page).press("Enter")
    await expect(box(page)).to_have_value("Hello {consumer_name}, I am Ben.")
    await box(page).press("Control+Enter")
    await expect(page.get_by_role("alert")).to_contain_text("{consumer_name}")
    await box(page).press_sequentially("Jo")  # the placeholder is selected
    await box(page).press("Control+Enter")
    await expect(sent(page)).to_have_text(["Hello Jo, I am Ben."])

    await page.get_by_label("Your menu: Ben").click()
    await page.get_by_role("button", name="Signature").click()
    signing = page.get_by_role("dialog", name="Signature")
    await expect(signing.get_by_label("What stands under")).to_be_focused()
    await accessible(page)
    await signing.get_by_label("What stands under").fill("– Ben")
    await page.keyboard.press("Enter")
    await expect(signing).to_have_count(0)
    await expect(page.locator(".composer .signature")).to_have_text("– Ben")
    await box(page).fill("Signed")
    await expect(page.locator(".counting")).to_contain_text("12 of 1600")
    await expect(page.locator(".counting")).to_contain_text("because of –")
    await accessible(page)
    await page.get_by_role("button", name="Replace what forces Unicode").click()
    await expect(page.locator(".composer .signature")).to_have_text("- Ben")
    await box(page).press("Control+Enter")
    await expect(sent(page).last).to_have_text("Signed\n- Ben")
    await box(page).fill("Signed by hand\n- Ben")
    await expect(page.get_by_text("The text ends with it already.")).to_be_visible()
    await page.get_by_role("checkbox", name="Signature").uncheck()
    await box(page).fill("Unsigned")
    await box(page).press("Control+Enter")
    await expect(sent(page).last).to_have_text("Unsigned")
    await page.reload()
    await expect(page.get_by_role("checkbox", name="Signature")).not_to_be_checked()

    await box(page).press_sequentially("It’s “so” – here")
    await page.get_by_role("button", name="Replace what forces Unicode").click()
    await expect(box(page)).to_have_value('It\'s "so" - here')
    await page.get_by_role("button", name="Emoji").click()
    await page.get_by_label("Look for an emoji").fill("camping")
    await expect(page.get_by_role("button", name="camping")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(box(page)).to_have_value('It\'s "so" - here🏕️')
    gif = base64.b64encode(picture()).decode()
    await box(page).evaluate(PASTE, ["text/html", gif])
    await expect(page.get_by_role("alert")).to_contain_text("only JPEG, PNG and GIF")
    await box(page).evaluate(PASTE, ["image/png", gif])
    await expect(page.locator(".chosen-pictures img")).to_have_count(1)
    await box(page).press("Control+Enter")
    await expect(sent(page)).to_have_text(
        ["Hello Jo, I am Ben.", "Signed\n- Ben", "Unsigned", 'It\'s "so" - here🏕️']
    )
    await expect(page.locator(".message.agent img")).to_have_count(1)

    await box(page).fill("Hidden\u202e\u0007 marks")
    await expect(box(page)).to_have_value("Hidden marks")
    await box(page).fill("")
    await box(page).press_sequentially("/farewell")
    await expect(page.get_by_role("option", name="A farewell")).to_be_visible()
    await box(page).press("Enter")
    await expect(page.locator(".afterwards")).to_contain_text("Close the conversation")
    await box(page).press("Control+Enter")
    await expect(page.locator("h1 + p .status")).to_have_text("Being rated")
    await expect(sent(page).last).to_have_text("Bye")


async def test_words_follow_their_writer_and_a_note_never_becomes_a_reply(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200702"
    page = await written(browser, centre, "ben", number)
    path = page.url.removeprefix(centre.workspace)
    elsewhere = await log_in(browser, centre, "ben", path, viewport={"width": 1280, "height": 800})
    await box(page).press_sequentially("Half a reply")
    await kind(page, "Private note").check()
    await expect(page.locator(".writing.note")).to_be_visible()
    await expect(page.get_by_role("button", name="Add note")).to_be_visible()
    await box(page).press_sequentially(SECRET)
    await expect(box(elsewhere)).to_have_value("Half a reply")
    await expect(elsewhere.locator(".drafted")).to_be_visible()
    await kind(elsewhere, "Private note").check()
    await expect(box(elsewhere)).to_have_value(SECRET)

    # Typed while both are on their way, they stay apart, and only what was sent goes.
    answered = asyncio.Event()

    async def slowly(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    for address in ("**/notes", "**/replies"):
        await page.route(address, slowly)
    await box(page).press("Control+Enter")
    await box(page).press_sequentially("Second note")
    await kind(page, "Reply").check()
    await box(page).press("Control+Enter")
    await box(page).press_sequentially("and more")
    await expect(page.locator(".on-its-way .message .words")).to_have_text([SECRET, "Half a reply"])
    answered.set()
    await expect(sent(page)).to_have_text(["Half a reply"])
    await expect(page.locator("ol:not(.on-its-way) > .message.note .words")).to_have_text([SECRET])
    await expect(box(page)).to_have_value("and more")
    await expect(box(elsewhere)).to_have_value("Second note")
    for address in ("**/notes", "**/replies"):
        await page.unroute(address)

    # Two pages write at once, one of them without a connection: nothing is lost.
    await elsewhere.context.set_offline(True)
    await kind(elsewhere, "Reply").check()
    await box(elsewhere).fill("Written in a tunnel")
    await box(page).fill("Written at the desk")
    await page.reload()
    await expect(box(page)).to_have_value("Written at the desk")
    await elsewhere.context.set_offline(False)
    other = elsewhere.locator(".other-words")
    await expect(other).to_contain_text("Written at the desk")
    await expect(box(elsewhere)).to_have_value("Written in a tunnel")
    await other.get_by_role("button", name="Use these words").click()
    await expect(box(elsewhere)).to_have_value("Written at the desk")
    await expect(other).to_contain_text("Written in a tunnel")
    await other.get_by_role("button", name="Forget them").click()
    await expect(box(page)).to_have_value("Written at the desk")
    await fits_a_pocket(elsewhere)
    await elsewhere.context.close()

    # Somebody takes it while a key sends: the words come back, with the reason.
    await page.route("**/replies", slowly)
    answered.clear()
    await box(page).press("Control+Enter")
    await box(page).press_sequentially("typed on")
    mia = {"Authorization": f"Bearer {await centre.office.token('mia')}"}
    conversation = f"/conversations/{path.split('?')[0].rpartition('/')[2]}"
    taken = await centre.office.api.post(f"{conversation}/take-over", headers=mia)
    assert taken.status_code == 200, taken.text
    answered.set()
    kept = page.locator(".kept", has_text="comes back when you can send it")
    await expect(kept).to_contain_text("typed on")
    refused = page.locator(".on-its-way .refused")
    await expect(refused).to_contain_text("Written at the desk")
    back = await centre.office.api.post(
        f"{conversation}/transfers", json={"agent": "acme-ben"}, headers=mia
    )
    assert back.status_code == 200, back.text
    await expect(box(page)).to_have_value("typed on")
    await refused.get_by_role("button", name="Edit").click()
    await expect(box(page)).to_have_value("Written at the desk\ntyped on")
    await kind(page, "Private note").check()
    await expect(box(page)).to_have_value("Second note")
