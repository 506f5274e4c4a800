"""A stranger's first day: from the link to an answered text, on pages only."""

from playwright.async_api import Browser, Page, expect

from cli.demo import ACCOUNT_SID, AUTH_TOKEN
from cli.set_up_link import new_link
from tests.browser.centre import FREE_LINE, Centre
from tests.browser.people import accessible, fits_a_pocket, go, loaded, new_context, phone

PASSWORD = "a long way to the sea"
AT_FIRST = (
    *("/admin", "/admin/connectors", "/admin/lines", "/admin/agents", "/admin/people"),
    *("/admin/teams", "/admin/sign-on", "/admin/routing", "/admin/configuration", "/admin/audit"),
    "/security",
)


async def test_a_stranger_connects_a_number_and_answers_its_first_text(
    browser: Browser, centre: Centre
) -> None:
    page = await (await new_context(browser)).new_page()
    await _brand_is_set_up(page, await new_link(centre.database_url, centre.workspace))
    await accessible(page)
    await page.locator("main").get_by_role("link", name="Connect").first.click()
    await _number_is_connected(page, centre)

    consumer = await phone(browser, centre, "+15550200801", FREE_LINE)
    await consumer.get_by_label("Your text").fill("Is my bike ready?")
    await consumer.keyboard.press("Enter")
    await page.get_by_role("link", name="Answer it in the workspace").click()
    await loaded(page)
    await page.get_by_role("button", name="Take", exact=True).click()
    await page.get_by_label("Reply", exact=True).check()
    await page.get_by_label("Your message").fill("At six.")
    await page.get_by_label("Your message").press("Control+Enter")
    await expect(consumer.locator(".text.brand").filter(has_text="At six.")).to_have_count(1)

    await go(page, f"{centre.workspace}/admin")
    await accessible(page)
    for path in AT_FIRST:
        await go(page, f"{centre.workspace}{path}")
        await fits_a_pocket(page)


async def _brand_is_set_up(page: Page, link: str) -> None:
    await go(page, link)
    await accessible(page)
    await page.get_by_label("Your brand").fill("Blue Bicycles")
    await page.get_by_label("Your name").fill("Zoe")
    await page.get_by_label("Your e-mail address").fill("zoe@blue.example")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_label("Repeat the password").fill(PASSWORD)
    await page.locator("button.primary").click()
    await page.wait_for_url("**/admin")


async def _number_is_connected(page: Page, centre: Centre) -> None:
    await page.get_by_label("Account SID").fill(ACCOUNT_SID)
    await page.get_by_label("Auth token", exact=True).fill("not this one")
    await page.locator("#api_url").fill(centre.phones)
    await page.get_by_role("button", name="Check and connect").click()
    await expect(page.locator("main .form-error").last).not_to_be_empty()
    await accessible(page)
    await page.get_by_label("Auth token", exact=True).fill(AUTH_TOKEN)
    await page.get_by_role("button", name="Check and connect").click()
    await page.locator(f"input[name=numbers][value='{FREE_LINE}']").check()
    await accessible(page)
    await page.get_by_role("button", name="Connect the chosen numbers").click()
    await expect(page.locator("h1")).to_have_text("Numbers connected")
    await page.get_by_role("link", name="To the line").click()
    await accessible(page)
