"""The router on a real database: alone, with others, and with conversations it cannot reach."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import func, update

from database.queries.events import CHANNEL_WORK, notify
from database.queries.tellings import FIRST_PAUSE
from database.tables import Agent, Conversation
from domain.conversation.kinds import Status
from domain.people.roles import AgentState
from tests.fixtures.centre import eventually
from tests.routing.scenario import Scenario
from workflows.conversation.messages import AgentAssigned


async def test_a_waiting_conversation_goes_to_an_agent_of_its_skill_who_is_online(
    scenario: Scenario,
) -> None:
    conversation = await scenario.waits(1)
    await scenario.router.route()
    assert await scenario.chosen() == {conversation: None}, "nobody is online"
    await scenario.online(scenario.brand.ann.agent_id, scenario.brand.mia.agent_id)
    await scenario.router.route()
    [heard] = scenario.conversations.heard
    assert heard == AgentAssigned(
        conversation_id=str(conversation),
        ticket=1,
        agent_id=scenario.brand.ann.agent_id,
        agent_name="Ann",
    )
    assert await scenario.chosen() == {conversation: scenario.brand.ann.agent_id}


async def test_an_agent_who_is_away_or_retired_gets_nothing(scenario: Scenario) -> None:
    conversation = await scenario.waits(1)
    await scenario.online(scenario.brand.ann.agent_id, scenario.brand.ben.agent_id)
    async with scenario.sessions.begin() as session:
        ann, ben = Agent.id == scenario.brand.ann.agent_id, Agent.id == scenario.brand.ben.agent_id
        await session.execute(update(Agent).where(ann).values(retired_at=func.now()))
        await session.execute(update(Agent).where(ben).values(state=AgentState.away.value))
    await scenario.router.route()
    assert await scenario.chosen() == {conversation: None}


async def test_the_longest_waiting_is_served_first_up_to_the_capacity(scenario: Scenario) -> None:
    ann = scenario.brand.ann.agent_id
    await scenario.online(ann, capacity=2)
    ids = {minutes: await scenario.waits(minutes) for minutes in (1, 3, 2)}
    await scenario.router.route()
    assert await scenario.chosen() == {ids[3]: ann, ids[2]: ann, ids[1]: None}
    await scenario.acknowledge(ids[3], ann)
    await scenario.router.route()
    assert await scenario.chosen() == {ids[2]: ann, ids[1]: None}, "held and given count alike"
    async with scenario.sessions.begin() as session:
        is_done = Conversation.id == ids[3]
        await session.execute(update(Conversation).where(is_done).values(status=Status.survey))
    await scenario.router.route()
    assert (await scenario.chosen())[ids[1]] == ann, "a rating under way is no work"


async def test_work_is_spread_and_the_longest_idle_is_next(scenario: Scenario) -> None:
    people = [scenario.brand.ann.agent_id, scenario.brand.ben.agent_id]
    await scenario.online(*people)
    for minutes in range(1, 5):
        await scenario.waits(minutes)
        await scenario.router.route()
    assert Counter(heard.agent_id for heard in scenario.conversations.heard) == dict.fromkeys(
        people, 2
    )
    order = [heard.agent_id for heard in scenario.conversations.heard]
    assert order[0] != order[1]


async def test_a_transfer_to_an_agent_waits_for_that_agent(scenario: Scenario) -> None:
    await scenario.online(scenario.brand.ann.agent_id)
    conversation = await scenario.waits(1, requested_agent_id=scenario.brand.mia.agent_id)
    await scenario.router.route()
    assert await scenario.chosen() == {conversation: None}
    await scenario.online(scenario.brand.mia.agent_id)
    await scenario.router.route()
    assert await scenario.chosen() == {conversation: scenario.brand.mia.agent_id}


async def test_a_conversation_nobody_can_take_does_not_hide_one_somebody_can(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("database.queries.routing.MOST_CONVERSATIONS", 2)
    await scenario.online(scenario.brand.ann.agent_id)
    for minutes in (9, 8, 7):
        await scenario.waits(minutes, skill_id=scenario.brand.sales)
    conversation = await scenario.waits(1)
    await scenario.router.route()
    assert (await scenario.chosen())[conversation] == scenario.brand.ann.agent_id


async def test_an_assignment_that_was_not_heard_is_told_again(scenario: Scenario) -> None:
    await scenario.online(scenario.brand.ann.agent_id)
    conversation = await scenario.waits(1)
    scenario.conversations.is_away = True
    await scenario.router.route()
    scenario.conversations.is_away = False
    await scenario.router.route()
    assert scenario.conversations.heard == [], "it is given five seconds"
    await scenario.long_ago()
    await asyncio.gather(*(scenario.router.route() for _ in range(3)))
    assert [heard.conversation_id for heard in scenario.conversations.heard] == [str(conversation)]
    await scenario.acknowledge(conversation, scenario.brand.ann.agent_id)
    await scenario.long_ago()
    await scenario.router.route()
    assert len(scenario.conversations.heard) == 1


async def test_a_choice_that_nobody_takes_is_told_again_after_growing_pauses(
    scenario: Scenario,
) -> None:
    await scenario.online(scenario.brand.ann.agent_id)
    await scenario.waits(1)
    await scenario.router.route()
    await scenario.long_ago()
    told = []
    for _ in range(5):
        await asyncio.gather(*(scenario.router.route() for _ in range(3)))
        told.append(len(scenario.conversations.heard))
        await scenario.later(FIRST_PAUSE)
    assert told == [2, 3, 3, 4, 4]


async def test_a_choice_that_could_not_be_told_for_long_is_told_soon_after(
    scenario: Scenario,
) -> None:
    await scenario.online(scenario.brand.ann.agent_id)
    await scenario.waits(1)
    scenario.conversations.is_away = True
    for _ in range(5):
        await scenario.router.route()
        await scenario.long_ago()
        await scenario.later(FIRST_PAUSE)
    scenario.conversations.is_away = False
    await scenario.router.route()
    assert len(scenario.conversations.heard) == 1


async def test_a_choice_for_a_workflow_that_is_gone_starts_it_again_and_is_told_then(
    scenario: Scenario,
) -> None:
    ann = scenario.brand.ann.agent_id
    await scenario.online(ann)
    conversation = await scenario.waits(1)
    workflow = await scenario.workflow(conversation)
    scenario.conversations.gone = {workflow}
    await scenario.router.route()
    assert (scenario.conversations.looked, scenario.conversations.heard) == ([workflow], [])
    assert await scenario.chosen() == {conversation: ann}, "nothing of the conversation changed"
    await scenario.long_ago()
    await scenario.router.route()
    assert [heard.conversation_id for heard in scenario.conversations.heard] == [str(conversation)]


async def test_a_running_router_wakes_when_told(scenario: Scenario) -> None:
    running = asyncio.create_task(scenario.router.run())
    await scenario.online(scenario.brand.ann.agent_id)
    await scenario.waits(1)
    async with scenario.sessions.begin() as session:
        await notify(session, CHANNEL_WORK, scenario.brand.account_id)

    async def heard() -> bool:
        return bool(scenario.conversations.heard)

    await eventually(heard)
    running.cancel()
    await asyncio.wait([running])
