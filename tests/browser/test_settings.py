"""An admin edits texts and the survey in a browser, with a preview on a phone."""

from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.browser.centre import Centre
from tests.browser.people import Complaints, accessible, fits_a_pocket, log_in, picture

LAPTOP: ViewportSize = {"width": 1280, "height": 800}


async def fits(page: Page, path: str) -> None:
    """Look at a page on a laptop and on a phone."""
    await page.goto(path)
    await page.set_viewport_size(LAPTOP)
    await accessible(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= LAPTOP["width"]
    await fits_a_pocket(page)


async def choose(page: Page, line: str, language: str) -> None:
    """Choose for what the settings are, and the language of the texts."""
    await page.locator(".whose summary").click()
    await page.get_by_role("navigation", name="For what").get_by_role("link", name=line).click()
    await expect(page.locator(".whose summary")).to_contain_text(line)
    link = page.get_by_role("link", name=language, exact=True)
    await link.click()
    await expect(link).to_have_attribute("aria-current", "page")
    await page.wait_for_load_state()


async def look_at_a_plan(ada: Page, path: str) -> None:
    """Have a configuration file with mistakes refused, and see what a good one would change."""
    await ada.set_viewport_size(LAPTOP)
    await ada.goto(path)
    file = ada.get_by_label("Or write it here")
    await file.fill("version: 1\nlabels:\n  - {name: Warranty, colour: rad}\n  - {nam: x}\n")
    show = ada.get_by_role("button", name="Show what it would change")
    await show.click()
    mistakes = ada.get_by_role("region", name="Mistakes as a table").get_by_role("row")
    await expect(mistakes.filter(has_text="Did you mean red?")).to_contain_text("3")
    await expect(mistakes.filter(has_text="Did you mean name?")).to_contain_text("4")
    await accessible(ada)
    await file.fill(
        "version: 1\nlabels: [{name: Warranty, colour: red}]\n"
        "connectors: [{name: Other, provider: twilio}]\n"
    )
    await show.click()
    await expect(ada.get_by_role("heading", name="2 changes")).to_be_visible()
    await expect(ada.get_by_role("button", name="Make 2 changes")).to_be_visible()
    await expect(ada.get_by_role("group", name="Credentials of Other")).to_be_visible()
    await accessible(ada)
    await picture(ada, "configuration")
    await fits_a_pocket(ada)


async def test_an_admin_words_the_german_welcome_and_sets_the_survey_to_thumbs(
    browser: Browser, centre: Centre
) -> None:
    ada = await log_in(browser, centre, "ada")
    await ada.set_viewport_size(LAPTOP)
    found = Complaints(ada)
    await ada.get_by_role("navigation", name="Pages").get_by_role("link", name="Settings").click()
    settings = ada.get_by_role("navigation", name="Settings")
    await settings.get_by_role("link", name="Messages").click()
    await choose(ada, "Sales line", "Deutsch")
    await ada.get_by_role("link", name="Welcome back Acme Outdoor").click()
    await expect(ada.get_by_role("heading", name="Welcome back", exact=True)).to_be_visible()
    await ada.wait_for_load_state()

    # The phone follows what is typed, with its size and what makes it dear.
    phone = ada.get_by_role("group", name="On the consumer's phone")
    preview = ada.locator("#preview")
    text = ada.get_by_label("Text in Deutsch")
    await text.fill("Schön, wieder von Ihnen zu hören! Ihr Team von ")
    await ada.get_by_role("button", name="{brand}").click()
    await expect(text).to_be_focused()
    await expect(phone).to_contain_text("Ihr Team von Acme Outdoor")
    await expect(preview).to_contain_text("1 GSM-7")
    await text.press_sequentially(" 🏔")
    await expect(preview).to_contain_text("UCS-2")
    await expect(preview).to_contain_text("snow capped mountain")
    await ada.get_by_label("Send this message").uncheck()
    await expect(phone).to_contain_text("Nothing is sent.")
    await ada.get_by_label("Send this message").check()
    await text.fill("Hallo {name}!")
    await expect(preview).to_contain_text("Unknown placeholder {name}.")
    await ada.get_by_role("button", name="Save", exact=True).click()
    await expect(ada.get_by_role("alert").first).to_contain_text("Unknown placeholder {name}.")
    await text.fill("Schön, wieder von Ihnen zu hören! Ihr Team von {brand}")
    await expect(phone).to_contain_text("Ihr Team von Acme Outdoor")
    await accessible(ada)
    await picture(ada, "messages")
    await ada.get_by_role("button", name="Save", exact=True).click()
    await expect(ada.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    chosen = ada.get_by_role("navigation", name="Messages").locator("[aria-current]")
    await expect(chosen).to_contain_text("Set here")
    await expect(chosen).to_contain_text("Schön, wieder von Ihnen zu hören!")

    # The survey of the same line: thumbs, and what a consumer might answer.
    await settings.get_by_role("link", name="Surveys").click()
    await choose(ada, "Sales line", "Deutsch")
    await ada.get_by_label("Was it resolved?").check()
    await expect(phone).to_contain_text("Konnten wir Ihr Anliegen klären?")
    await ada.get_by_label("Try an answer").fill("gut, aber langsam")
    await expect(preview).to_contain_text("“gut, aber langsam” is read as 4")
    await ada.set_viewport_size({"width": 1280, "height": 960})
    await ada.evaluate("scrollTo(0, 0)")
    await picture(ada, "surveys")
    await ada.set_viewport_size(LAPTOP)
    await ada.get_by_label("Thumbs").check()
    await expect(phone).to_contain_text("👎")
    await ada.get_by_label("Try an answer").fill("super, danke!")
    await expect(preview).to_contain_text("“super, danke!” is read as 👍")
    await ada.get_by_label("Try an answer").fill("hm")
    await expect(preview).to_contain_text("“hm” is not an answer")
    await ada.get_by_label("Time to answer").fill("soon")
    await expect(preview).to_contain_text("Time to answer: Write a time such as")
    await ada.get_by_label("Time to answer").fill("2 h")
    await ada.get_by_label("Questions at most").fill("2")
    await expect(preview).to_contain_text("up to 2 times in all")
    await accessible(ada)
    await ada.get_by_role("button", name="Save", exact=True).click()
    await expect(ada.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    await expect(ada.get_by_label("Thumbs")).to_be_checked()
    await ada.get_by_label("Own words").check()
    await expect(ada.get_by_label("Name of the scale")).to_be_visible()
    await accessible(ada)
    assert [words for words in found.found if "status of 422" not in words] == []

    await ada.get_by_role("button", name="Reset to default").click()
    await expect(ada.locator(".origin")).to_contain_text("Currently from")
    for path in ("messages", "messages?of=connector:acme-twilio", "surveys"):
        await fits(ada, f"{centre.workspace}/admin/{path}")
    await look_at_a_plan(ada, f"{centre.workspace}/admin/configuration")


async def test_on_a_phone_every_setting_is_found_and_a_mistake_stands_beside_its_field(
    browser: Browser, centre: Centre
) -> None:
    ada = await log_in(browser, centre, "ada", "/admin/skills")
    await ada.set_viewport_size({"width": 360, "height": 740})
    settings = ada.get_by_role("navigation", name="Settings")
    for name, heading in (("Calls", "Phone calls"), ("Tokens", "Tokens"), ("Account", "Account")):
        await settings.locator("summary").click()
        await settings.get_by_role("link", name=name, exact=True).click()
        await expect(ada.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        await expect(settings.locator("summary")).to_contain_text(f"Settings: {name}")
        await ada.wait_for_load_state()
    await ada.goto(f"{centre.workspace}/admin/calls")
    await ada.get_by_role("link", name="Hotline").click()
    await ada.get_by_label("Way", exact=True).select_option("dial")
    await ada.get_by_role("button", name="Save", exact=True).click()
    field = ada.get_by_label("Put through: number or SIP address")
    await expect(field).to_be_focused()
    await expect(ada.locator(".field").filter(has=field)).to_contain_text("must be a number")
    await accessible(ada)
    await field.fill("+15550100077")
    await expect(ada.locator(".failure.beside")).to_have_count(0)
    await ada.set_viewport_size(LAPTOP)
    for path in ("workspace", "board"):
        await ada.goto(f"{centre.workspace}/{path}")
        await expect(ada.get_by_role("link", name="Settings")).to_be_visible()
        assert await ada.evaluate("document.documentElement.scrollWidth") <= LAPTOP["width"]


async def test_without_scripts_a_text_is_previewed_and_saved(
    browser: Browser, centre: Centre
) -> None:
    path = "/admin/messages?event=agent_joined&language=fr"
    page = await log_in(browser, centre, "ada", path, java_script_enabled=False)
    await page.get_by_label("Text in Français").fill("Bonjour, ici {agent}.")
    await page.get_by_role("button", name="Preview").click()
    await expect(page.locator(".bubble.in")).to_contain_text("Bonjour, ici Sam.")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    await page.get_by_role("button", name="Reset to default").click()
    await expect(page.locator(".origin")).to_contain_text("Product")
