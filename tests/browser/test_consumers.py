"""What is known of consumers: named, edited and merged beside a conversation, listed on a page."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.browser.centre import Centre
from tests.browser.people import (
    Complaints,
    accessible,
    fits_a_pocket,
    go,
    holding,
    log_in,
    picture,
)

NUMBER, AT_WORK = "+4915123400701", "+4930123400702"
SHOWN, AT_WORK_SHOWN = "+49 1512 3400701", "+49 30 123400702"
CRM = "https://crm.acme.example"
FIELDS: tuple[dict[str, Any], ...] = (
    {"name": "Order number", "kind": "text", "is_required": True},
    {"name": "Tier", "kind": "choice", "choices": ["Gold", "Silver"]},
    {"name": "Website", "kind": "link"},
    {"name": "Credit", "kind": "number", "seen_by": "manager", "edited_by": "manager"},
)


async def asked(centre: Centre, method: str, path: str, name: str = "ada", **more: Any) -> Any:
    headers = {"Authorization": f"Bearer {await centre.office.token(name)}"}
    answer = await centre.office.api.request(method, path, headers=headers, **more)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


@pytest.fixture
async def furnished(centre: Centre) -> AsyncIterator[None]:
    """Fields and panels, for the length of a story."""
    fields = [await asked(centre, "POST", "/consumer-fields", json=one) for one in FIELDS]
    made = [f"/consumer-fields/{field['id']}" for field in fields]
    for name, template in (
        ("CRM", f"{CRM}/search?phone={{number}}&name={{name}}"),
        ("Orders", f"{CRM}/orders/{fields[0]['place']}"),
    ):
        panel = await asked(centre, "POST", "/panels", json={"name": name, "template": template})
        made.append(f"/panels/{panel['id']}")
    yield
    for path in made:
        await asked(centre, "DELETE", path)


def card(page: Page) -> Locator:
    return page.locator(".context .card-consumer")


def detail(page: Page, name: str) -> Locator:
    """Return a row of the consumer's card."""
    return card(page).locator("dl > div").filter(has=page.locator("dt", has_text=name))


async def fill(page: Page, name: str, words: str) -> None:
    """Write a detail where it stands, and save it by Enter."""
    await detail(page, name).get_by_role("button").click()
    await expect(detail(page, name).get_by_role("textbox")).to_be_focused()
    await page.keyboard.type(words)
    await page.keyboard.press("Enter")


async def served(page: Page) -> list[str]:
    """Answer in the place of the other system; returns the addresses that it is asked for."""
    seen: list[str] = []

    async def answer(route: Route) -> None:
        seen.append(route.request.url)
        body = "<!doctype html><title>CRM</title><h1>Customer file</h1>"
        await route.fulfill(body=body, content_type="text/html")

    await page.route(f"{CRM}/**", answer)
    return seen


async def test_a_consumer_is_named_described_and_merged_beside_the_conversation(
    browser: Browser, centre: Centre, furnished: None
) -> None:
    ann = await holding(browser, centre, "ann", NUMBER, AT_WORK)
    found, framed = Complaints(ann), await served(ann)
    heading = ann.get_by_role("heading", level=1)
    await expect(heading).to_have_text(SHOWN)
    await expect(card(ann)).to_contain_text("Can be texted")
    await expect(detail(ann, "Order number")).to_contain_text("Missing")
    await expect(card(ann)).not_to_contain_text("Credit")

    # By keyboard alone; what is left by Escape stays as it was, and a name shows everywhere.
    await ann.keyboard.press("Escape")
    await ann.keyboard.press("i")
    await ann.keyboard.type("Nobody")
    await ann.keyboard.press("Escape")
    await expect(heading).to_have_text(SHOWN)
    await ann.keyboard.press("Enter")
    await ann.keyboard.type("ميا لندنر")
    await ann.keyboard.press("Enter")
    await expect(heading.locator("bdi")).to_have_text("ميا لندنر")
    await expect(ann.locator(".entry", has_text="ميا لندنر")).to_have_count(1)
    await expect(ann).to_have_title(re.compile("\u2068ميا لندنر\u2069 · Switchboard$"))

    await fill(ann, "Order number", "A-4711")
    await expect(detail(ann, "Order number")).to_contain_text("A-4711")
    await detail(ann, "Tier").get_by_role("button").click()
    await ann.get_by_role("combobox", name="Tier").select_option("Gold")
    await ann.keyboard.press("Enter")
    await expect(detail(ann, "Tier")).to_contain_text("Gold")
    await fill(ann, "Website", "javascript:alert(1)")
    await expect(detail(ann, "Website").get_by_role("alert")).to_contain_text("https://")
    await ann.get_by_role("textbox", name="Website").fill("https://mia.example/")
    await ann.keyboard.press("Enter")
    link = detail(ann, "Website").get_by_role("link")
    await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    await detail(ann, "Note").get_by_role("button").click()
    await ann.keyboard.type("Prefers mornings.")
    await ann.keyboard.press("Control+Enter")
    await expect(detail(ann, "Note").get_by_role("textbox")).to_have_count(0)
    await expect(detail(ann, "Note")).to_contain_text("Prefers mornings.")

    await overtaken(ann, centre)
    await panels(ann, framed)
    await merged(ann, centre)
    await accessible(ann)
    refused = [one for one in found.found if "422" not in one and "409" not in one]
    assert refused == []


async def overtaken(ann: Page, centre: Centre) -> None:
    """A colleague changes the name while it is being changed: nothing is overwritten unseen."""
    await ann.keyboard.press("Escape")
    await ann.keyboard.press("i")
    await ann.keyboard.type("Mia")
    [consumer] = (await asked(centre, "GET", "/consumers", params={"search": NUMBER}, name="mia"))[
        "items"
    ]
    shown = await asked(centre, "GET", f"/consumers/{consumer['id']}", name="mia")
    theirs = {"revision": shown["revision"], "name": "Mia Lindner"}
    await asked(centre, "PATCH", f"/consumers/{consumer['id']}", name="mia", json=theirs)
    await ann.keyboard.press("Enter")
    await expect(card(ann).get_by_role("alert")).to_contain_text("changed it to “Mia Lindner”")
    await expect(ann.get_by_role("heading", level=1)).to_have_text("Mia Lindner")
    await ann.keyboard.press("Escape")
    await expect(card(ann).get_by_role("heading", level=3)).to_have_text("Mia Lindner")
    # Another detail is no obstacle.
    await fill(ann, "E-mail", "mia@acme.example")
    await expect(detail(ann, "E-mail")).to_contain_text("mia@acme.example")


async def panels(ann: Page, framed: list[str]) -> None:
    """Pages of another system open by choice, in a frame that sees nothing of ours."""
    assert framed == []
    await ann.locator(".panel-card summary", has_text="CRM").click()
    frame = ann.locator(".panel-card iframe")
    await expect(frame.content_frame.get_by_role("heading")).to_have_text("Customer file")
    assert framed == [f"{CRM}/search?phone=%2B{NUMBER[1:]}&name=Mia%20Lindner"]
    await expect(frame).to_have_attribute("referrerpolicy", "no-referrer")
    allowed = set((await frame.get_attribute("sandbox") or "").split())
    assert "allow-top-navigation" not in allowed
    assert "allow-scripts" in allowed
    await ann.locator(".panel-card summary", has_text="CRM").click()
    await expect(frame).to_have_count(0)


async def merged(ann: Page, centre: Centre) -> None:
    """Two numbers of one person: one name, one list; consent stays with each; and undone."""
    [other] = (await asked(centre, "GET", "/consumers", params={"search": AT_WORK}))["items"]
    await card(ann).get_by_role("button", name="Merge with another number").click()
    dialog = ann.get_by_role("dialog")
    await dialog.get_by_label("Find the other number").fill("030 1234007")
    await dialog.get_by_label(AT_WORK_SHOWN).first.check()
    await accessible(ann)
    await dialog.get_by_role("button", name="Merge", exact=True).click()
    await expect(dialog).to_have_count(0)
    numbers = card(ann).get_by_role("list", name="Numbers").get_by_role("listitem")
    await expect(numbers).to_have_count(2)
    await expect(ann.locator(".entry", has_text="Mia Lindner")).to_have_count(2)
    past = ann.locator(".past")
    await expect(past).to_contain_text(AT_WORK_SHOWN)
    await past.locator("summary").click()
    await expect(past.locator(".words").first).to_have_text(f"Hello from {AT_WORK}")

    await asked(centre, "POST", f"/consumers/{other['id']}/opt-out", name="ann")
    await expect(numbers.nth(1)).to_contain_text("Opted out of texts")
    await expect(numbers.nth(0)).to_contain_text("Can be texted")
    await expect(ann.locator(".toast")).to_have_count(0)  # it leaves by itself, or has left
    await picture(ann, "consumer")
    await card(ann).get_by_role("button", name=f"Separate {AT_WORK_SHOWN}").click()
    await expect(numbers).to_have_count(1)
    await expect(past).to_have_count(0)


async def test_consumers_are_listed_and_found_on_a_page_of_their_own(
    browser: Browser, centre: Centre, furnished: None
) -> None:
    await holding(browser, centre, "ann", NUMBER)
    ann = await log_in(browser, centre, "ann", "/consumers")
    found = Complaints(ann)
    [consumer] = (await asked(centre, "GET", "/consumers", params={"search": NUMBER}))["items"]
    shown = await asked(centre, "GET", f"/consumers/{consumer['id']}")
    named = {"revision": shown["revision"], "name": "<Mia> Lindner"}
    await asked(centre, "PATCH", f"/consumers/{consumer['id']}", json=named)
    await ann.get_by_role("searchbox").fill("lind")
    await ann.keyboard.press("Enter")
    row = ann.get_by_role("row").filter(has_text="<Mia> Lindner")
    await expect(row).to_contain_text(SHOWN)
    await expect(row).to_contain_text(f"Hello from {NUMBER}")
    await accessible(ann)
    await fits_a_pocket(ann)
    await row.get_by_role("link").click()
    await expect(ann.get_by_role("heading", level=1)).to_have_text("<Mia> Lindner")

    ada = await log_in(browser, centre, "ada", "/admin/fields")
    for path in ("/admin/fields", "/admin/panels"):
        await go(ada, f"{centre.workspace}{path}")
        await ada.locator("tbody a").first.click()
        await ada.wait_for_load_state()
        await accessible(ada)
        await fits_a_pocket(ada)
    assert found.found == []
