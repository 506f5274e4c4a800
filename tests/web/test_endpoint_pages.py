"""Endpoints on the admin's pages: made, looked at, paused and told of."""

import re
from uuid import uuid4

from sqlalchemy import update

from database.tables import Endpoint
from outgoing.signed_posts import SignedPosts
from tests.api.conftest import Office
from tests.fixtures.file_host import answer
from tests.fixtures.receiver import receiver
from tests.outgoing.posting import LOOPBACK, Posting
from tests.web.conftest import PAGE, Browsing

NEW = {"name": "Warehouse", "url": "https://example.com/hooks", "which": "all"}
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


async def test_a_new_endpoint_shows_its_secret_once_and_what_is_wrong_beside_the_form(
    office: Office, browsing: Browsing, strangers: Office
) -> None:
    async with browsing(office.ada) as ada:
        wrong = await ada.post("/admin/endpoints", data=NEW | {"url": "http://a"}, headers=PAGE)
        assert wrong.text.strip() == "<p>The address must begin with https://.</p>"
        made = (await ada.post("/admin/endpoints", data=NEW, headers=PAGE)).text
        [secret] = re.findall(r"whsec_[\w+/=]+", made)
        [path] = re.findall(r'href="(/admin/endpoints/[\w-]+)"', made)
        page = (await ada.get(path)).text
        assert secret not in page
        assert "whsec_" not in page
        seen = re.findall(r'name="seen" value="(\w+)"', page)[0]
        chosen = {"which": "chosen", "kinds": ["opted_out", "opted_in"], "seen": seen}
        saved = await ada.post(path, data=NEW | chosen, headers=PAGE)
        assert saved.headers["HX-Redirect"] == f"{path}?saved=true"
        again = await ada.post(path, data=NEW | chosen, headers=PAGE)
        assert again.status_code == 409
        assert 'value="opted_out" checked' in (await ada.get(path)).text
        rotated = await ada.post(f"{path}/secret", data={"overlap_hours": "1"}, headers=SAME_SITE)
        assert "<h1>Secret</h1>" in rotated.text
    async with browsing(strangers.ada) as zoe:
        assert (await zoe.get(path)).status_code == 404
        assert (await zoe.post(f"{path}/pause", headers=PAGE)).status_code == 404


async def test_admins_see_what_was_not_taken_and_post_it_again(
    office: Office, browsing: Browsing
) -> None:
    async with SignedPosts([LOOPBACK]) as posts, receiver() as there, browsing(office.ada) as ada:
        posting = Posting(office.brand, office.sessions, posts, there)
        await posting.create()
        path = f"/admin/endpoints/{posting.endpoint_id}"
        there.answers = [answer(500, b"<b>no disk</b>")]
        [event] = await posting.events(uuid4())
        await posting.run()
        page = (await ada.get(path)).text
        assert "1 waiting, 0 given up" in page
        assert "The receiver failed." in page
        assert "&lt;b&gt;no disk" in page
        for action in ("give-up", "replay"):
            done = await ada.post(f"{path}/deliveries/{event}/{action}", headers=PAGE)
            assert done.headers["HX-Redirect"] == f"{path}#posts"
        await posting.run()
        assert posting.taken() == [event, event]
        neither = await ada.post(f"{path}/replay", data={}, headers=PAGE)
        assert "one of the two" in neither.text
        since = {"since": "2026-01-01T00:00"}
        assert (await ada.post(f"{path}/replay", data=since, headers=PAGE)).status_code == 200
        assert (await ada.post(f"{path}/test", headers=PAGE)).status_code == 200
        await posting.run()
        assert there.posts[2].json["type"] == "ping"
        assert event in [post.json["data"]["event_id"] for post in there.posts[3:]]


async def test_a_paused_endpoint_is_told_of_until_it_is_resumed(
    office: Office, browsing: Browsing
) -> None:
    async with browsing(office.ada) as ada:
        made = (await ada.post("/admin/endpoints", data=NEW, headers=PAGE)).text
        [path] = re.findall(r'href="(/admin/endpoints/[\w-]+)"', made)
        async with office.sessions.begin() as session:
            endpoint = Endpoint.id == path.rpartition("/")[2]
            values = {"pause_reason": "failing", "paused_at": Endpoint.created_at}
            await session.execute(update(Endpoint).where(endpoint).values(values))
        assert "gets no events" in (await ada.get("/admin/account")).text
        assert "took nothing for three days" in (await ada.get(path)).text
        await ada.post(f"{path}/resume", headers=PAGE)
        assert "gets no events" not in (await ada.get("/admin/account")).text
        await ada.post(f"{path}/retire", headers=PAGE)
        assert "This endpoint is retired." in (await ada.get(path)).text
