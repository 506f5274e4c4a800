"""The page writes times and countdowns as the server does, in the browser's time zone."""

from playwright.async_api import Browser

from tests.browser.centre import Centre
from tests.browser.people import new_context
from tests.web.test_time_vectors import VECTORS, ZONE

SAY = """async ([script, vectors]) => {
  const { clock, until } = await import(script);
  const moment = (iso) => new Date(iso);
  return vectors.map(({ at, now }) => ({
    at, now, until: until(moment(at), moment(now)), clock: clock(moment(at), moment(now)),
  }));
}"""


async def test_the_page_says_moments_like_the_vectors(browser: Browser, centre: Centre) -> None:
    page = await (await new_context(browser, timezone_id=ZONE)).new_page()
    await page.goto(f"{centre.workspace}/log-in")
    assert await page.evaluate(SAY, ["/static/island/times.js", VECTORS]) == VECTORS
