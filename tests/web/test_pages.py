"""The pages themselves: what they load, and what browsers may load with them."""

import re
from pathlib import Path
from uuid import uuid4

import pytest

from simulator.web import pages as phone_pages
from tests.api.conftest import Office
from tests.web.conftest import Browsing
from web.rendering import TEMPLATES


async def test_the_workspaces_page_is_a_frame_for_its_scripts_and_says_so_without_them(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.brand.ann) as ann:
        page = (await ann.get("/workspace")).text
        assert (await ann.get(f"/workspace/{uuid4()}?view=all")).text == page
        [script] = re.findall(r'src="(/static/v-[0-9a-f]{12}/workspace/workspace.js)"', page)
        kept = (await ann.get(script)).headers["Cache-Control"]
        others = re.sub("v-.{12}", "v-0123456789ab", script)
        asked_for = (await ann.get(others)).headers["Cache-Control"]
    assert '<html lang="en">' in page
    assert kept == "public, max-age=31536000, immutable"
    assert asked_for == "no-cache"
    assert "<noscript><p>The workspace needs JavaScript" in page


async def test_every_page_and_file_says_what_browsers_may_load(
    office: Office, browsing: Browsing
) -> None:
    paths = ("/workspace", "/log-in", f"/workspace/{uuid4()}", "/static/switchboard.css", "/")
    async with browsing(office.brand.ann) as ann:
        for path in paths:
            headers = (await ann.get(path)).headers
            policy = headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'self'; "), path
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "same-origin"


OURS = [
    path
    for folder in (TEMPLATES, phone_pages.HERE)
    for path in sorted(folder.rglob("*"))
    if path.suffix in (".html", ".css", ".js", ".svg") and "vendor" not in path.parts
]
WITHIN = re.compile(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)")
SVG = "http://www.w3.org/2000/svg"


@pytest.mark.parametrize("path", OURS, ids=lambda path: "/".join(path.parts[-4:]))
def test_nothing_of_ours_needs_scripts_or_styles_within_a_page_or_another_host(path: Path) -> None:
    text = path.read_text()
    assert path.suffix != ".html" or not WITHIN.search(text)
    text = text.replace(SVG, "").replace('split("://"', "").replace('"https://".length', "")
    assert "://" not in text
    assert not re.search(r"""["'(]//""", text)
