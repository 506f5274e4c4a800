"""Teams: a manager in some sees and handles what is theirs, on pages, streams and by the API."""

from collections.abc import AsyncIterator, Sequence

import httpx2
import pytest

from database.queries import proofs, work_counts, workspace
from database.queries.notice_writing import managers
from database.queries.visibility import Viewer
from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from tests.web.conftest import PAGE, Browsing
from tests.web.test_stream import PageStream
from web.workspace.wire import Counts

NEW = {"name": "Sales team"}


async def add_team(as_ada: httpx2.AsyncClient, skills: Sequence[str], *people: str) -> str:
    made = await as_ada.post("/v1/teams", json=NEW | {"skills": skills, "people": people})
    assert made.status_code == 201, made.text
    assert (made.json()["skills"], made.json()["people"]) == (list(skills), sorted(people))
    return str(made.json()["id"])


@pytest.fixture
async def as_mia(office: Office) -> AsyncIterator[httpx2.AsyncClient]:
    async with office.person(office.brand.mia) as mia:
        yield mia


async def seen(client: httpx2.AsyncClient) -> list[str]:
    return [one["id"] for one in (await client.get("/v1/conversations")).json()["items"]]


async def test_a_manager_in_a_team_sees_and_handles_its_skills_and_people_and_nothing_else(
    office: Office, centre: Centre, as_ada: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    brand = office.brand
    await centre.text("hello")
    path = f"/v1/conversations/{(await centre.when('waiting')).id}"
    assert len(await seen(as_mia)) == 1
    team = await add_team(as_ada, [brand.sales], brand.mia.agent_id, brand.ben.agent_id)
    assert await seen(as_mia) == []
    others = [
        await as_mia.get(path),
        await as_mia.post(f"{path}/take-over", json={}),
        await as_mia.post(f"{path}/pick", json={}),
        await as_mia.put(f"{path}/priority", json={"priority": "high"}),
    ]
    assert {one.status_code for one in others} == {404}, [one.text for one in others]
    consumer = (await as_ada.get(path)).json()["consumer"]["id"]
    blocked = await as_mia.put(f"/v1/consumers/{consumer}/block", json={"reason": "Spam."})
    assert blocked.status_code == 404
    board = (await as_mia.get("/v1/board")).json()
    assert [one["skill_id"] for one in board["queues"]] == [brand.sales]
    theirs = {brand.ben.agent_id, brand.mia.agent_id}
    assert {one["agent"]["id"] for one in board["agents"]} == theirs
    assert (await as_mia.post("/v1/bulk-jobs/count", json={})).json()["count"] == 0
    await centre.assign(brand.ben.agent_id, "Ben")
    assert len(await seen(as_mia)) == 1, "one of theirs has it"
    assert (await as_mia.post(f"{path}/join", json={})).status_code == 200
    await as_mia.post(f"{path}/leave", json={})
    for who, wanted in ((brand.ann, 403), (brand.ben, 200)):
        state = {"state": "away", "reason": None}
        changed = await as_mia.put(f"/v1/agents/{who.agent_id}/state", json=state)
        capacity = await as_mia.put(f"/v1/agents/{who.agent_id}/capacity", json={"capacity": 3})
        assert (changed.status_code, capacity.status_code) == (wanted, wanted), changed.text
    assert (await as_ada.delete(f"/v1/teams/{team}")).status_code == 204
    assert len((await as_mia.get("/v1/board")).json()["queues"]) == 2


async def test_what_is_of_the_whole_account_is_not_for_managers_in_teams(
    office: Office, as_ada: httpx2.AsyncClient, as_mia: httpx2.AsyncClient
) -> None:
    brand = office.brand
    batch = {"title": "Hello", "line": brand.line_id, "text": "Hi", "skill": brand.support}
    made = (await as_mia.post("/v1/batches", json=batch)).json()["id"]
    await add_team(as_ada, [brand.sales], brand.mia.agent_id)
    refused = [
        await as_mia.get("/v1/calls"),
        await as_mia.get("/v1/consumers/export"),
        await as_mia.post("/v1/batches", json=batch),
    ]
    assert {one.status_code for one in refused} == {403}, [one.text for one in refused]
    for address in ("", "/check", "/bad-rows", "/recipients"):
        assert (await as_mia.get(f"/v1/batches/{made}{address}")).status_code == 404, address
    assert (await as_mia.post(f"/v1/batches/{made}/start")).status_code == 404
    assert (await as_mia.get("/v1/batches")).json()["items"] == []
    own = await as_mia.post("/v1/batches", json=batch | {"skill": brand.sales})
    assert own.status_code == 201


async def test_an_open_page_of_a_manager_follows_the_teams(
    office: Office, centre: Centre, browsing: Browsing, as_ada: httpx2.AsyncClient
) -> None:
    brand = office.brand
    team = await add_team(as_ada, [brand.sales], brand.mia.agent_id)
    async with (
        browsing(brand.mia) as mia,
        mia.stream("GET", "/workspace/stream?view=all") as answer,
        office.person(brand.mia) as program,
        program.stream("GET", "/v1/events?after=0") as followed,
    ):
        page, events = PageStream(answer), followed.aiter_lines()
        assert (await page.next())[0] == "beat"
        await centre.text("for support")
        one = await centre.when("waiting")
        await as_ada.patch(f"/v1/teams/{team}", json={"skills": [brand.support]})
        await page.until("reload")
        await centre.text("again")
        told = await page.until("conversation", "again")
        assert told[-1][1]["conversation"]["id"] == str(one.id)
        counts = Counts.model_validate((await page.until("counts"))[-1][1])
        assert counts.waiting == 1
        await as_ada.post(f"/v1/conversations/{one.id}/transfers", json={"skill": brand.sales})
        await page.until("gone", str(one.id))
        async for line in events:
            assert "for support" not in line
            if "again" in line or "message_added" in line:
                break


async def test_what_waits_is_counted_for_a_manager_in_a_team_as_lists_show_it(
    office: Office, centre: Centre, as_ada: httpx2.AsyncClient
) -> None:
    brand, direct = office.brand, office.sessions.direct
    mia, ben = brand.mia.agent_id, brand.ben.agent_id
    await centre.text("hello")
    one = await centre.when("waiting")
    path = f"/v1/conversations/{one.id}/transfers"
    team = await add_team(as_ada, [], mia, ben)

    async def counted() -> int:
        led = (await proofs.people(direct, [mia]))[mia].led
        assert led is not None
        async with office.sessions() as session:
            viewer = Viewer(brand.account_id, mia, sees_all=False, led=led)
            listed = (await workspace.counts(session, viewer)).waiting
        together = await work_counts.waiting_led(direct, brand.account_id, mia, [], led)
        assert together == listed
        return listed

    assert await counted() == 0
    await as_ada.post(path, json={"agent": ben})
    assert await counted() == 1, "it waits for one of theirs"
    await as_ada.post(path, json={"skill": brand.support})
    assert await counted() == 0
    await as_ada.patch(f"/v1/teams/{team}", json={"skills": [brand.support]})
    assert await counted() == 1


async def test_a_team_is_made_changed_and_retired_on_its_pages(
    office: Office, browsing: Browsing
) -> None:
    brand = office.brand
    form = {"name": "Sales", "skills": brand.sales, "managers": brand.mia.agent_id}
    async with browsing(office.ada) as ada:
        made = await ada.post("/admin/teams", data=form, headers=PAGE)
        address = made.headers.get("HX-Redirect") or str(made.url)
        address = address.partition("?")[0]
        assert "/admin/teams/" in address, made.text
        page = (await ada.get(address)).text
        assert f'value="{brand.mia.agent_id}" checked' in page
        again = await ada.post("/admin/teams", data=form | {"name": "sales"}, headers=PAGE)
        assert again.status_code == 409
        for bad in ({"skills": "another-skill"}, {"managers": "another-mia"}, {"name": ""}):
            refused = await ada.post(address, data=form | bad, headers=PAGE)
            assert refused.status_code == 422, refused.text
            assert ("Name: " in refused.text) == ("name" in bad), refused.text
        assert (await ada.post(f"{address}/retire", headers=PAGE)).status_code == 200
        assert address not in (await ada.get("/admin/teams")).text
        log = (await ada.get("/v1/audit")).json()["items"]
        assert {"team", "team_member", "team_skill"} <= {one["subject"] for one in log}, log[0]
    async with browsing(brand.mia) as mia:
        assert (await mia.get("/admin/teams")).status_code == 403
        assert (await mia.get("/v1/teams")).status_code == 200
        assert (await mia.post("/v1/teams", json=NEW)).status_code == 403
    async with browsing(brand.ann) as ann:
        assert (await ann.get("/v1/teams")).status_code == 403


async def test_an_alert_reaches_the_managers_of_its_team_and_of_the_whole_account(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    brand = office.brand
    await add_team(as_ada, [brand.sales], brand.mia.agent_id)
    async with office.sessions() as session:
        found = [
            await managers(session, brand.account_id, one)
            for one in (brand.sales, brand.support, None)
        ]
    assert [brand.mia.agent_id in one for one in found] == [True, False, False]
    assert all(office.ada.agent_id in one for one in found)
