"""The page counts segments as the sender does."""

from playwright.async_api import Browser

from tests.browser.centre import Centre
from tests.web.test_segment_vectors import VECTORS

COUNT = """async (texts) => {
  const { segments } = await import("/static/segments.js");
  return texts.map(segments);
}"""


async def test_the_page_counts_like_the_vectors(browser: Browser, centre: Centre) -> None:
    page = await browser.new_page()
    await page.goto(f"{centre.workspace}/log-in")
    counted = await page.evaluate(COUNT, [vector["text"] for vector in VECTORS])
    wanted = [
        {name.replace("forced_by", "forcedBy"): value for name, value in vector.items()}
        for vector in VECTORS
    ]
    shown = [one | {"text": vector["text"]} for one, vector in zip(counted, VECTORS, strict=True)]
    assert shown == wanted
