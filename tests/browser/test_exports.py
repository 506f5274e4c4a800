"""Files of conversations, and the end of a number: exported, scheduled, and erased on request."""

from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.browser.centre import Centre
from tests.browser.office import PATIENCE_SECONDS
from tests.browser.people import (
    DESK,
    Complaints,
    accessible,
    fits_a_pocket,
    go,
    log_in,
    picture,
    text_from,
)
from tests.browser.test_history import asked
from tests.fixtures.centre import eventually

NUMBER = "+15550301801"
WORDS = "The kettle of my aunt leaks."


async def _written(centre: Centre) -> None:
    """Have a consumer write, and wait until it is found."""
    await centre.office.be("ann", "online")
    await text_from(centre, NUMBER, WORDS)

    async def look() -> bool:
        found = await asked(centre, "GET", "/history", "mia", params={"q": "kettle"})
        return bool(found["items"])

    await eventually(look, seconds=PATIENCE_SECONDS)


async def _scheduled(ada: Page) -> None:
    """Have the same export made each day, change it, pause it, and let it go on."""
    await ada.get_by_role("link", name="New export").click()
    await ada.get_by_label("What", exact=True).select_option("messages")
    await ada.get_by_role("link", name="Make it again and again").click()
    await ada.get_by_label("Name", exact=True).fill("Texts of yesterday")
    await ada.get_by_label("Filters", exact=True).focus()
    await accessible(ada)
    await ada.get_by_role("button", name="Save").click()
    await expect(ada.get_by_role("heading", name="Texts of yesterday")).to_be_visible()
    await ada.get_by_role("link", name="Change Texts of yesterday").click()
    await ada.get_by_label("Hour").fill("7")
    await ada.get_by_label("When").select_option("week")
    await ada.get_by_role("button", name="Save").click()
    await expect(ada.get_by_text("On Mondays: the last week, 07:00")).to_be_visible()
    await ada.get_by_role("button", name="Pause Texts of yesterday").click()
    await expect(ada.get_by_text("Paused since")).to_be_visible()
    await ada.get_by_role("button", name="Go on with Texts of yesterday").click()
    await expect(ada.get_by_text("Not made yet")).to_be_visible()
    await accessible(ada)
    await picture(ada, "scheduled-exports")
    await fits_a_pocket(ada)


async def test_an_admin_exports_what_a_list_shows_and_has_it_made_again(
    browser: Browser, centre: Centre, tmp_path: Path
) -> None:
    await _written(centre)
    ada = await log_in(browser, centre, "ada", "/conversations?q=kettle")
    complaints = Complaints(ada)
    await ada.get_by_role("link", name="Export").click()
    await ada.get_by_label("What", exact=True).select_option("messages")
    await expect(ada.locator(".filters")).to_contain_text("kettle")
    await accessible(ada)
    await ada.get_by_role("button", name="Export", exact=True).click()
    # The list asks again by itself until the file is whole.
    link = ada.get_by_role("link", name="Download").first
    async with ada.expect_download() as downloading:
        await link.click()
    kept = tmp_path / "file.csv"
    await (await downloading.value).save_as(kept)
    assert WORDS in kept.read_text("utf-8-sig")
    await accessible(ada)
    await fits_a_pocket(ada)
    await expect(link).to_be_in_viewport(ratio=1)
    await ada.set_viewport_size(DESK)
    await _scheduled(ada)
    await ada.set_viewport_size(DESK)
    await go(ada, f"{centre.workspace}/exports/buckets/new")
    await accessible(ada)
    await fits_a_pocket(ada)
    assert complaints.found == []
    await ada.close()


async def test_an_admin_erases_a_number_after_seeing_what_there_is(
    browser: Browser, centre: Centre
) -> None:
    await _written(centre)
    ada = await log_in(browser, centre, "ada", "/admin/erasure")
    complaints = Complaints(ada)
    await ada.get_by_role("textbox", name="Number").fill(NUMBER)
    await ada.get_by_role("button", name="Look").click()
    held = ada.get_by_role("region", name="What is held")
    await expect(held).to_contain_text(NUMBER)
    messages = held.locator("dt", has_text="Messages").locator("+ dd")
    await expect(messages).not_to_have_text("0")
    await ada.get_by_role("textbox", name="Why").fill("They asked in case 4711")
    digits = ada.get_by_role("textbox", name="The last four digits of the number")
    await digits.fill("0000")
    await ada.get_by_role("button", name="Erase everything").click()
    await expect(ada.get_by_role("alert")).to_contain_text("Nothing was erased")
    await accessible(ada)
    await digits.fill(NUMBER[-4:])
    await ada.get_by_role("button", name="Erase everything").click()
    await expect(ada.get_by_role("status")).to_contain_text(
        "Erased", timeout=2 * PATIENCE_SECONDS * 1000
    )
    await accessible(ada)
    await go(ada, f"{centre.workspace}/admin/erasure?number=%2B{NUMBER[1:]}")
    await expect(ada.get_by_text("Nothing is held about this number.")).to_be_visible()
    found = await asked(centre, "GET", "/history", "mia", params={"q": "kettle aunt"})
    assert found["items"] == []
    assert [one for one in complaints.found if "422" not in one] == []
    await ada.close()
