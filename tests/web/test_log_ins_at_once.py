"""Many log-ins at once, and two admins: whoever waits holds up nobody else."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import text as sql
from sqlalchemy import update

from database.tables import Agent
from security.passwords import Passwords
from tests.api.conftest import PASSWORD, Office
from tests.web.conftest import PAGE, Browsing
from tests.web.test_people import NEW, SET, key_of, link_in, logged_in
from workflows.conversation.messages import Actor

HELD = sql("""
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
      AND state = 'idle in transaction' AND pid <> pg_backend_pid()
""")


async def test_nobody_holds_a_connection_while_passwords_are_hashed(
    office: Office, browsing: Browsing, ann_with_password: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []

    def looking(of: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def look(*given: Any) -> Any:
            async with office.sessions() as session:
                held.append(await session.scalar(HELD) or 0)
            return await of(*given)

        return look

    for name in ("check", "hash"):
        monkeypatch.setattr(Passwords, name, looking(getattr(Passwords, name)))
    address = office.email(ann_with_password)
    async with browsing(office.ada) as ada, office.calling() as cleo:
        link = link_in((await ada.post("/admin/agents", data=NEW, headers=PAGE)).text)
        assert (await cleo.post("/welcome", data=SET | key_of(link), headers=PAGE)).is_success
    async with browsing(ann_with_password) as ann:
        assert (await logged_in(office, address, "wrong")).status_code == 401
        assert (await logged_in(office, address, PASSWORD)).status_code == 201
        codes = await ann.post("/security/codes", data={"password": PASSWORD}, headers=PAGE)
        assert codes.status_code == 200, codes.text
        change = {"current": PASSWORD, "new": "another long password"}
        assert (await ann.put("/v1/me/password", json=change, headers=PAGE)).status_code == 204
    assert len(held) == 8
    assert set(held) == {0}


async def test_the_last_two_admins_who_demote_each_other_leave_one_and_an_answer_for_both(
    office: Office, browsing: Browsing
) -> None:
    eve = {"name": "Eve", "role": "admin", "email": "eve@brand.test"}
    async with browsing(office.ada) as ada:
        made = await ada.post(
            "/v1/agents", json=eve | {"password": "a very long password"}, headers=PAGE
        )
        other = made.json()["id"]
        both = [f"/v1/agents/{one}" for one in (office.ada.agent_id, other)]
        for _ in range(12):
            answers = await asyncio.gather(
                *(ada.patch(one, json={"role": "manager"}, headers=PAGE) for one in both)
            )
            assert sorted(one.status_code for one in answers) in ([200, 403], [200, 409])
            async with office.sessions.begin() as session:
                of_account = Agent.id.in_([office.ada.agent_id, other])
                await session.execute(update(Agent).where(of_account).values(role="admin"))
