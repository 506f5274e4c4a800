"""Countdowns, auto-close, scheduled texts, languages and the rating, in a browser."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from domain.conversation import scheduled_texts
from tests.browser.centre import Centre
from tests.browser.people import (
    DESK,
    Complaints,
    accessible,
    close,
    fits_a_pocket,
    log_in,
    open_conversation,
    phone,
    picture,
    reply,
    text,
)

NUMBER = "+15550142077"
SOONER = "Your tent is at your door now."
NOW = """() => {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}"""
"""This minute, as the fields for a time take it."""


async def schedule(page: Page, words: str, choice: str) -> None:
    """Write a text for later, at one of the quick choices."""
    await page.get_by_label("Your message").fill(words)
    await page.get_by_role("button", name="Send later").click()
    await page.get_by_role("button", name=choice).click()


async def test_an_agent_sees_what_happens_next_and_changes_it(
    browser: Browser, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Also a text for some seconds ago leaves, however long the page took to ask for it; and one for
    # an hour ago, which the agent's clock may have shown at the end of summer time.
    monkeypatch.setattr(scheduled_texts, "SOONEST", timedelta(minutes=-90))
    ann = await log_in(browser, centre, "ann", timezone_id="America/New_York")
    consumer = await phone(browser, centre, NUMBER)
    complaints = [Complaints(page) for page in (ann, consumer)]
    await centre.office.be("ann", "online")
    await text(consumer, "Hello, when does my tent arrive?")
    await open_conversation(ann, NUMBER)
    await expect(ann.locator("ul.ahead")).to_contain_text("because you have not answered")

    await reply(ann, "It left our store today.")
    ahead = ann.locator("ul.ahead")
    await expect(ahead).to_contain_text("because the consumer has been silent since")
    await expect(ahead).to_contain_text("Closes")
    await ann.get_by_role("button", name="Hold auto-close").click()
    await expect(ahead).to_contain_text("Auto-close is on hold")
    await expect(ahead).not_to_contain_text("Closes")
    await ann.get_by_role("button", name="Resume auto-close").click()
    await expect(ahead).to_contain_text("Closes")

    await _texts_for_later(ann, consumer)
    await _language(ann)
    await centre.office.be("ann", "offline")
    await close(ann)
    await expect(consumer.locator(".text.brand").last).to_contain_text("Bitte")
    await text(consumer, "4, aber langsam")
    notice = ann.locator("#notices .rated")
    await expect(notice).to_contain_text("Rated 4 of 5")
    await expect(notice).to_contain_text("4, aber langsam")
    await expect(ann.locator("#own-ratings")).to_contain_text("%")
    await expect(ann.locator(".happened.survey").last).to_contain_text("Survey completed")
    await expect(ann.locator(".message.consumer.survey")).to_contain_text("4, aber langsam")
    await accessible(ann)
    await notice.get_by_role("button", name="Dismiss").click()
    await expect(notice).to_have_count(0)
    found = [words for each in complaints for words in each.found]
    # The one refusal, which browsers note down.
    assert [words for words in found if "status of 422" not in words] == []


async def _texts_for_later(ann: Page, consumer: Page) -> None:
    waiting = ann.get_by_role("region", name="Scheduled texts").locator("li")
    await schedule(ann, "Did it arrive?", "Tomorrow 09:00")
    await ann.get_by_label("Only if the consumer does not reply first").check()
    await expect(ann.locator("[data-zone]")).to_have_text("America/New York")
    await ann.get_by_role("button", name="Schedule").click()
    await expect(waiting).to_contain_text("tomorrow at 09:00, unless the consumer replies first")
    await expect(ann.get_by_label("Your message")).to_have_value("")
    await expect(ann.get_by_role("button", name="Send", exact=True)).to_be_visible()

    # Refused: the text and its time stay as they are.
    await schedule(ann, SOONER, "In 1 hour")
    await picture(ann, "later")
    await ann.get_by_label("Date and time").fill("2020-01-01T09:00")
    await ann.get_by_label("Your message").press("Control+Enter")
    await expect(ann.locator(".composer .form-error")).to_contain_text("between one minute and")
    await expect(ann.get_by_label("Date and time")).to_have_value("2020-01-01T09:00")
    await text(consumer, "I am at home")
    await expect(ann.locator(".happened").last).to_contain_text("the consumer replied")
    await expect(waiting).to_have_count(0)
    await expect(ann.locator(".composer .form-error")).to_contain_text("between one minute and")
    await expect(ann.get_by_label("Your message")).to_have_value(SOONER)
    await accessible(ann)
    await fits_a_pocket(ann)
    await ann.set_viewport_size(DESK)
    await ann.get_by_label("Date and time").fill(await ann.evaluate(NOW))
    await ann.get_by_label("Your message").press("Control+Enter")
    await expect(consumer.locator(".text.brand").last).to_contain_text("at your door now.")
    left = ann.locator(".message.agent").last
    await expect(left).to_contain_text("scheduled at")

    await schedule(ann, "Is it dry?", "Tomorrow 09:00")
    await ann.get_by_role("button", name="Schedule").click()
    await waiting.get_by_role("button", name="Cancel").click()
    await expect(waiting).to_have_count(0)
    await expect(ann.locator(".happened").last).to_contain_text("Ann cancelled a scheduled text")


async def _language(ann: Page) -> None:
    await ann.get_by_role("button", name="Change the language").click()
    dialog = ann.get_by_role("dialog", name="Language")
    await dialog.get_by_label("The consumer writes").select_option("de")
    await accessible(ann)
    await dialog.get_by_role("button", name="Set").click()
    await expect(dialog).to_be_hidden()
    await expect(ann.locator(".conversation-language")).to_contain_text("Deutsch")
    await expect(ann.locator(".conversation-language")).to_contain_text("set by an agent")
    await expect(ann.locator(".happened").last).to_contain_text("Ann set the language: Deutsch")
