"""Bots over the API: setting one up, trying it, and answering as one that follows the stream."""

from collections.abc import AsyncIterator
from ipaddress import ip_network

import httpx2
import pytest

from domain.people.roles import Role
from settings import PostSettings, Settings
from tests.api.conftest import Office
from tests.fixtures.bots import posting, says, served_by_bot
from tests.fixtures.centre import Centre, eventually, working
from tests.fixtures.file_host import answer
from tests.fixtures.receiver import Receiver, receiver


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Bots may be on this machine."""
    own = PostSettings(own_networks=(ip_network("127.0.0.0/8"),))
    return settings.model_copy(update={"posts": own})


@pytest.fixture
async def program() -> AsyncIterator[Receiver]:
    async with receiver() as one:
        yield one


async def test_an_admin_sets_a_bot_up_tries_it_and_deletes_it(
    office: Office, as_ada: httpx2.AsyncClient, as_mia: httpx2.AsyncClient, program: Receiver
) -> None:
    brand = office.brand
    new = {"name": "Robo", "url": program.url, "fallback_skill": brand.sales}
    assert (await as_mia.post("/v1/bots", json=new)).status_code == 403
    for unfit in (
        {"url": None},
        {"url": "ftp://example.com"},
        {"fallback_skill": "nobody"},
        {"deadline_seconds": 61},
        {"disclosures": {"xx": "Hi"}},
    ):
        refused = await as_ada.post("/v1/bots", json=new | unfit)
        assert refused.status_code in (404, 422), refused.text
    made = (await as_ada.post("/v1/bots", json=new, headers={"Idempotency-Key": "b1"})).json()
    again = (await as_ada.post("/v1/bots", json=new, headers={"Idempotency-Key": "b1"})).json()
    assert (made["secret"][:6], again) == ("whsec_", made)
    path = f"/v1/bots/{made['id']}"

    served = await as_ada.patch(f"/v1/skills/{brand.support}", json={"bot": made["id"]})
    assert served.json()["bot_id"] == made["id"]
    shown = (await as_ada.get(path)).json()
    assert (shown["skills"], "secret" in shown) == ([brand.support], False)

    program.answers = [says(1, "We open at nine."), answer(200, b"<html>")]
    key = {"Idempotency-Key": "try-1"}
    tried = (await as_ada.post(f"{path}/try", json={"text": "hours?"}, headers=key)).json()
    assert (await as_ada.post(f"{path}/try", json={"text": "hours?"}, headers=key)).json() == tried
    assert len(program.posts) == 1
    program.posts[0].verify(made["secret"])
    assert tried["answer"]["texts"] == ["We open at nine."]
    assert (tried["request"]["is_test"], tried["problem"]) == (True, None)
    tried = (await as_ada.post(f"{path}/try", json={"text": "hours?"})).json()
    assert (tried["answer"], tried["problem"]) == (None, "The bot's answer is not a JSON object.")

    rotated = (await as_ada.post(f"{path}/secret")).json()
    await as_ada.post(f"{path}/try", json={"text": "hours?"})
    program.posts[-1].verify(made["secret"])
    program.posts[-1].verify(rotated["secret"])

    changed = await as_ada.patch(path, json={"name": "Robi", "disclosures": {"de": "Ein Bot."}})
    assert (changed.json()["name"], changed.json()["disclosures"]) == ("Robi", {"de": "Ein Bot."})
    kept = await as_ada.delete(f"/v1/skills/{brand.sales}")
    assert (kept.status_code, "behind a bot" in kept.json()["detail"]) == (409, True)
    assert (await as_ada.delete(path)).status_code == 204
    assert (await as_ada.get(f"/v1/skills/{brand.support}")).json()["bot_id"] is None
    assert (await as_ada.patch(path, json={"name": "X"})).status_code == 409


async def test_a_bot_that_follows_the_stream_answers_each_turn_once(
    office: Office,
    idle_centre: Centre,
    as_ann: httpx2.AsyncClient,
    as_ada: httpx2.AsyncClient,
) -> None:
    centre = idle_centre
    await served_by_bot(centre.sessions, centre.brand, None)
    async with (
        posting() as posts,
        working(centre, posts=posts),
        office.program(Role.manager) as bot,
    ):
        await centre.text("hello")
        row = await centre.when("waiting")
        path = f"/v1/conversations/{row.id}"
        events = (await bot.get(f"{path}/events")).json()["items"]
        asked = next(one for one in events if one["kind"] == "bot_asked")
        assert asked["data"]["turn"] == 1

        answers = f"{path}/bot-answers"
        reply = {"turn": 1, "texts": ["Hello!"]}
        assert (await as_ann.post(answers, json=reply)).status_code in (403, 404)
        long = await bot.post(answers, json=reply | {"texts": ["x" * 1601]})
        assert (long.status_code, long.json()["code"]) == (422, "bot_answer_unfit")
        key = {"Idempotency-Key": "turn-1"}
        assert (await bot.post(answers, json=reply, headers=key)).status_code == 201
        assert (await bot.post(answers, json=reply, headers=key)).status_code == 201
        second = await bot.post(answers, json=reply)
        assert (second.status_code, second.json()["code"]) == (409, "bot_turn_over")

        await centre.text("a person please")

        async def is_asked_again() -> bool:
            events = (await bot.get(f"{path}/events")).json()["items"]
            return any(one["data"].get("turn") == 2 for one in events)

        await eventually(is_asked_again)
        shown = (await bot.get(path)).json()
        assert (shown["bot_name"], shown["response_due_at"]) == ("Robo", None)
        await as_ada.patch("/v1/account", json={"line_texts_a_day": 1})
        more = await bot.post(answers, json={"turn": 2, "texts": ["Wait.", "Now."]})
        assert (more.status_code, more.json()["code"]) == (429, "bound_reached")
        leave = {"turn": 2, "action": {"kind": "transfer", "skill": "nowhere"}}
        assert (await bot.post(answers, json=leave)).json()["code"] == "transfer_refused"
        leave = {"turn": 2, "action": {"kind": "transfer", "skill": centre.brand.sales}}
        assert (await bot.post(answers, json=leave)).status_code == 201
        moved = (await bot.get(path)).json()
        assert (moved["skill_id"], moved["bot_id"]) == (centre.brand.sales, None)
    texts = [one.text for one in await centre.transcript() if one.author == "bot"]
    assert [text.rpartition("\n")[2] for text in texts] == ["Hello!"]
