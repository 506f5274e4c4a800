"""All conversations: a past one is found again, read beside the list, and its search kept."""

import re
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.browser.centre import Centre
from tests.browser.office import PATIENCE_SECONDS
from tests.browser.people import (
    Complaints,
    accessible,
    fits_a_pocket,
    log_in,
    picture,
    shown,
    text_from,
)
from tests.fixtures.centre import eventually

NUMBER, OTHER = "+15550208801", "+15550208802"
PHRASE = '"harness snapped"'


async def asked(centre: Centre, method: str, path: str, by: str, **more: Any) -> Any:
    headers = {"Authorization": f"Bearer {await centre.office.token(by)}"}
    answer = await centre.office.api.request(method, path, headers=headers, **more)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


async def past(centre: Centre) -> None:
    """Ann has answered two consumers and closed; both are found by their words then."""

    async def look() -> bool:
        wanted = {"q": "harness dangerous", "status": ["closed", "survey"]}
        found = await asked(centre, "GET", "/history", "mia", params=wanted)
        return len(found["items"]) == 2

    if await look():  # for another test of this process
        return
    await centre.office.be("ann", "online")
    for number, words in ((NUMBER, "My climbing harness snapped."), (OTHER, "A snapped harness?")):
        await text_from(centre, number, words)
        path = f"/conversations/{await centre.office.held_by('ann', number)}"
        sent = {"text": "I am sorry. We send a new one."}
        await asked(centre, "POST", f"{path}/replies", "ann", json=sent)
        await asked(centre, "POST", f"{path}/notes", "ann", json={"text": "Seems dangerous."})
        await asked(centre, "POST", f"{path}/close", "ann", json={})
    await eventually(look, seconds=PATIENCE_SECONDS)


def rows(page: Page) -> Any:
    return page.locator("tr.hit")


async def test_a_manager_finds_reads_and_keeps_and_an_agent_sees_their_own(
    browser: Browser, centre: Centre
) -> None:
    await past(centre)
    mia = await log_in(browser, centre, "mia", "/conversations")
    found = Complaints(mia)
    await mia.get_by_role("searchbox").fill("harness")
    await mia.keyboard.press("Enter")
    await expect(rows(mia)).to_have_count(2)
    await expect(rows(mia).first.locator("xpath=following-sibling::tr[1]//mark")).not_to_have_count(
        0
    )

    # A phrase and two filters, which stand in the address and can be taken off.
    await mia.get_by_role("searchbox").fill(PHRASE)
    await mia.locator(".finder summary", has_text="State").click()
    for status in ("Being rated", "Closed"):
        await mia.get_by_role("group", name="Status").get_by_label(status).check()
    await mia.locator("summary", has_text="Who and where").click()
    await mia.get_by_role("group", name="Agent").get_by_label("Ann").check()
    await mia.get_by_role("button", name="Show", exact=True).click()
    await expect(rows(mia)).to_have_count(1)
    await expect(mia).to_have_url(re.compile("agent=acme-ann"))
    assert "number=" not in mia.url
    chips = mia.get_by_role("group", name="Filters that are set").locator(".chip")
    await expect(chips).to_have_count(4)
    await accessible(mia)

    # By keyboard: to the row, opened, read at the first hit, closed again.
    await mia.locator("h1").click()
    await mia.keyboard.press("ArrowDown")
    await mia.keyboard.press("Enter")
    beside = mia.locator("#beside")
    await expect(beside.get_by_role("heading", level=2)).to_have_text(shown(NUMBER))
    await expect(beside.locator("mark")).to_have_text(["harness", "snapped"])
    await expect(beside).to_contain_text("Private note by Ann")
    await expect(beside).to_contain_text("Assigned to Ann")
    await beside.locator("summary", has_text="Why it was routed so").click()
    await expect(beside.locator(".decisions li").first).to_be_visible()
    await expect(mia).to_have_url(re.compile("open="))
    await accessible(mia)
    await picture(mia, "history")
    await mia.reload()
    await expect(beside.locator("mark").first).to_be_visible()
    await fits_a_pocket(mia)
    await mia.set_viewport_size({"width": 1280, "height": 800})
    await mia.keyboard.press("Escape")
    await expect(beside.locator("*")).to_have_count(0)
    assert "open=" not in mia.url

    # What is shown is kept, and given another name.
    await mia.locator("summary", has_text="Save as a view").click()
    await mia.locator("#new-view-name").fill("Harnesses")
    await mia.get_by_role("button", name="Save view").click()
    views = mia.get_by_role("navigation", name="Saved views")
    await expect(views.locator("[aria-current]")).to_have_text("Harnesses")
    await expect(rows(mia)).to_have_count(1)
    await chips.filter(has_text="Words").click()
    await expect(chips).to_have_count(3)
    await views.get_by_role("link", name="Harnesses").click()
    await expect(chips).to_have_count(4)
    await mia.locator("summary", has_text="Change this view").click()
    await mia.get_by_role("button", name="Delete this view").click()
    await expect(views).not_to_contain_text("Harnesses")
    assert found.found == []

    ben = await log_in(browser, centre, "ben", "/conversations?q=harness")
    await expect(ben.get_by_text("Nothing matches. Take off a filter:")).to_be_visible()
    ann = await log_in(browser, centre, "ann", "/conversations?q=harness")
    await expect(rows(ann)).to_have_count(2)
    await accessible(ann)


async def test_the_last_filter_of_a_view_can_be_taken_off(browser: Browser, centre: Centre) -> None:
    await past(centre)
    mia = await log_in(browser, centre, "mia", "/conversations?q=dangerous&status=survey")
    await mia.locator("summary", has_text="Save as a view").click()
    await mia.locator("#new-view-name").fill("Dangers")
    await mia.get_by_role("button", name="Save view").click()
    views = mia.get_by_role("navigation", name="Saved views")
    await expect(views.locator("[aria-current]")).to_have_text("Dangers")
    chips = mia.get_by_role("group", name="Filters that are set").locator(".chip")
    await expect(chips).to_have_count(2)
    await chips.filter(has_text="Status").click()
    await expect(chips).to_have_count(1)
    await mia.get_by_role("searchbox").fill("")
    await mia.keyboard.press("Enter")
    await expect(chips).to_have_count(0)
    await expect(mia).not_to_have_url(re.compile("q=dangerous"))
    await expect(views.locator("[aria-current]")).to_have_text("Dangers")


async def test_a_manager_finds_what_a_team_did_and_one_conversation_by_its_id(
    browser: Browser, centre: Centre
) -> None:
    await past(centre)
    new = {"name": "Night shift", "people": ["acme-ann"]}
    team = await asked(centre, "POST", "/teams", "ada", json=new)
    mia = await log_in(browser, centre, "mia", "/conversations?q=harness&column=nps")
    found = Complaints(mia)
    await expect(mia.get_by_role("columnheader", name="NPS")).to_be_visible()
    await mia.locator("summary", has_text="Who and where").click()
    await mia.get_by_role("group", name="Team").get_by_label("Night shift").check()
    await mia.get_by_role("button", name="Show", exact=True).click()
    chips = mia.get_by_role("group", name="Filters that are set").locator(".chip")
    await expect(chips).to_contain_text(["Words: harness", "Team: Night shift"])
    await expect(rows(mia)).to_have_count(2)
    await mia.locator("summary", has_text="Rating").click()
    await mia.get_by_role("group", name="NPS").get_by_label("Promoters").check()
    await mia.get_by_role("button", name="Show", exact=True).click()
    await expect(mia.get_by_text("Nothing matches. Take off a filter:")).to_be_visible()
    await chips.filter(has_text="NPS").click()
    await expect(rows(mia)).to_have_count(2)

    listed = await asked(centre, "GET", "/history", "mia", params={"q": "harness"})
    one, other = (hit["id"] for hit in listed["items"])
    await mia.locator("summary", has_text="Conversation id").click()
    for written, count in ((f"{one}, {other}", 2), (one, 1)):
        await mia.get_by_label("Conversation id").fill(written)
        await mia.get_by_role("button", name="Show", exact=True).click()
        await expect(rows(mia)).to_have_count(count)
    await accessible(mia)
    await mia.get_by_label("Conversation id").fill("the first")
    await mia.get_by_role("button", name="Show", exact=True).click()
    beside = mia.locator("#conversation-failure")
    await expect(beside).to_contain_text("Must be an id such as")
    await expect(rows(mia)).to_have_count(0)
    await fits_a_pocket(mia)
    assert found.found == []
    await asked(centre, "DELETE", f"/teams/{team['id']}", "ada")
