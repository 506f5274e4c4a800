"""A manager reads a report: figures, their definitions, the conversations and the comments."""

import re

from playwright.async_api import Browser, Locator, Page, expect

from reporting.summing import MOST_REST_SECONDS
from tests.browser.centre import Centre
from tests.browser.office import PATIENCE_SECONDS
from tests.browser.people import (
    DESK,
    Complaints,
    accessible,
    close,
    fits_a_pocket,
    go,
    holding,
    log_in,
    reply,
    shown,
    text_from,
)
from tests.fixtures.centre import eventually

NUMBER = "+15550301701"
COMMENT = "5 very kind"


async def _rated(browser: Browser, centre: Centre) -> None:
    """Have a consumer answered by Ann, and rate it."""
    ann = await holding(browser, centre, "ann", NUMBER)
    await reply(ann, "It is on its way.")
    await close(ann)
    await expect(ann.locator("h1 + p .status")).to_have_text("Being rated")
    await text_from(centre, NUMBER, COMMENT)
    await expect(ann.locator(".message.consumer.survey")).to_contain_text(COMMENT)


async def _counted(page: Page, shown: Locator) -> None:
    """Load a report again until it has counted what just happened."""

    async def look() -> bool:
        if not await shown.count():
            await page.reload()
        return bool(await shown.count())

    await eventually(look, seconds=PATIENCE_SECONDS + MOST_REST_SECONDS)


async def test_a_manager_reads_weeks_by_agent_and_goes_to_a_conversation_and_its_comment(
    browser: Browser, centre: Centre
) -> None:
    await _rated(browser, centre)
    mia = await log_in(browser, centre, "mia", "/board")
    complaints = Complaints(mia)
    await mia.get_by_role("navigation", name="Pages").get_by_role("link", name="Reports").click()
    await expect(mia.get_by_role("heading", name="Reports", level=1)).to_be_visible()
    await expect(mia.get_by_label("From", exact=True)).to_be_hidden()
    await go(mia, f"{centre.workspace}/reports/ratings?period=last_28")
    await _counted(mia, mia.get_by_text(COMMENT))
    await mia.get_by_role("link", name="Back to the report").click()

    # Four weeks, told apart by agent.
    await mia.get_by_label("Time", exact=True).select_option("Last 28 days")
    await mia.get_by_label("Told apart by").select_option("Agent")
    await mia.get_by_role("button", name="Show", exact=True).first.click()
    await expect(mia).to_have_url(re.compile("period=last_28.*by=agent"))
    await mia.go_back()
    await expect(mia.get_by_label("Told apart by")).to_have_value("day")
    await mia.go_forward()
    row = mia.get_by_role("row", name=re.compile("^Ann"))
    closed = row.locator("a[href*='figure=closed']")
    await _counted(mia, closed)
    await expect(mia.get_by_role("img", name=re.compile("^Handled by agent"))).to_be_visible()

    # What a figure is.
    figure = mia.locator("li.figure", has=mia.get_by_role("heading", name="CSAT", exact=True))
    await figure.locator("summary").click()
    await expect(figure).to_contain_text("Ratings that are good on their scale")
    await accessible(mia)
    await fits_a_pocket(mia)
    await mia.set_viewport_size(DESK)

    # From a number to its conversation, and back to the report.
    report = mia.url
    await closed.click()
    await expect(mia.get_by_role("heading", name="Closed: Ann")).to_be_visible()
    await accessible(mia)
    await fits_a_pocket(mia)
    await mia.set_viewport_size(DESK)
    await (
        mia.get_by_role("link", name=shown(NUMBER))
        .or_(mia.get_by_role("link", name=NUMBER))
        .first.click()
    )
    await expect(mia.get_by_role("heading", name=shown(NUMBER), level=1)).to_be_visible()
    await mia.go_back()
    await mia.get_by_role("link", name="Back to the report").click()
    await expect(mia.get_by_label("Told apart by")).to_have_value("agent")
    assert mia.url.split("?")[0] == report.split("?")[0]

    # What consumers said.
    await mia.get_by_role("link", name="Read the ratings and their comments").click()
    await expect(mia.get_by_role("blockquote")).to_contain_text([COMMENT])
    await mia.get_by_role("link", name="Not satisfied", exact=True).click()
    await expect(mia.get_by_role("blockquote").filter(has_text=COMMENT)).to_have_count(0)
    await accessible(mia)
    await fits_a_pocket(mia)
    assert complaints.found == []
