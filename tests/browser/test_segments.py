"""The page counts segments as the sender does."""

from playwright.async_api import Browser

from tests.browser.centre import Centre
from tests.web.test_segment_vectors import VECTORS

COUNT = """async (vectors) => {
  const { segments } = await import("/static/island/segments.js");
  return vectors.map(({ text, smart }) => segments(text, smart));
}"""


async def test_the_page_counts_like_the_vectors(browser: Browser, centre: Centre) -> None:
    page = await browser.new_page()
    await page.goto(f"{centre.workspace}/log-in")
    counted = await page.evaluate(COUNT, VECTORS)
    wanted = [
        {
            name.replace("forced_by", "forcedBy"): value
            for name, value in vector.items()
            if name != "smart"
        }
        for vector in VECTORS
    ]
    shown = [one | {"text": vector["text"]} for one, vector in zip(counted, VECTORS, strict=True)]
    assert shown == wanted
