import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from sqlalchemy import select, update

from api.caller import COOKIE
from api.errors import TooManyAttempts
from api.log_in_attempts import (
    MANY_OF_CLIENT,
    MANY_OF_EMAIL,
    MOST_OF_BOTH,
    SLOWED_AT_ONCE,
    Attempts,
    Failures,
)
from api.log_in_sessions import KNOWN_BROWSER
from database.engine import Sessions
from database.tables import Agent, Session
from domain.people.roles import Role
from security.signatures import Signatures
from services.errors import WrongLogIn
from tests.api.conftest import PASSWORD, Office
from workflows.conversation.messages import Actor


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


async def tried(
    office: Office, email: str, password: str, *, client: str = "203.0.113.1", mark: str = ""
) -> httpx2.Response:
    """Log in through a proxy, which says who the client is."""
    headers = {"X_Forwarded_For": client} | ({"Cookie": f"{KNOWN_BROWSER}={mark}"} if mark else {})
    async with office.calling(**headers) as caller:
        return await caller.post("/v1/sessions", json={"email": email, "password": password})


@pytest.mark.usefixtures("hurried")
async def test_a_hundred_wrong_log_ins_lock_out_nobody_else_behind_their_address(
    office: Office, ann_with_password: Actor
) -> None:
    for count in range(MANY_OF_CLIENT + 20):
        assert (await tried(office, f"nobody{count}@x.test", "guess")).status_code == 401
    ann = office.email(ann_with_password)
    assert (await tried(office, ann, PASSWORD)).status_code == 201
    assert (await tried(office, ann, "typing error")).status_code == 401
    assert (await tried(office, ann, PASSWORD)).status_code == 201


@pytest.mark.usefixtures("hurried")
async def test_who_is_guessed_at_from_everywhere_still_logs_in(
    office: Office, ann_with_password: Actor
) -> None:
    ann = office.email(ann_with_password)
    for count in range(MANY_OF_EMAIL + 20):
        guessed = await tried(office, ann, "guess", client=f"198.51.100.{count}")
        assert guessed.status_code == 401
    assert (await tried(office, ann, PASSWORD, client="203.0.113.9")).status_code == 201


@pytest.mark.usefixtures("hurried")
async def test_right_log_ins_are_never_counted(office: Office, ann_with_password: Actor) -> None:
    for _ in range(MANY_OF_EMAIL + 5):
        answer = await tried(office, office.email(ann_with_password), PASSWORD)
        assert answer.status_code == 201


@pytest.mark.usefixtures("hurried")
async def test_a_colleague_who_guesses_does_not_lock_out_a_known_browser(
    office: Office, ann_with_password: Actor
) -> None:
    ann = office.email(ann_with_password)
    mark = (await tried(office, ann, PASSWORD)).cookies[KNOWN_BROWSER]
    for _ in range(MOST_OF_BOTH):
        assert (await tried(office, ann, "guess")).status_code == 401
    assert (await tried(office, ann, PASSWORD)).status_code == 429
    assert (await tried(office, ann, PASSWORD, mark=mark)).status_code == 201
    forged = mark.partition(".")[0] + "." + "0" * 64
    assert (await tried(office, ann, PASSWORD, mark=forged)).status_code == 429
    for _ in range(MOST_OF_BOTH):  # a mark allows no more guesses
        await tried(office, ann, "guess", mark=mark)
    assert (await tried(office, ann, PASSWORD, mark=mark)).status_code == 429


@pytest.mark.usefixtures("hurried")
async def test_guesses_come_to_an_end_in_every_spelling_of_client_and_address(
    office: Office, ann_with_password: Actor
) -> None:
    ann = office.email(ann_with_password)
    for count in range(MOST_OF_BOTH):
        email = ann.upper() if count % 2 else f" {ann} "
        assert (await tried(office, email, "guess", client=f"2001:db8::{count}")).status_code == 401
    assert (await tried(office, ann, PASSWORD, client="2001:db8::ffff")).status_code == 429
    assert (await tried(office, ann, PASSWORD, client="2001:db8:1::1")).status_code == 201


@pytest.mark.usefixtures("hurried")
async def test_many_guesses_at_once_are_not_more_than_one_by_one(
    office: Office, ann_with_password: Actor
) -> None:
    ann = office.email(ann_with_password)
    answers = await asyncio.gather(*(tried(office, ann, "guess") for _ in range(40)))
    assert sum(answer.status_code == 401 for answer in answers) == MOST_OF_BOTH


async def test_of_a_client_that_fails_a_lot_few_attempts_are_looked_at_at_once(
    session_factory: Sessions,
) -> None:
    waits = asyncio.Event()

    slowed_down = asyncio.Semaphore(0)

    async def pause(_: float) -> None:
        slowed_down.release()
        await waits.wait()

    attempts = Attempts(Signatures((b"key",)), session_factory.direct, pause=pause)

    async def fail(email: str) -> None:
        with suppress(WrongLogIn):
            async with attempts.counted(attempts.attempt_of("203.0.113.1", email, None)):
                raise WrongLogIn

    for count in range(MANY_OF_CLIENT):
        await fail(f"{count}@x.test")
    slowed = [asyncio.create_task(fail(f"slow{count}@x.test")) for count in range(SLOWED_AT_ONCE)]
    for _ in slowed:
        await slowed_down.acquire()
    with pytest.raises(TooManyAttempts):
        await fail("one.more@x.test")
    waits.set()
    await asyncio.gather(*slowed)
    await fail("afterwards@x.test")


async def test_failures_are_counted_by_all_processes_and_forgotten_with_time(
    session_factory: Sessions,
) -> None:
    now = datetime.now(UTC)
    one, other = (Failures(session_factory.direct, lambda: now) for _ in range(2))
    for what in ("who", "who", "else"):
        await one.add(what)
    assert await other.of("who", "else", "nobody") == {"who": 2, "else": 1}
    taken = await asyncio.gather(*(each.take("who", 5) for each in (one, other) * 5))
    assert sum(id_ is not None for id_ in taken) == 3
    now += timedelta(minutes=5, seconds=1)
    assert await one.of("who", "else") == {}


async def test_wrong_passwords_of_one_person_change_nothing_for_others(
    office: Office, strangers: Office, ann_with_password: Actor, as_ann: httpx2.AsyncClient
) -> None:
    change = {"current": "guess", "new": "another long password"}
    for _ in range(MOST_OF_BOTH):
        assert (await as_ann.put("/v1/me/password", json=change)).status_code == 401
    assert (await as_ann.put("/v1/me/password", json=change)).status_code == 429
    async with strangers.person(strangers.ada) as zoe, office.person(office.brand.ben) as ben:
        for other in (zoe, ben):
            assert (await other.put("/v1/me/password", json=change)).status_code == 401


async def test_a_proxy_that_is_not_believed_is_told_once(
    office: Office, capfd: pytest.CaptureFixture[str], session_factory: Sessions
) -> None:
    attempts = Attempts(Signatures((b"key",)), session_factory.direct)
    attempts.look_at_proxy("172.18.0.1", None)
    attempts.look_at_proxy("203.0.113.5", "203.0.113.5, 10.0.0.1")
    attempts.look_at_proxy("10.0.0.9", "10.0.0.9")
    assert "proxy_not_believed" not in capfd.readouterr().out
    for _ in range(3):
        attempts.look_at_proxy("172.18.0.1", "203.0.113.5")
    assert capfd.readouterr().out.count("proxy_not_believed") == 1


async def test_an_admin_learns_nothing_of_another_accounts_addresses(
    office: Office, strangers: Office, as_ada: httpx2.AsyncClient
) -> None:
    async with strangers.person(strangers.ada) as zoe:
        for email in (office.email(office.brand.ann), "nobody@brand.test"):
            new = {"name": "Cleo", "email": email, "password": PASSWORD}
            assert (await zoe.post("/v1/agents", json=new)).status_code == 201
            changed = f"/v1/agents/{strangers.ada.agent_id}"
            again = await zoe.patch(changed, json={"email": email})
            assert again.status_code == 409  # that they know: it is their own


async def test_the_address_of_somebody_who_retired_is_free(
    office: Office, as_ada: httpx2.AsyncClient
) -> None:
    email = office.email(office.brand.ben)
    new = {"name": "Benno", "email": email, "password": PASSWORD}
    assert (await as_ada.post("/v1/agents", json=new)).status_code == 409
    assert (await as_ada.delete(f"/v1/agents/{office.brand.ben.agent_id}")).status_code == 204
    made = await as_ada.post("/v1/agents", json=new)
    assert made.status_code == 201
    assert (await tried(office, email, PASSWORD)).json()["agent"]["id"] == made.json()["id"]
    async with office.sessions() as session:
        owners = await session.scalars(select(Agent.id).where(Agent.email == email))
    assert len(set(owners)) == 2


async def test_passwords_that_are_guessed_first_are_refused_wherever_one_is_set(
    office: Office, ann_with_password: Actor, as_ann: httpx2.AsyncClient, as_ada: httpx2.AsyncClient
) -> None:
    ann = office.email(ann_with_password)
    path = f"/v1/agents/{ann_with_password.agent_id}"
    new = {"name": "Cleo", "email": "cleo@brand.test"}
    for bad in (ann, ann.upper(), "Password2026!", "1234567890"):
        own = await as_ann.put("/v1/me/password", json={"current": PASSWORD, "new": bad})
        theirs = await as_ada.patch(path, json={"password": bad})
        assert (own.status_code, theirs.status_code) == (422, 422), bad
    for bad in ("cleo@brand.test", "Password2026!", "aaaaaaaaaaaa"):
        added = await as_ada.post("/v1/agents", json=new | {"password": bad})
        assert added.status_code == 422, bad
    assert (await log_in(office, ann_with_password)).status_code == 201


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
