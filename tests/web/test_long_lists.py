"""Lists of people and conversations are complete, or show that there is more."""

import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import insert, update

from api.schemas.board import TargetsOut
from database.tables import (
    Agent,
    AgentSkill,
    Connector,
    Consumer,
    Conversation,
    Line,
    QueueEntry,
    Skill,
)
from domain.people.roles import AgentState
from tests.api.conftest import Office
from tests.web.at_the_board import board
from tests.web.at_the_workspace import boot, listing, opened
from tests.web.conftest import Browsing
from web.workspace import wire

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
AGENTS, HELD, WAITING, CLOSED, EARLIER = 250, 120, 230, 215, 20


async def parts(client: httpx2.AsyncClient, view: str, **order: str) -> list[Sequence[wire.Row]]:
    """Return the conversations of each part of a list, going on to its end."""
    part = await listing(client, view, **order)
    found: list[Sequence[wire.Row]] = [part.conversations]
    while part.next:
        part = await listing(client, view, cursor=part.next, **order)
        found.append(part.conversations)
    return found


async def add_conversations(
    office: Office, count: int, about: str, **values: Any
) -> list[dict[str, Any]]:
    """Add conversations, one after the other each with a consumer of its own; oldest first."""
    brand, rows = office.brand, []
    for number in range(count):
        at = NOON + timedelta(minutes=number)
        rows.append(
            {
                "id": uuid4(),
                "account_id": brand.account_id,
                "line_id": brand.line_id,
                "consumer_id": uuid4(),
                "workflow_id": f"{about}-{number}",
                "number": 1,
                "sequence": 1,
                "pending_side": "agent",
                "skill_id": brand.support,
                "opened_by": "consumer",
                "opened_at": at,
                "last_message_at": at,
            }
            | values
        )
    consumers = [
        {
            "id": row["consumer_id"],
            "account_id": brand.account_id,
            "number": f"+1555{abs(hash(about)) % 1000:03}{number:04}",
        }
        for number, row in enumerate(rows)
    ]
    async with office.sessions.begin() as session:
        await session.execute(insert(Consumer), consumers)
        await session.execute(insert(Conversation), rows)
    return rows


@pytest.fixture
async def crowd(office: Office) -> list[str]:
    """250 agents who are online, all with a skill of 230; returns their ids."""
    account = {"account_id": office.brand.account_id}
    ids = [f"{office.brand.account_id}-z{number:03}" for number in range(AGENTS)]
    people = [
        {
            "id": id_,
            "name": f"Agent {id_[-3:]}",
            "email": f"{id_}@brand.test",
            "password_hash": "nobody logs in with this",
            "role": "agent",
            "state": "online",
        }
        | account
        for id_ in ids
    ]
    skills = [
        {"id": f"{office.brand.account_id}-y{number:03}", "name": f"Skill {number:03}"} | account
        for number in range(230)
    ]
    async with office.sessions.begin() as session:
        await session.execute(insert(Agent), people)
        await session.execute(insert(Skill), skills)
        held = [{"agent_id": id_, "skill_id": skills[-1]["id"]} for id_ in ids]
        await session.execute(insert(AgentSkill), held)
    return ids


async def test_every_agent_is_on_the_board_in_the_transfer_dialog_and_in_the_list_of_people(
    office: Office, browsing: Browsing, crowd: list[str]
) -> None:
    last_skill = f"{office.brand.account_id}-y229"
    [row] = await add_conversations(
        office, 1, "transfer", status="assigned", agent_id=office.brand.ann.agent_id
    )
    async with browsing(office.ada) as ada:
        shown = await board(ada)
        people = (await ada.get("/admin/agents")).text
        skills = (await ada.get("/admin/skills")).text
        person = (await ada.get(f"/admin/agents/{crowd[0]}")).text
        path = f"/v1/conversations/{row['id']}/transfer-targets"
        targets = TargetsOut.model_validate_json((await ada.get(path)).content)
    assert {one.agent.id for one in shown.agents} >= set(crowd)
    assert sum(one.agent.state is AgentState.online for one in shown.agents) == AGENTS
    assert all(f'href="/admin/agents/{id_}"' in people for id_ in crowd)
    assert {one.id for one in targets.agents} >= set(crowd)
    [last] = [one for one in targets.skills if one.id == last_skill]
    assert (last.online, last.holders) == (AGENTS, AGENTS)
    assert f'href="/admin/skills/{last_skill}"' in skills
    assert f'value="{last_skill}"' in person
    assert re.search(rf'{last_skill}".*?<td class="number">{AGENTS}</td>', skills, re.S)


async def test_mine_lists_all_conversations_of_an_agent_with_the_longest_wait_first(
    office: Office, browsing: Browsing
) -> None:
    ann = office.brand.ann
    held = await add_conversations(office, HELD, "held", status="assigned", agent_id=ann.agent_id)
    async with office.sessions.begin() as session:
        for number in (0, 1, 2, HELD - 1):
            waits = NOON + timedelta(minutes=number)
            await session.execute(
                update(Conversation)
                .where(Conversation.id == held[number]["id"])
                .values(waiting_since=waits)
            )
    async with browsing(ann) as page:
        found = await parts(page, "mine", sort="due_first")
    shown = [str(row.id) for part in found for row in part]
    waiting = [str(held[number]["id"]) for number in (0, 1, 2, HELD - 1)]
    others = [str(row["id"]) for row in reversed(held) if str(row["id"]) not in waiting]
    assert shown == [*waiting, *others], "what waits longest, then what was written last"


async def test_the_list_of_all_can_be_read_to_its_end(office: Office, browsing: Browsing) -> None:
    closed = await add_conversations(office, CLOSED, "closed", status="closed")
    newest_first = [row["id"] for row in reversed(closed)]
    async with browsing(office.brand.mia) as mia:
        found = await parts(mia, "all")
        assert [len(part) for part in found] == [100, 100, 15]
        assert [row.id for part in found for row in part] == newest_first
        assert (await mia.get("/workspace/list?view=all&cursor=nonsense")).status_code == 422


async def test_the_queue_can_be_read_to_its_end(office: Office, browsing: Browsing) -> None:
    rows = await add_conversations(office, WAITING, "waiting", status="waiting")
    entry = {"account_id": office.brand.account_id, "skill_id": office.brand.support}
    async with office.sessions.begin() as session:
        queue = [
            entry
            | {
                "conversation_id": row["id"],
                "workflow_id": row["workflow_id"],
                "ticket": 1,
                "entered_at": row["opened_at"],
            }
            for row in rows
        ]
        await session.execute(insert(QueueEntry), queue)
    async with browsing(office.brand.mia) as mia:
        shown = [row for part in await parts(mia, "waiting") for row in part]
    assert [row.id for row in shown] == [row["id"] for row in rows]
    assert [row.wait and row.wait.since for row in shown] == [row["opened_at"] for row in rows]


async def test_what_a_consumer_wrote_about_before_can_be_read_to_its_end(
    office: Office, browsing: Browsing
) -> None:
    [row] = await add_conversations(
        office, 1, "again", status="assigned", agent_id=office.brand.ann.agent_id
    )
    before = [
        row
        | {
            "id": uuid4(),
            "number": number + 2,
            "status": "closed",
            "opened_at": NOON - timedelta(days=number),
        }
        for number in range(EARLIER)
    ]
    async with office.sessions.begin() as session:
        await session.execute(insert(Conversation), before)
    async with browsing(office.brand.mia) as mia:
        found = [id_ async for id_ in past(mia, row["id"])]
    assert found == [str(row["id"]) for row in before]


async def past(client: httpx2.AsyncClient, conversation: UUID) -> AsyncIterator[str]:
    page = (await opened(client, conversation)).earlier
    while True:
        for row in page.items:
            yield str(row.id)
        if page.next is None:
            return
        path = f"/workspace/{conversation}/past?before={page.next}"
        page = wire.EarlierPage.model_validate_json((await client.get(path)).content)


async def test_every_scope_of_settings_and_every_line_to_text_from_is_offered(
    office: Office, browsing: Browsing
) -> None:
    brand, account = office.brand, {"account_id": office.brand.account_id}
    connectors: list[dict[str, Any]] = [
        {"id": f"{brand.account_id}-c{number:04}", "provider": "twilio", "name": f"C {number}"}
        | account
        | {"secret": b"x"}
        for number in range(1002)
    ]
    line = {"connector_id": connectors[-1]["id"], "kind": "long_code"} | account
    lines: list[dict[str, Any]] = [
        line
        | {
            "id": f"{brand.account_id}-l{number:03}",
            "name": f"Line {number}",
            "address": f"+1555020{number:04}",
            "entry_skill_id": brand.support,
        }
        for number in range(230)
    ]
    async with office.sessions.begin() as session:
        await session.execute(insert(Connector), connectors)
        await session.execute(insert(Line), lines)
    async with browsing(office.ada) as ada, office.person(office.ada) as api:
        known = await boot(ada)
        messages = (await ada.get("/admin/messages")).text
        shown = (await api.get(f"/v1/lines/{lines[-1]['id']}")).json()
    assert lines[-1]["id"] in {line.id for line in known.lines}
    assert f"line:{lines[-1]['id']}" in messages
    assert f"connector:{connectors[-1]['id']}" in messages
    assert shown["connector_id"] == connectors[-1]["id"]


@pytest.mark.parametrize("path", ["agents", "skills", "conversations"])
async def test_every_list_of_the_api_leads_to_its_end(
    office: Office, crowd: list[str], path: str
) -> None:
    rows = await add_conversations(office, CLOSED, "api", status="closed")
    wanted = {
        "agents": set(crowd),
        "skills": {f"{office.brand.account_id}-y{number:03}" for number in range(230)},
        "conversations": {str(row["id"]) for row in rows},
    }
    found: list[str] = []
    async with office.person(office.ada) as api:
        cursor: str | None = ""
        while cursor is not None:
            query = {"limit": 200} | ({"cursor": cursor} if cursor else {})
            page = (await api.get(f"/v1/{path}", params=query)).json()
            found += [item["id"] for item in page["items"]]
            cursor = page["next"]
    assert len(found) == len(set(found))
    assert wanted[path] <= set(found)
