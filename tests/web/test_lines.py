"""The pages of lines: when texts came and left, their settings, and those that are retired."""

from datetime import UTC, datetime

from sqlalchemy import update

from database.tables import Line, Message
from domain.conversation.kinds import Status
from tests.api.conftest import Office
from tests.database.transcripts import new_conversation
from tests.web.conftest import PAGE, Browsing
from tests.web.test_admin import filled
from tests.web.test_waiting_texts import write

LONG_AGO = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


async def test_a_line_says_when_its_last_text_left(office: Office, browsing: Browsing) -> None:
    brand, sessions = office.brand, office.sessions
    held = await new_conversation(sessions, brand, Status.assigned, agent_id=brand.ann.agent_id)
    [text] = await write(sessions, brand, held, "Hello")
    address = f"/admin/lines/{brand.line_id}/arrived"
    left = {"attempted_at": LONG_AGO, "provider_message_id": "SM1"}
    async with browsing(office.ada) as ada:
        async with sessions.begin() as session:
            await session.execute(
                update(Message).where(Message.id == text).values(provider_message_id=None)
            )
        assert "None yet.</dd>" in (await ada.get(address)).text
        async with sessions.begin() as session:
            await session.execute(update(Message).where(Message.id == text).values(left))
        assert LONG_AGO.isoformat() in (await ada.get(address)).text


async def test_a_line_is_changed_with_its_keywords_and_found_when_it_is_retired(
    office: Office, browsing: Browsing, strangers: Office
) -> None:
    address = f"/admin/lines/{office.brand.line_id}"
    async with browsing(office.ada) as ada:
        form = _settings((await ada.get(address)).text) | {
            "name": "Returns <b>",
            "keyword": ["Refund", ""],
            "keyword_skill": [office.brand.sales, office.brand.sales],
        }
        unchosen = form | {"keyword_skill": ["", ""]}
        refused = await ada.post(address, data=unchosen, headers=PAGE)
        assert "Choose a skill for “Refund”." in refused.text
        saved = await ada.post(address, data=form, headers=PAGE)
        assert saved.headers["HX-Redirect"] == f"{address}?saved=true"
        page = (await ada.get(address)).text
        assert "<bdi>Returns &lt;b&gt;</bdi>" in page
        assert 'value="refund"' in page
        assert (await ada.post(address, data=form, headers=PAGE)).status_code == 409  # overtaken
        async with browsing(strangers.ada) as zoe:
            assert (await zoe.get(address)).status_code == 404
        async with office.sessions.begin() as session:
            retired = update(Line).where(Line.id == office.brand.line_id)
            await session.execute(retired.values(retired_at=LONG_AGO))
        assert "Returns" not in (await ada.get("/admin/lines")).text
        every = (await ada.get("/admin/lines?retired=true")).text
        assert "Returns" in every
        assert "(retired)" in every


def _settings(page: str) -> dict[str, str | list[str]]:
    """Return what a browser would send of the form of settings: others stand before it."""
    seen = page.index('<input type="hidden" name="seen"')
    return filled(page[page.rindex("<form", 0, seen) :])
