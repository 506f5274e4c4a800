"""The pages themselves: landmarks, escaping, headers, and who sees what."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import update

from database.tables import Message
from simulator.web import pages as phone_pages
from tests.api.conftest import Office
from tests.fixtures.centre import Centre, eventually
from tests.web.conftest import Browsing
from web.rendering import TEMPLATES

EVIL = '<script>alert(\'1\')</script> & <b onclick="x">"quoted"</b>'


def landmarks(page: str) -> set[str]:
    return {tag for tag in ("header", "main", "nav", "aside", "h1") if f"<{tag}" in page}


async def test_the_workspace_has_landmarks_and_a_heading(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    conversation = await centre.conversation()
    async with browsing(office.brand.ann) as ann:
        page = (await ann.get(f"/workspace/{conversation.id}")).text
        empty = (await ann.get("/workspace")).text
    assert landmarks(page) == {"header", "main", "nav", "aside", "h1"}
    assert landmarks(empty) == {"header", "main", "nav", "h1"}
    assert '<html lang="en">' in page
    assert 'role="log"' in page


async def test_what_consumers_write_is_only_ever_words(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    await centre.text(EVIL)
    await centre.assign(office.brand.ann.agent_id, "Ann")
    conversation = await centre.conversation()
    async with browsing(office.brand.ann) as ann:
        page = (await ann.get(f"/workspace/{conversation.id}?view=all")).text
    assert "<script>alert" not in page
    assert 'onclick="' not in page
    assert "&lt;script&gt;alert(" in page


async def test_a_note_that_nobody_wrote_is_switchboards_own(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    conversation = await centre.conversation()
    async with office.sessions.begin() as session:
        await session.execute(
            update(Message)
            .where(Message.conversation_id == conversation.id, Message.author == "consumer")
            .values(author="note")
        )
    async with browsing(office.brand.ann) as ann:
        page = (await ann.get(f"/workspace/{conversation.id}")).text
    assert "Note by Switchboard" in page
    assert "somebody</p>" not in page


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


async def test_a_page_says_that_something_does_not_exist_or_is_not_theirs(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    await centre.text("hello")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    conversation = await centre.conversation()
    async with browsing(office.brand.ben) as ben:
        for path in (f"/workspace/{conversation.id}", f"/workspace/{uuid4()}", "/workspace/x"):
            answer = await ben.get(path)
            assert answer.status_code == 404, path
            assert "Nothing was found here." in answer.text
            assert answer.headers["Content-Type"].startswith("text/html")


async def test_lists_hold_what_their_names_say(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    await centre.text("hello")
    entry = f'id="entry-{(await centre.when("waiting")).id}"'
    async with browsing(office.brand.ann) as ann:
        assert entry in (await ann.get("/workspace?view=waiting")).text
        assert entry not in (await ann.get("/workspace?view=mine")).text
        await centre.assign(office.brand.ann.agent_id, "Ann")
        assert entry in (await ann.get("/workspace?view=mine")).text
        assert entry not in (await ann.get("/workspace?view=waiting")).text
        assert entry in (await ann.get("/workspace?view=all")).text
    async with browsing(office.brand.ben) as ben:
        assert entry not in (await ben.get("/workspace?view=all")).text
    async with browsing(office.brand.mia) as mia:
        assert entry in (await mia.get("/workspace?view=all")).text


async def test_a_long_transcript_is_shown_from_its_end_and_the_rest_on_request(
    office: Office, browsing: Browsing, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "web.workspace.conversation_view.load_conversation.__kwdefaults__", {"entries": 3}
    )
    monkeypatch.setattr(
        "web.workspace.timeline.latest.__kwdefaults__", {"before": None, "limit": 3}
    )
    await centre.text("first words")
    await centre.assign(office.brand.ann.agent_id, "Ann")
    for count in range(5):
        await centre.text(f"text {count}")

    async def all_there() -> bool:
        return len(await centre.transcript()) == 8

    await eventually(all_there)
    conversation = await centre.conversation()
    async with browsing(office.brand.ann) as ann:
        page = (await ann.get(f"/workspace/{conversation.id}")).text
        seen = _texts(page)
        while more := re.search(r'hx-get="([^"]+/earlier[^"]+)"', page):
            page = (await ann.get(more[1], headers={"HX-Request": "true"})).text
            seen = _texts(page) + seen
    assert seen[0] == "first words"
    assert [text for text in seen if text.startswith("text ")] == [f"text {n}" for n in range(5)]


def _texts(page: str) -> list[str]:
    return re.findall(r'<p class="words" dir="auto">([^<]*)</p>', page)


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
    assert "://" not in text.replace(SVG, "").replace('split("://"', "")
    assert not re.search(r"""["'(]//""", text)
