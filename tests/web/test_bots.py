"""Bots on pages: making one, choosing it for a skill, and conversations that it has."""

from tests.api.conftest import Office
from tests.fixtures.bots import served_by_bot
from tests.fixtures.centre import Centre
from tests.web.at_the_board import board
from tests.web.at_the_workspace import give, listing, opened, told
from tests.web.conftest import PAGE, Browsing
from tests.web.test_admin import filled

OWN = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form of our own."""


async def test_an_admin_makes_a_bot_on_its_page_and_sees_its_secret_once(
    office: Office, browsing: Browsing
) -> None:
    brand = office.brand
    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        assert "There are none yet" in (await ada.get("/admin/bots")).text
        form = {"name": "Robo", "mode": "webhook", "fallback_skill": brand.sales}
        refused = await ada.post(
            "/admin/bots", data=form | {"url": "http://10.0.0.1/"}, headers=OWN
        )
        assert (refused.status_code, "must begin with https://" in refused.text) == (422, True)
        form["url"] = "https://example.com/bot"
        for is_first in (True, False):
            made = await ada.post("/admin/bots?key=k1", data=form, headers=OWN)
            assert ("whsec_" in made.text) is is_first
        [bot] = (await api.get("/v1/bots")).json()["items"]
        page = (await ada.get(f"/admin/bots/{bot['id']}")).text
        # The form of its settings, not the one to try it.
        page = page[page.rindex("<form", 0, page.index('name="deadline_seconds"')) :]
        changed = filled(page) | {
            "deadline_seconds": "5 s",
            "disclosures": "en: A bot.\nde: Ein Bot.",
        }
        saved = await ada.post(f"/admin/bots/{bot['id']}", data=changed, headers=PAGE)
        assert saved.headers.get("HX-Redirect") == f"/admin/bots/{bot['id']}?saved=true", saved.text
        shown = (await api.get(f"/v1/bots/{bot['id']}")).json()
        assert shown["deadline_seconds"] == 5
        assert shown["disclosures"] == {"en": "A bot.", "de": "Ein Bot."}
        assert not shown["tells_number"]

        stream = changed | {"mode": "stream", "url": "", "seen": ""}
        await ada.post(f"/admin/bots/{bot['id']}", data=stream, headers=PAGE)
        tried = await ada.post(f"/admin/bots/{bot['id']}/try", data={"text": "hi"}, headers=OWN)
        assert (tried.status_code, "follows the stream" in tried.text) == (422, True)
        skill = f"/admin/skills/{brand.support}"
        chosen = filled((await ada.get(skill)).text) | {"bot": bot["id"]}
        await ada.post(skill, data=chosen, headers=PAGE)
        assert (await api.get(f"/v1/skills/{brand.support}")).json()["bot_id"] == bot["id"]
        await ada.post(f"/admin/bots/{bot['id']}/retire", headers=PAGE)
        assert (await api.get(f"/v1/skills/{brand.support}")).json()["bot_id"] is None


async def test_lists_transcript_and_board_name_the_bot_that_has_a_conversation(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    await served_by_bot(centre.sessions, centre.brand, None)
    await centre.text("hello")
    row = await centre.when("waiting")
    async with browsing(office.brand.mia) as mia:
        listed = await listing(mia, "all")
        assert [one.bot_name for one in listed.conversations] == ["Robo"]
        assert listed.counts.waiting == 0
        assert "The bot Robo answers" in " ".join(await told(mia, row.id))
        refusal = (await opened(mia, row.id)).rights.refusal
        assert refusal == "A bot answers in this conversation. Take it to write yourself."
        assert [(one.name, one.conversations) for one in (await board(mia)).bots or ()] == [
            ("Robo", 1)
        ]
        taken = await give(mia, row.id, "pick")
        assert taken.is_success, taken.text
    row = await centre.when("assigned")
    assert (row.bot_id, row.agent_id) == (None, centre.brand.mia.agent_id)
