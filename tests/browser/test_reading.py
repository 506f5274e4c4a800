"""Reading a transcript: what can be clicked, copied and looked at, and what became of texts."""

import json
import re
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, Route, expect
from sqlalchemy import text as sql

from database.engine import opened
from tests.browser.centre import Centre
from tests.browser.people import (
    accessible,
    entry,
    fault,
    fits_a_pocket,
    go,
    holding,
    picture,
    reload,
    reply,
    text_from,
)
from tests.fixtures.file_host import picture as image

VECTORS = json.loads((Path(__file__).parents[1] / "payloads" / "links.json").read_text())
PIECES = """async (vectors) => {
  const { pieces } = await import("/static/island/links.js");
  const of = (found, kind, name) =>
    found.filter((one) => one.kind === kind).map((one) => one[name]);
  const signs = [".", "@", "https://", "(", "1 ", "+(", "a@b.", "[+1"];
  return {
    found: vectors.map(({ text }) => {
      const found = pieces(text);
      return {
        isWhole: found.map(({ words }) => words).join("") === text,
        links: of(found, "link", "words"), mails: of(found, "mail", "words"),
        leads: of(found.filter(({ isHonest }) => isHonest === false), "link", "host"),
        numbers: of(found, "number", "number"), turns: of(found, "turn", "words").length,
      };
    }),
    long: signs.map((one) => pieces(one.repeat(10_000)).length > 0),
  };
}"""
BARE = """() => {
  const hebrew = /[\\u0590-\\u05ff]/;
  const kept = (words) => !hebrew.test(words.replace(/\\u2068[^\\u2069]*\\u2069/g, ""));
  const bare = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let one = texts.nextNode(); one; one = texts.nextNode()) {
    const isKept = one.parentElement.closest("bdi, [dir=auto], textarea, script, style");
    if (!isKept && !kept(one.data)) bare.push(`${one.parentElement.outerHTML.slice(0, 200)}`);
  }
  for (const one of document.querySelectorAll("[title], [aria-label], [alt]"))
    for (const name of ["title", "aria-label", "alt"])
      if (!kept(one.getAttribute(name) ?? "")) bare.push(`${name}: ${one.outerHTML.slice(0, 99)}`);
  return bare;
}"""
"""Right-to-left words that stand in a page with nothing to keep them together."""
CLIPBOARD = "() => navigator.clipboard.readText()"
LONG = 10_000
MOST_DRAWN = 700
"""Ours: the page keeps 480 entries of a transcript, with the days between them."""
FILL = """
    WITH held AS (
        SELECT * FROM conversation WHERE id = CAST(:id AS uuid)
    ), written AS (
        INSERT INTO message (id, account_id, line_id, consumer_id, conversation_id, position,
            author, agent_id, text, written_at, status, provider_message_id)
        SELECT gen_random_uuid(), account_id, line_id, consumer_id, id, 100 + n,
            CASE WHEN n % 2 = 0 THEN 'agent' ELSE 'consumer' END,
            CASE WHEN n % 2 = 0 THEN agent_id END,
            'Text number ' || n || repeat(' and more', n % 9),
            now() - (:count - n) * interval '1 minute',
            CASE WHEN n % 2 = 0 THEN 'delivered' ELSE 'received' END, 'SM' || n
        FROM held, generate_series(1, :count) AS n
        RETURNING id, account_id, conversation_id, agent_id, written_at, position
    )
    INSERT INTO event (account_id, conversation_id, agent_id, kind, data, at)
    SELECT account_id, conversation_id, agent_id, 'message_added',
        jsonb_build_object('message_id', id, 'position', position), written_at
    FROM written ORDER BY position
"""


def texts(page: Page) -> Locator:
    return page.locator(".messages:not(.on-its-way) > .message")


async def called(centre: Centre, number: str, name: str) -> None:
    """Give a consumer a name."""
    headers = {"Authorization": f"Bearer {await centre.office.token('mia')}"}
    held = await centre.office.held_by("mia", number)
    api = centre.office.api
    consumer = (await api.get(f"/conversations/{held}", headers=headers)).json()["consumer"]
    shown = (await api.get(f"/consumers/{consumer['id']}", headers=headers)).json()
    change = {"name": name, "revision": shown["revision"]}
    path = f"/consumers/{consumer['id']}"
    (await api.patch(path, json=change, headers=headers)).raise_for_status()


async def test_the_page_finds_what_can_be_clicked(browser: Browser, centre: Centre) -> None:
    page = await browser.new_page()
    await page.goto(f"{centre.workspace}/log-in")
    answer = await page.evaluate(PIECES, VECTORS)
    for wanted, found in zip(VECTORS, answer["found"], strict=True):
        assert found.pop("isWhole"), wanted
        told = {name: value for name, value in wanted.items() if name != "text"}
        assert {name: found[name] for name in told} == told, wanted
    assert all(answer["long"])


async def test_links_copies_and_days(browser: Browser, centre: Centre) -> None:
    number = "+15550200801"
    page = await holding(browser, centre, "ben", number)
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await text_from(centre, number, "I ordered at https://shop.example/tents/4711, is it there?")
    await text_from(centre, number, "Or is it https://shop.example@evil.example/\u202emoc.elgoog")
    await text_from(centre, number, "مرحبا، رقمي +15550200802 وبريدي ann@shop.example")
    await expect(texts(page).last).to_contain_text("ann@shop.example")
    link = texts(page).get_by_role("link", name="https://shop.example/tents/4711")
    await expect(link).to_have_attribute("href", "https://shop.example/tents/4711")
    await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    await expect(link).to_have_attribute("target", "_blank")
    await expect(texts(page).nth(-2)).to_contain_text("leads to evil.example")
    await expect(texts(page).nth(-2).locator(".turn")).to_have_count(1)
    mail = texts(page).get_by_role("link", name="ann@shop.example")
    await expect(mail).to_have_attribute("href", "mailto:ann@shop.example")
    await expect(texts(page).last.locator(".words")).to_have_css("direction", "rtl")
    await expect(mail).to_have_css("direction", "ltr")
    await expect(page.locator(".day")).to_have_text(["Today"])
    # Three texts of one writer at once have one byline; the first stands before our answer to it.
    await expect(page.locator(".message.consumer .byline:not(.hidden)")).to_have_count(2)
    await accessible(page)

    await page.locator(".log").focus()
    await page.keyboard.press("Alt+ArrowUp")
    await page.keyboard.press("Alt+ArrowUp")
    await expect(texts(page).nth(-2)).to_be_focused()
    await page.keyboard.press("c")
    await expect(page.get_by_text("The text is copied.")).to_be_visible()
    assert (await page.evaluate(CLIPBOARD)).startswith("Or is it https://shop.example@")
    await texts(page).last.hover()
    await accessible(page)
    await picture(page, "reading")
    await page.get_by_role("button", name="Copy a link to this text").click()
    address = await page.evaluate(CLIPBOARD)
    assert re.fullmatch(rf"{centre.workspace}/workspace/[0-9a-f-]{{36}}#e\d+", address)
    await go(page, f"{centre.workspace}/workspace")
    await go(page, address)
    await expect(texts(page).last).to_have_class(re.compile("found"))
    await texts(page).get_by_role("link", name="+15550200802").click()
    await expect(page).to_have_url(re.compile("number_part=%2B15550200802"))
    await expect(texts(page).last).to_be_visible()


async def test_what_became_of_texts_and_a_text_sent_again(browser: Browser, centre: Centre) -> None:
    number = "+15550200803"
    page = await holding(browser, centre, "mia", number)
    await reply(page, "It will be there on Monday.")
    await called(centre, number, "דנה 7")
    ticks = page.locator(".message.agent button.delivery").last
    await expect(ticks).to_have_text("Delivered")
    await ticks.focus()
    await page.keyboard.press("Enter")
    await expect(ticks).to_have_attribute("aria-expanded", "true")
    await expect(page.locator(".about-delivery")).to_contain_text("The phone has confirmed it.")
    await fault(centre, "refused", error_code=21610 - 399)
    await reply(page, "No, on Tuesday.")
    lost = page.locator(".message.agent", has_text="No, on Tuesday.").first
    await expect(lost.locator(".failure")).to_contain_text("Provider code: 21211.")
    await expect(page.locator(".entry", has_text="דנה 7").locator(".not-delivered")).to_be_visible()
    await page.locator(".filter-menu > summary").click()
    await page.get_by_label("Not delivered").check()
    await page.keyboard.press("Escape")
    await expect(page.locator(".entry", has_text="דנה 7")).to_be_visible()
    await accessible(page)
    await picture(page, "not-delivered", "dark")
    assert not await page.evaluate(BARE)
    await lost.get_by_role("button", name="Send again").click()
    again = page.locator(".message.agent", has_text="No, on Tuesday.").last
    await expect(again.locator(".foot")).to_contain_text("sent again")
    await expect(again.locator("button.delivery")).to_have_text("Delivered")
    await expect(lost.locator(".failure")).to_contain_text("Its words were sent again.")
    await expect(lost.get_by_role("button", name="Send again")).to_have_count(0)
    await expect(page.locator(".entry", has_text="דנה 7")).to_have_count(0)
    await reload(page)
    await expect(lost.locator(".failure")).to_contain_text("Its words were sent again.")
    await fault(centre, "undelivered", error_code=30003)
    await reply(page, "Or Wednesday.")
    await expect(texts(page).last.locator(".failure")).to_contain_text("30003")
    await expect(page.get_by_role("button", name="Send again")).to_have_count(0)


async def test_pictures_large_files_by_name_and_what_is_gone(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200804"
    page = await holding(browser, centre, "mia", number)
    held = re.search(r"[0-9a-f-]{36}", page.url)
    assert held
    headers = {"Authorization": f"Bearer {await centre.office.token('mia')}"}
    address = f"/conversations/{held[0]}"
    sent = {"Content-Type": "image/png"}
    made = [
        await centre.office.api.post(
            f"{address}/media", content=image("PNG", (640, 400 + n)), headers=headers | sent
        )
        for n in range(3)
    ]
    ids = [one.json()["id"] for one in made]
    answer = await centre.office.api.post(
        f"{address}/replies", json={"text": "Here", "media": ids}, headers=headers
    )
    assert answer.status_code == 201, answer.text
    await expect(page.locator(".picture img")).to_have_count(3)
    first = page.get_by_role("link", name="Picture 1")
    await first.focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Picture 1 of 3")
    await expect(dialog.get_by_role("img")).to_have_attribute("src", f"/v1/media/{ids[0]}")
    await accessible(page)
    await page.keyboard.press("ArrowRight")
    dialog = page.get_by_role("dialog", name="Picture 2 of 3")
    await expect(dialog.get_by_role("img")).to_have_attribute("src", f"/v1/media/{ids[1]}")
    await expect(dialog.get_by_role("link", name="Download")).to_have_attribute("download", "")
    await picture(page, "picture", "dark")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(first).to_be_focused()

    async def without_the_last(route: Route) -> None:
        await route.fulfill(status=404, body="{}")

    async def with_a_document(route: Route) -> None:
        answer = await route.fetch()
        told = await answer.json()
        document = {"content_type": "application/pdf", "thumbnail_url": None, "size": 1_234_567}
        for one in told["entries"]:
            if media := (one.get("message") or {}).get("media"):
                media[1] |= document
        await route.fulfill(response=answer, json=told)

    await page.route(f"**/v1/media/{ids[2]}/thumbnail", without_the_last)
    await page.route("**/entries?*", with_a_document)
    await reload(page)
    await expect(page.locator(".gone")).to_have_text(
        "Picture 3 is not kept any more, or cannot be read at the moment."
    )
    await expect(page.locator(".attached.file")).to_contain_text("application/pdf, 1.2 MB")
    document = page.get_by_role("link", name="PDF document 2")
    await expect(document).to_have_attribute("href", f"/v1/media/{ids[1]}")
    await fits_a_pocket(page)


async def test_a_transcript_of_ten_thousand_texts_is_read_from_end_to_end(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200805"
    page = await holding(browser, centre, "mia", number, is_open=False)
    held = await centre.office.held_by("mia", number)
    async with (
        opened(centre.database_url, pool_size=2, name="long") as sessions,
        sessions.begin() as session,
    ):
        await session.execute(sql(FILL), {"id": held, "count": LONG})
    await entry(page, number).click()
    await expect(texts(page).last).to_contain_text(f"Text number {LONG}")
    log, first = page.locator(".log"), texts(page).first
    for _ in range(6):
        before = await first.get_attribute("id")
        await log.evaluate("(log) => { log.scrollTop = 0; }")
        await expect(first).not_to_have_id(before or "")
    assert await texts(page).count() < MOST_DRAWN
    await expect(page.get_by_role("button", name="Show later")).to_have_count(1)
    await text_from(centre, number, "Are you still reading?")

    newest = texts(page).filter(has_text="Are you still reading?")
    while not await newest.count():
        last = await texts(page).last.get_attribute("id")
        await log.evaluate("(log) => { log.scrollTop = log.scrollHeight; }")
        await expect(texts(page).last).not_to_have_id(last or "")
    await expect(texts(page).last).to_contain_text("Are you still reading?")
    assert await texts(page).count() < MOST_DRAWN
    await reply(page, "I am.")
