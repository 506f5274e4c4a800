"""Requests without an answer: what agents see, and how they settle by themselves."""

import asyncio
import json
import re
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.browser.centre import Centre
from tests.browser.people import (
    accessible,
    close,
    go,
    holding,
    open_conversation,
    phone,
    reload,
    text_from,
)

WORDS = "Your message"
PENDING = ".on-its-way .message"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait for long where the crew has gone."""
    monkeypatch.setattr("temporal.conversations.COMMAND_TIMEOUT", timedelta(seconds=1))


async def send(page: Page, words: str, kind: str = "Reply") -> None:
    await page.get_by_label(kind, exact=True).check()
    await page.get_by_label(WORDS).fill(words)
    await page.get_by_label(WORDS).press("Control+Enter")


@pytest.mark.usefixtures("impatient")
async def test_texts_nobody_answers_are_on_their_way_and_arrive_once_and_in_order(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200501"
    consumer = await phone(browser, centre, number)
    page = await holding(browser, centre, "ben", number)
    await centre.crew.go()

    await send(page, "It is ready.")
    await expect(page.locator(PENDING)).to_contain_text("On its way")
    await send(page, "We close at six.")
    await send(page, "Paid already", kind="Private note")
    await page.get_by_label("Private note", exact=True).check()
    await page.get_by_label(WORDS).fill("And more")
    await expect(page.locator(PENDING)).to_have_count(3)
    await expect(page.locator(PENDING).first).to_contain_text("you need not write it again")
    await expect(page.locator(PENDING).nth(1)).to_contain_text("after the one before")
    await accessible(page)
    await go(page, f"{centre.workspace}/workspace")
    elsewhere = page.get_by_label("On its way in other conversations").get_by_role("listitem")
    await expect(elsewhere).to_have_count(3)
    await expect(elsewhere.first).to_contain_text(f"Your text to {number}")
    await accessible(page)
    await open_conversation(page, number)
    await expect(page.locator(PENDING)).to_have_count(3)
    await expect(page.get_by_label(WORDS)).to_have_value("And more")
    await expect(page.get_by_label("Private note", exact=True)).to_be_checked()

    await centre.crew.come()
    await expect(page.locator(PENDING)).to_have_count(0)
    said = page.locator(".message:is(.agent, .note) .words")
    await expect(said).to_have_text(["It is ready.", "We close at six.", "Paid already"])
    await expect(page.get_by_label(WORDS)).to_have_value("And more")
    received = consumer.locator(".text.brand")
    await expect(received.filter(has_text="We close at six.")).to_have_count(1)
    told = await received.filter(has_text=re.compile("ready|six")).all_inner_texts()
    assert ["ready" in words for words in told] == [True, False]
    await reload(page)
    await expect(said).to_have_text(["It is ready.", "We close at six.", "Paid already"])

    # The same without a connection, and with what is not a text.
    await expect(page.get_by_label("Reply", exact=True)).to_be_enabled()
    centre.cable.cut()
    await send(page, "Only once")
    await expect(page.locator(PENDING)).to_contain_text("There is no connection")
    await expect(page.get_by_label(WORDS)).to_have_value("")
    centre.cable.mend()
    await expect(page.locator(PENDING)).to_have_count(0)
    await expect(said.last).to_have_text("Only once")
    await expect(received.filter(has_text="Only once")).to_have_count(1)
    await centre.crew.go()
    await close(page)
    await expect(page.locator(".on-its-way .act")).to_contain_text("Close · On its way")
    await centre.crew.come()
    await expect(page.locator("h1 + p .status")).to_have_text("Being rated")
    await expect(page.locator(".on-its-way .act")).to_have_count(0)


@pytest.mark.usefixtures("impatient")
async def test_a_text_refused_in_the_end_says_so_where_nobody_can_write_any_more(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200502"
    page = await holding(browser, centre, "ben", number)
    await centre.crew.go()
    await text_from(centre, number, "STOP")
    await send(page, "Your tent is ready.")
    await expect(page.locator(PENDING)).to_contain_text("On its way")
    await centre.crew.come()
    # If the refusal comes before the close, the words are back in the composer when that goes.
    # An automatic text that had not left by the STOP may say "Not sent" as well.
    refused = page.locator(PENDING).filter(has_text="Not sent")
    kept = page.locator(".kept").filter(has_text="was not sent")
    ended = refused.or_(kept).filter(has_text="Your tent is ready.")
    await expect(ended).to_be_visible()
    await accessible(page)
    if await page.get_by_role("button", name="Discard").count():
        await page.get_by_role("button", name="Discard").click()
    await expect(page.locator(PENDING)).to_have_count(0)


async def test_a_text_refused_in_the_end_comes_back_into_the_composer_unless_it_is_used(
    browser: Browser, centre: Centre
) -> None:
    number, reason = "+15550200503", "Not today."
    page = await holding(browser, centre, "ben", number)
    may_refuse = await first_doubted_then_refused(page, reason)
    await send(page, "She is known", kind="Private note")
    await expect(page.locator(PENDING)).to_contain_text("On its way")
    await page.get_by_label("Reply", exact=True).check()
    may_refuse.set()
    # It comes back as the note it was, while a reply may be begun beside it.
    await expect(page.locator(".kinds .note")).to_contain_text("Draft")
    await expect(page.get_by_label(WORDS)).to_have_value("")
    await page.get_by_label("Private note", exact=True).check()
    await expect(page.get_by_label(WORDS)).to_have_value("She is known")
    await expect(page.get_by_role("alert").filter(has_text=reason)).to_be_visible()
    await expect(page.locator(PENDING)).to_have_count(0)

    may_refuse = await first_doubted_then_refused(page, reason)
    await page.get_by_label(WORDS).press("Control+Enter")
    await expect(page.locator(PENDING)).to_contain_text("On its way")
    await page.get_by_label(WORDS).fill("Something else")
    may_refuse.set()
    await expect(page.locator(PENDING)).to_contain_text("Not added")
    await expect(page.locator(PENDING)).to_contain_text(reason)
    await page.get_by_role("button", name="Edit").click()
    await expect(page.get_by_label(WORDS)).to_have_value("She is known\nSomething else")
    await page.get_by_label(WORDS).fill("")


async def test_what_is_written_while_a_text_has_no_answer_follows_it_once_and_whole(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200504"
    page = await holding(browser, centre, "ben", number)
    answered = asyncio.Event()

    async def slowly(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await page.route("**/replies", slowly)
    await send(page, "first words")
    await expect(page.locator(PENDING)).to_contain_text("Sending")
    await expect(page.get_by_label(WORDS)).to_have_value("")
    await page.get_by_label(WORDS).press("Control+Enter")
    await page.get_by_label(WORDS).press_sequentially("and more")
    await page.get_by_label(WORDS).press("Control+Enter")
    await page.get_by_label(WORDS).press_sequentially("Half a sen")
    await text_from(centre, number, "Are you there?")
    await expect(page.locator(".message.consumer")).to_have_count(2)
    answered.set()
    said = page.locator(".message.agent .words")
    await expect(page.locator(PENDING)).to_have_count(0)
    await expect(said).to_have_text(["first words", "and more"])
    await expect(page.get_by_label(WORDS)).to_have_value("Half a sen")
    await page.get_by_label(WORDS).press_sequentially("tence")
    await page.get_by_label(WORDS).press("Control+Enter")
    await expect(said).to_have_text(["first words", "and more", "Half a sentence"])


async def test_what_follows_a_text_is_done_when_its_answer_is_lost_and_the_page_loaded_again(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200505"
    page = await holding(browser, centre, "ben", number)

    async def loses_its_answer(route: Route) -> None:
        await route.fetch()
        await expect(page.locator(".message.agent .words")).to_have_text("That is all.")
        await route.abort()

    await page.route("**/replies", loses_its_answer, times=1)
    closes: list[str] = []

    async def never_leaves(route: Route) -> None:
        closes.append(route.request.headers["idempotency-key"])
        await route.abort()

    await page.route("**/close", never_leaves)
    await page.get_by_label(WORDS).fill("That is all.")
    await page.get_by_label(WORDS).press("Control+Shift+Enter")
    await expect(page.locator(".on-its-way .act")).to_contain_text("Close")
    await page.unroute("**/close")
    page.on(
        "request",
        lambda one: (
            closes.append(one.headers["idempotency-key"]) if one.url.endswith("/close") else None
        ),
    )
    await reload(page)
    await expect(page.locator("h1 + p .status")).to_have_text("Being rated")
    await expect(page.locator(".message.agent .words")).to_have_text(["That is all."])
    assert len(set(closes)) == 1


async def first_doubted_then_refused(page: Page, reason: str) -> asyncio.Event:
    """Leave the next text without an answer at first, and refuse it once the event is set."""
    may_refuse = asyncio.Event()
    answers = [
        {"status": 503, "headers": {"X-Request-ID": "a", "Idempotency-Key": "k"}},
        {
            "status": 409,
            "body": json.dumps({"code": "conflict", "detail": reason}),
            "headers": {"X-Request-ID": "b", "Content-Type": "application/problem+json"},
        },
    ]

    async def answer(route: Route) -> None:
        if len(answers) == 1:
            await may_refuse.wait()
        await route.fulfill(**answers.pop(0))  # type: ignore[arg-type] # typed per option

    await page.unroute("**/notes")
    await page.route("**/notes", answer)
    return may_refuse
