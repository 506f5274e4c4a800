from datetime import UTC, datetime, timedelta

import httpx2
from sqlalchemy import update

from api.caller import COOKIE
from database.tables import Session
from domain.words import Role
from tests.api.conftest import PASSWORD, Office
from workflows.messages import Actor


async def log_in(office: Office, actor: Actor, password: str = PASSWORD) -> httpx2.Response:
    async with office.calling() as client:
        body = {"email": office.email(actor).upper(), "password": password}
        return await client.post("/v1/sessions", json=body)


async def test_a_person_logs_in_and_is_known_by_the_token(
    office: Office, ann_with_password: Actor
) -> None:
    answer = await log_in(office, ann_with_password)
    assert answer.status_code == 201
    body = answer.json()
    assert body["agent"]["id"] == ann_with_password.agent_id
    assert "password" not in answer.text
    async with office.calling(body["token"]) as client:
        me = (await client.get("/v1/me")).json()
    assert (me["account_id"], me["role"]) == (office.brand.account_id, "agent")
    assert me["agent"]["skills"] == [office.brand.support]


async def test_wrong_password_and_unknown_address_look_the_same(
    office: Office, ann_with_password: Actor
) -> None:
    wrong = await log_in(office, ann_with_password, "something else")
    nobody = await log_in(office, Actor(agent_id="nobody", name="N", role=Role.agent))
    without = await log_in(office, office.brand.ben)
    assert wrong.status_code == nobody.status_code == without.status_code == 401
    assert wrong.json() == nobody.json()
    assert wrong.json()["code"] == "wrong_log_in"


async def test_the_eleventh_try_in_five_minutes_is_refused_even_when_it_is_right(
    office: Office, ann_with_password: Actor
) -> None:
    for _ in range(10):
        assert (await log_in(office, ann_with_password, "guess")).status_code == 401
    refused = await log_in(office, ann_with_password)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "300"


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    office: Office, ann_with_password: Actor
) -> None:
    cookie = (await log_in(office, ann_with_password)).headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=sws_")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie  # the tests' public address is http


async def test_a_change_by_cookie_must_come_from_our_own_pages(
    office: Office, ann_with_password: Actor
) -> None:
    token = (await log_in(office, ann_with_password)).json()["token"]
    path = f"/v1/agents/{ann_with_password.agent_id}/state"
    async with office.calling(Cookie=f"{COOKIE}={token}") as client:
        assert (await client.get("/v1/me")).status_code == 200
        plain = await client.put(path, json={"state": "online"})
        elsewhere = await client.put(
            path, json={"state": "online"}, headers={"Origin": "https://elsewhere.test"}
        )
        ours = await client.put(
            path, json={"state": "online"}, headers={"Origin": "http://api.test"}
        )
        marked = await client.put(path, json={"state": "away"}, headers={"X-Switchboard": "1"})
        # What a browser itself says of a plain form, clicked before the page's scripts had come.
        same, cross = [
            await client.put(path, json={"state": "online"}, headers={"Sec-Fetch-Site": site})
            for site in ("same-origin", "cross-site")
        ]
    assert (same.status_code, cross.status_code) == (200, 403)
    assert plain.json()["code"] == elsewhere.json()["code"] == "cross_site"
    assert plain.status_code == 403
    assert (ours.status_code, marked.status_code) == (200, 200)


async def test_after_logging_out_the_token_is_worth_nothing(as_ann: httpx2.AsyncClient) -> None:
    assert (await as_ann.delete("/v1/sessions/current")).status_code == 204
    answer = await as_ann.get("/v1/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_a_log_in_that_is_over_is_refused(office: Office, as_ann: httpx2.AsyncClient) -> None:
    async with office.sessions.begin() as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await session.execute(update(Session).values(expires_at=past))
    assert (await as_ann.get("/v1/me")).status_code == 401


async def test_changing_the_own_password_ends_the_other_log_ins(
    office: Office, ann_with_password: Actor, as_ann: httpx2.AsyncClient
) -> None:
    async with office.person(ann_with_password) as elsewhere:
        change = {"current": PASSWORD, "new": "another long password"}
        assert (await as_ann.put("/v1/me/password", json=change)).status_code == 204
        assert (await elsewhere.get("/v1/me")).status_code == 401
    assert (await as_ann.get("/v1/me")).status_code == 200
    assert (await log_in(office, ann_with_password)).status_code == 401
    assert (await log_in(office, ann_with_password, "another long password")).status_code == 201


async def test_a_token_is_shown_once_and_works_until_it_is_revoked(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    made = (await as_ada.post("/v1/tokens", json={"name": "Orders", "role": "manager"})).json()
    listed = await as_ada.get("/v1/tokens")
    assert made["token"] not in listed.text
    assert [item["id"] for item in listed.json()["items"]] == [made["id"]]
    async with office.calling(made["token"]) as program:
        assert (await program.get("/v1/me")).json()["role"] == "manager"
        assert (await as_ada.delete(f"/v1/tokens/{made['id']}")).status_code == 204
        assert (await program.get("/v1/me")).status_code == 401


async def test_a_program_acts_for_agents_of_its_own_role_and_below(office: Office) -> None:
    ann, ada = office.brand.ann.agent_id, office.ada.agent_id
    async with office.program(Role.manager) as program:
        as_agent = await program.get("/v1/me", headers={"X-Agent": ann})
        as_admin = await program.get("/v1/me", headers={"X-Agent": ada})
        as_nobody = await program.get("/v1/me", headers={"X-Agent": "nobody"})
    assert as_agent.json()["agent"]["id"] == ann
    assert (as_admin.status_code, as_nobody.status_code) == (403, 404)
    async with office.program(Role.agent) as program:
        assert (await program.get("/v1/me", headers={"X-Agent": ann})).status_code == 403


async def test_a_person_cannot_act_for_somebody_else(
    office: Office, as_mia: httpx2.AsyncClient
) -> None:
    answer = await as_mia.get("/v1/me", headers={"X-Agent": office.brand.ann.agent_id})
    assert answer.status_code == 403
