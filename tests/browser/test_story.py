"""The whole story in browsers: text, reply, transfer, close and rating."""

from playwright.async_api import Browser, Page, expect

from tests.browser.centre import Centre
from tests.browser.people import (
    POCKET,
    Complaints,
    accessible,
    be,
    close,
    entry,
    log_in,
    open_conversation,
    phone,
    picture,
    reply,
    shown,
    text,
    text_from,
)

NUMBER = "+15550123456"
OTHERS = {
    "+15550147702": "Where is my order 40117?",
    "+15550193318": "Do you have the Fjord jacket in L?",
    "+15550161145": "Can I change the delivery address?",
    "+15550158820": "Do you ship to Ireland?",
    "+15550135544": "The zip of my sleeping bag is stuck. What can I do?",
    "+15550172091": "Thanks, it has arrived!",
}


async def texts_on(page: Page) -> list[str]:
    """Return the words of a transcript in order, automatic ones left out."""
    return await page.locator(".message:not(.system) .words").all_inner_texts()


async def busy(centre: Centre, agent: Page) -> None:
    """Have other consumers text too."""
    for number, words in OTHERS.items():
        await text_from(centre, number, words)
        await expect(entry(agent, number)).to_be_visible()


async def transfer(page: Page, to: str, note: str) -> None:
    await page.get_by_role("button", name="Transfer").click()
    dialog = page.get_by_role("dialog", name="Transfer")
    await dialog.get_by_role("radio", name=to).check()
    await dialog.get_by_label("Private note").fill(note)
    await dialog.get_by_role("button", name="Transfer").click()
    await expect(dialog).to_be_hidden()


async def test_a_consumer_texts_is_answered_transferred_closed_with_and_rates(
    browser: Browser, centre: Centre
) -> None:
    ann, ben = await log_in(browser, centre, "ann"), await log_in(browser, centre, "ben")
    consumer = await phone(browser, centre, NUMBER)
    complaints = [Complaints(page) for page in (ann, ben, consumer)]
    await be(ann, "Online")

    await text(consumer, "Hello, my tent leaks")
    await expect(entry(ann, NUMBER)).to_be_visible()
    await expect(ann).to_have_title("(1) Switchboard")
    await open_conversation(ann, NUMBER)
    await expect(ann.locator(".message.consumer")).to_contain_text("my tent leaks")
    await reply(ann, "Hi, I am sorry to hear that! Which tent is it?")
    await expect(consumer.locator(".text.brand").last).to_contain_text("Which tent is it?")
    await expect(ann.locator(".message.agent .delivery")).to_have_text("Delivered")
    await expect(ann).to_have_title(f"{shown(NUMBER)} · Switchboard")

    # The stream breaks, and what is texted meanwhile comes with the next one, once.
    centre.cable.cut()
    await expect(ann.locator("#connection")).to_contain_text("Reconnecting")
    await text(consumer, "The Ridge 2, from May")
    await text(consumer, "May I have a new one?")
    centre.cable.mend()
    await expect(ann.locator("#connection")).to_contain_text("Live")
    await expect(ann.locator(".message.consumer")).to_have_count(3)
    await busy(centre, ann)
    await ann.get_by_label("Your message").fill("Of course. I will pass you on to my colleague.")
    await picture(ann, "workspace-light")
    await picture(ann, "workspace-dark", "dark")
    await picture(consumer, "phone-light")
    await accessible(ann)
    await accessible(consumer)

    await be(ben, "Online")
    await transfer(ann, "Sales", "Wants a new Ridge 2, bought in May.")
    await expect(ann.locator(".refusal")).to_be_visible()
    await expect(entry(ben, NUMBER)).to_have_count(1)
    await open_conversation(ben, NUMBER)
    await expect(ben.locator(".message.note")).to_contain_text("Wants a new Ridge 2")
    await expect(ben.locator(".happened", has_text="Ann transferred to Sales")).to_be_visible()
    await reply(ben, "It is on its way.")
    await ben.get_by_role("radio", name="Private note").check()
    await ben.get_by_label("Your message").fill("Sent from the Berlin store.")
    await ben.get_by_role("button", name="Add note").click()
    await expect(ben.locator(".message.note")).to_have_count(2)
    await close(ben)
    await expect(ben.locator(".head .status")).to_have_text("Being rated")

    await expect(consumer.locator(".text.brand").last).to_contain_text("1")
    await text(consumer, "5, thank you!")
    await expect(ben.locator(".happened", has_text="Rated 5 of 5")).to_be_visible()
    await expect(ben.locator("#own-ratings")).to_contain_text("100 % of 1")
    await expect(ben.locator(".head .status")).to_have_text("Closed")
    assert await texts_on(ben) == [
        "Hello, my tent leaks",
        "Hi, I am sorry to hear that! Which tent is it?",
        "The Ridge 2, from May",
        "May I have a new one?",
        "Wants a new Ridge 2, bought in May.",
        "It is on its way.",
        "Sent from the Berlin store.",
        "5, thank you!",
    ]
    assert await texts_on(ann) == await texts_on(ben)
    await accessible(ben)
    await ben.set_viewport_size(POCKET)
    assert [words for each in complaints for words in each.found] == []
