"""A menu of phone calls in a browser: played key by key, with words that are not saved yet."""

from playwright.async_api import Browser, expect

from tests.browser.centre import Centre
from tests.browser.people import Complaints, accessible, fits_a_pocket, log_in


async def test_an_admin_plays_a_call_with_unsaved_words(browser: Browser, centre: Centre) -> None:
    ada = await log_in(browser, centre, "ada")
    found = Complaints(ada)
    await ada.goto(f"{centre.workspace}/admin/calls")
    await accessible(ada)
    await ada.get_by_role("link", name="Hotline").click()
    dialogue = ada.get_by_role("list", name="Dialogue")
    await expect(dialogue).to_contain_text("Thank you for calling Acme Outdoor")
    await ada.get_by_role("button", name="Press 4").click()
    await expect(dialogue).to_contain_text("presses 4")
    await ada.get_by_label("Text to a caller who asked for it").first.fill("Hi from {brand}!")
    await ada.get_by_role("button", name="Call again from the beginning").click()
    await expect(dialogue).not_to_contain_text("presses 4")
    await ada.get_by_role("button", name="Press 1").click()
    await expect(dialogue.locator(".text-sent")).to_contain_text("Hi from Acme Outdoor!")
    await ada.get_by_label("The caller is").select_option("landline")
    await ada.get_by_role("button", name="Call again from the beginning").click()
    await expect(dialogue).to_contain_text("cannot receive text messages")
    await ada.get_by_label("A reply belongs to the call for").fill("soon")
    await ada.get_by_role("button", name="Call again from the beginning").click()
    await expect(ada.locator("#refused")).to_contain_text("Write a time such as")
    await ada.get_by_label("A reply belongs to the call for").fill("2 h")
    await ada.get_by_role("button", name="Call again from the beginning").click()
    await expect(ada.locator("#refused")).to_be_empty()
    await accessible(ada)
    assert [words for words in found.found if "status of 422" not in words] == []
    await fits_a_pocket(ada)
