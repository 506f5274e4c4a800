"""Being told: notices, who is there, mentions, pushes, and a connection that says what it is."""

import asyncio
from pathlib import Path

import httpx2
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.centre import Centre
from tests.browser.people import (
    Complaints,
    accessible,
    fits_a_pocket,
    holding,
    log_in,
    new_context,
    picture,
    reload,
    text_from,
)
from tests.fixtures.centre import eventually
from tests.fixtures.push_service import PushedBrowser, push_service

BOX = "Your message"
SCRIPT = Path(__file__).parents[2] / "web" / "static" / "service_worker.js"
NOTIFICATIONS = """
window.shown = [];
window.Notification = class {
  static permission = "default";
  static async requestPermission() { return (this.permission = "granted"); }
  constructor(title, options) { window.shown.push([title, options.body]); }
  addEventListener() {}
  close() {}
};
document.hasFocus = () => !window.isAway;
"""
"""What the browser without windows lacks."""
WORKER = """async (script) => {
  const [handlers, shown] = [{}, []];
  const registration = {
    getNotifications: async ({ tag }) => shown.filter((one) => one.tag === tag),
    showNotification: async (title, options) => shown.push({ title, ...options }),
  };
  const self = { registration, addEventListener: (name, run) => { handlers[name] = run; } };
  new Function("self", script)(self);
  const pushed = { id: 7, kind: "text", title: "New text", body: "", tag: "t", at: "2026-11-27" };
  for (const at of ["2026-11-27T09:00:00Z", "2026-11-27T09:00:00Z", "2026-11-27T09:01:00Z"]) {
    const coming = [];
    const data = { json: () => ({ ...pushed, at }) };
    handlers.push({ data, waitUntil: (promise) => coming.push(promise) });
    await Promise.all(coming);
  }
  return { told: shown.map((one) => [one.tag, one.renotify]), heard: Object.keys(handlers).sort() };
}"""
LOADED_ANEW = """async () => {
  const { Told } = await import("/static/island/notices/told.js");
  const told = new Told(() => Date.now());
  const at = new Date().toISOString();
  told.take({ notices: [{ id: 7, kind: "text", at, read_at: at, times: 1 }], unread: 0 });
  const before = told.shown.value.map(({ id }) => id);
  const loading = told.loadAnew();
  const between = told.shown.value.length;
  await loading;
  return [...before, between];
}"""
"""A page's notices when everything is loaded again, as after a restore."""


def badge(page: Page) -> Locator:
    return page.locator(".menu.notices .badge")


def toasts(page: Page) -> Locator:
    return page.locator(".toasts")


async def tray(page: Page) -> Locator:
    await page.locator(".menu.notices > summary").click()
    return page.locator(".menu.notices .sheet")


async def test_what_concerns_an_agent_is_seen_and_heard_once_until_they_switch_it_off(
    browser: Browser, centre: Centre
) -> None:
    first, second = "+15550200081", "+15550200082"
    page = await holding(browser, centre, "ann", first, second)
    found = Complaints(page)
    # Two notices within a moment make one sound: those of the beginning are over.
    for number in (first, second):
        await centre.office.told("ann", number)
    await page.context.add_init_script(NOTIFICATIONS)
    await reload(page)
    beside = await page.context.new_page()
    await beside.goto(f"{centre.workspace}/workspace?view=mine")
    await expect(beside.locator(".entry")).to_have_count(2)
    heard: list[str] = []
    for each in (page, beside):
        each.on("request", lambda one: heard.append(one.url) if ".wav" in one.url else None)
        await each.mouse.click(5, 5)  # browsers play nothing on a page that nobody has used
    before = len(heard)
    await text_from(centre, second, "Is anybody there?")
    words = "New text from +1 555 020 0082"
    # Toasts go after a while: to look at one page after the other could be too late.
    await asyncio.gather(*(expect(toasts(each)).to_contain_text(words) for each in (page, beside)))
    for each in (page, beside):
        await expect(badge(each)).to_be_visible()
    await eventually(lambda: _more(heard, before))
    assert heard[before:] == [f"{centre.workspace}/static/sounds/text.wav"]
    assert await page.get_attribute("link[rel=icon]", "href") == "/static/icon-unread.svg"
    # What the reader looks at is read, without a sound.
    await text_from(centre, first, "Thank you for asking")
    await expect(page.locator(".message.consumer").last).to_contain_text("Thank you for asking")
    await text_from(centre, second, "Hello?")
    sheet = await tray(page)
    await expect(sheet).to_contain_text("Hello?")
    await accessible(page)
    await picture(page, "notices-light")
    await sheet.locator(".notice").first.click()
    await expect(page.get_by_role("heading", name="+1 555 020 0082", level=1)).to_be_visible()
    for each in (page, beside):
        await expect(badge(each)).to_have_count(0)
    await beside.close()
    # The desktop is asked for by a click, and each kind can be switched off.
    sheet = await tray(page)
    await sheet.get_by_role("button", name="How you are told").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Allow notifications on this desktop").click()
    await dialog.get_by_label("A new text in your conversation: Sound").uncheck()
    await accessible(page)
    await fits_a_pocket(page)
    await page.set_viewport_size({"width": 1440, "height": 900})
    await dialog.get_by_role("button", name="Done").click()
    await page.evaluate("window.isAway = true")
    before = len(heard)
    await text_from(centre, first, "And now?")
    await expect(badge(page)).to_be_visible()

    async def shown() -> list[list[str]]:
        return list(await page.evaluate("window.shown"))

    assert await eventually(shown) == [["New text from +1 555 020 0081", "And now?"]]
    assert len(heard) == before
    assert found.found == []


async def test_colleagues_see_one_another_and_a_take_over_says_who_and_why(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200083"
    ann = await holding(browser, centre, "ann", number)
    path = ann.url.removeprefix(centre.workspace).replace("view=mine", "view=all")
    mia = await log_in(browser, centre, "mia", path)
    await expect(ann.locator(".presence")).to_have_text("Mia is looking.")
    await expect(mia.locator(".presence")).to_have_text("Ann is looking.")
    await ann.get_by_label(BOX).press_sequentially("Half a reply")
    await expect(mia.locator(".presence")).to_have_text("Ann is typing.")
    await mia.get_by_role("button", name="Take over").click()
    await mia.get_by_label("Why").fill("He asked for a manager.")
    await mia.get_by_role("dialog").get_by_role("button", name="Take over").click()
    await expect(ann.locator(".taken")).to_contain_text("Mia took over your conversation")
    await expect(ann.locator(".taken")).to_contain_text("He asked for a manager.")
    await expect(ann.locator(".kept")).to_contain_text("Half a reply")
    await accessible(ann)
    await mia.close()
    await expect(ann.locator(".presence")).to_have_text("")


async def test_the_mentioned_is_told_by_a_push_while_no_page_is_open_and_answers_by_a_note(
    browser: Browser, centre: Centre
) -> None:
    ann = await holding(browser, centre, "ann", "+15550200084")
    await ann.get_by_role("radio", name="Private note").check()
    async with push_service() as bens:
        await subscribed(centre, "ben", bens)
        await ann.get_by_label(BOX).press_sequentially("Is this yours, @b")
        await expect(
            ann.get_by_role("listbox", name="Colleagues to mention").get_by_role(
                "option", name="Ben"
            )
        ).to_be_visible()
        await ann.get_by_label(BOX).press("Enter")
        await ann.get_by_label(BOX).press_sequentially("or mine?")
        await expect(ann.get_by_label(BOX)).to_have_value("Is this yours, @Ben or mine?")
        await ann.get_by_label(BOX).press("Control+Enter")

        async def pushed() -> bool:
            return bool(bens.posts)

        await eventually(pushed)
        [told] = bens.told
    assert (told["title"], told["body"]) == ("Ann mentions you in a note", "In Support")
    ben = await log_in(browser, centre, "ben", f"/workspace/{told['conversation_id']}?view=all")
    await expect(ben.locator(".message.note")).to_contain_text("Is this yours, @Ben or mine?")
    await ben.get_by_label(BOX).fill("Mine.")
    await ben.get_by_label(BOX).press("Control+Enter")
    await expect(ann.locator(".message.note").last).to_contain_text("Mine.")
    sheet = await tray(ben)
    await sheet.get_by_role("button", name="Mentions", exact=True).click()
    await expect(sheet.locator(".notice")).to_have_count(1)


async def subscribed(centre: Centre, name: str, browser: PushedBrowser) -> None:
    """Have a browser pushed to, in which somebody is logged in."""
    headers = {"Authorization": f"Bearer {await centre.office.token(name)}"}
    async with httpx2.AsyncClient(base_url=f"{centre.workspace}/v1/me", headers=headers) as api:
        (await api.get("/push-key")).raise_for_status()
        made = await api.put("/push-subscriptions", json=browser.subscription)
        made.raise_for_status()


async def test_a_page_says_that_a_server_hangs_and_loses_nothing_meanwhile(
    browser: Browser, centre: Centre
) -> None:
    number = "+15550200085"
    page = await holding(browser, centre, "ann", number)
    await expect(page.get_by_label(BOX)).to_be_visible()
    await expect(page.locator("#connection")).to_have_attribute("data-state", "on")
    board = await log_in(browser, centre, "mia", "/board")
    await expect(board.locator("#connection")).to_have_attribute("data-state", "on")
    await expect(badge(board)).to_have_count(0)
    centre.cable.hold()
    await text_from(centre, number, "Are you still there?")
    await centre.office.mention("mia", "ann", number)
    await page.get_by_label(BOX).fill("I am")
    await page.get_by_label(BOX).press("Control+Enter")
    await expect(page.locator("#connection")).to_have_attribute("data-state", "off")
    await page.get_by_label(BOX).fill("and I write on")
    centre.cable.mend()
    await expect(page.locator("#connection")).to_have_attribute("data-state", "on")
    await expect(page.locator(".message.consumer").last).to_contain_text("Are you still there?")
    await expect(page.locator(".message.agent", has_text="I am")).to_have_count(1)
    await expect(page.get_by_label(BOX)).to_have_value("and I write on")
    await expect(badge(page)).to_have_count(0)
    await expect(board.locator("#connection")).to_have_attribute("data-state", "on")
    await expect(badge(board)).to_be_visible()
    assert await board.evaluate(LOADED_ANEW) == [7, 0], "its id may be another notice's by now"
    mention = (await tray(board)).locator(".notice", has_text="Ann mentions you in a note")
    await expect(mention).to_have_count(1)


async def test_the_service_worker_tells_of_a_repeated_push_once_and_answers_no_request(
    browser: Browser, centre: Centre
) -> None:
    page = await (await new_context(browser)).new_page()
    found = await page.evaluate(WORKER, SCRIPT.read_text())
    assert found["told"] == [["t", True], ["t", False], ["t", True]]
    assert "fetch" not in found["heard"]


async def _more(heard: list[str], before: int) -> bool:
    return len(heard) > before
