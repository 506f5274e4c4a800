"""The router on a real database: alone, with others, and with conversations that do not hear."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import func, update

from database.queries.events import CHANNEL_WORK, notify
from database.tables import Agent, Conversation
from domain.conversation.kinds import Status
from domain.people.roles import AgentState
from tests.fixtures.floor import eventually
from tests.routing.desk import Desk
from workflows.conversation.messages import AgentAssigned


async def test_a_waiting_conversation_goes_to_an_agent_of_its_skill_who_is_online(
    desk: Desk,
) -> None:
    conversation = await desk.waits(1)
    await desk.router.route()
    assert await desk.chosen() == {conversation: None}, "nobody is online"
    await desk.online(desk.brand.ann.agent_id, desk.brand.mia.agent_id)
    await desk.router.route()
    [heard] = desk.conversations.heard
    assert heard == AgentAssigned(
        conversation_id=str(conversation),
        ticket=1,
        agent_id=desk.brand.ann.agent_id,
        agent_name="Ann",
    )
    assert await desk.chosen() == {conversation: desk.brand.ann.agent_id}


async def test_who_is_away_or_retired_gets_nothing(desk: Desk) -> None:
    conversation = await desk.waits(1)
    await desk.online(desk.brand.ann.agent_id, desk.brand.ben.agent_id)
    async with desk.sessions.begin() as session:
        ann, ben = Agent.id == desk.brand.ann.agent_id, Agent.id == desk.brand.ben.agent_id
        await session.execute(update(Agent).where(ann).values(retired_at=func.now()))
        await session.execute(update(Agent).where(ben).values(state=AgentState.away.value))
    await desk.router.route()
    assert await desk.chosen() == {conversation: None}


async def test_the_longest_waiting_is_served_first_up_to_the_capacity(desk: Desk) -> None:
    ann = desk.brand.ann.agent_id
    await desk.online(ann, capacity=2)
    ids = {minutes: await desk.waits(minutes) for minutes in (1, 3, 2)}
    await desk.router.route()
    assert await desk.chosen() == {ids[3]: ann, ids[2]: ann, ids[1]: None}
    await desk.acknowledge(ids[3], ann)
    await desk.router.route()
    assert await desk.chosen() == {ids[2]: ann, ids[1]: None}, "held and given count alike"
    async with desk.sessions.begin() as session:
        is_done = Conversation.id == ids[3]
        await session.execute(update(Conversation).where(is_done).values(status=Status.survey))
    await desk.router.route()
    assert (await desk.chosen())[ids[1]] == ann, "a rating under way is no work"


async def test_work_is_spread_and_the_longest_idle_is_next(desk: Desk) -> None:
    people = [desk.brand.ann.agent_id, desk.brand.ben.agent_id]
    await desk.online(*people)
    for minutes in range(1, 5):
        await desk.waits(minutes)
        await desk.router.route()
    assert Counter(heard.agent_id for heard in desk.conversations.heard) == dict.fromkeys(people, 2)
    order = [heard.agent_id for heard in desk.conversations.heard]
    assert order[0] != order[1]


async def test_a_transfer_to_an_agent_waits_for_that_agent(desk: Desk) -> None:
    await desk.online(desk.brand.ann.agent_id)
    conversation = await desk.waits(1, wanted_agent_id=desk.brand.mia.agent_id)
    await desk.router.route()
    assert await desk.chosen() == {conversation: None}
    await desk.online(desk.brand.mia.agent_id)
    await desk.router.route()
    assert await desk.chosen() == {conversation: desk.brand.mia.agent_id}


async def test_what_nobody_can_take_does_not_hide_what_somebody_can(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("database.queries.routing.LONGEST_QUEUE", 2)
    await desk.online(desk.brand.ann.agent_id)
    for minutes in (9, 8, 7):
        await desk.waits(minutes, skill_id=desk.brand.sales)
    conversation = await desk.waits(1)
    await desk.router.route()
    assert (await desk.chosen())[conversation] == desk.brand.ann.agent_id


async def test_an_assignment_that_was_not_heard_is_told_again(desk: Desk) -> None:
    await desk.online(desk.brand.ann.agent_id)
    conversation = await desk.waits(1)
    desk.conversations.is_away = True
    await desk.router.route()
    desk.conversations.is_away = False
    await desk.router.route()
    assert desk.conversations.heard == [], "it is given five seconds"
    await desk.long_ago()
    await asyncio.gather(*(desk.router.route() for _ in range(3)))
    assert [heard.conversation_id for heard in desk.conversations.heard] == [str(conversation)]
    await desk.acknowledge(conversation, desk.brand.ann.agent_id)
    await desk.long_ago()
    await desk.router.route()
    assert len(desk.conversations.heard) == 1


async def test_a_choice_for_a_workflow_that_is_gone_starts_it_again_and_is_told_then(
    desk: Desk,
) -> None:
    ann = desk.brand.ann.agent_id
    await desk.online(ann)
    conversation = await desk.waits(1)
    workflow = await desk.workflow(conversation)
    desk.conversations.gone = {workflow}
    await desk.router.route()
    assert (desk.conversations.looked, desk.conversations.heard) == ([workflow], [])
    assert await desk.chosen() == {conversation: ann}, "nothing of the conversation changed"
    await desk.long_ago()
    await desk.router.route()
    assert [heard.conversation_id for heard in desk.conversations.heard] == [str(conversation)]


async def test_a_running_router_wakes_when_told(desk: Desk) -> None:
    running = asyncio.create_task(desk.router.run())
    await desk.online(desk.brand.ann.agent_id)
    await desk.waits(1)
    async with desk.sessions.begin() as session:
        await notify(session, CHANNEL_WORK, desk.brand.account_id)

    async def heard() -> bool:
        return bool(desk.conversations.heard)

    await eventually(heard)
    running.cancel()
    await asyncio.wait([running])
