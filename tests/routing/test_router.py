"""The router on a real database: alone, with others, and with conversations that do not hear."""

import asyncio
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from database.queries.events import CHANNEL_WORK, notify
from database.tables import Agent, Conversation, Event, Message
from domain.words import AgentState, MessageStatus, Status
from tests.database.transcripts import new_conversation, new_message
from tests.fixtures.floor import eventually
from tests.routing.desk import Desk
from workflows.messages import AgentAssigned


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


async def test_a_conversation_whose_workflow_is_gone_is_closed(desk: Desk) -> None:
    await desk.online(desk.brand.ann.agent_id)
    conversation = await desk.waits(1)
    async with desk.sessions() as session:
        desk.conversations.gone = set(await session.scalars(select(Conversation.workflow_id)))
    await desk.router.route()
    async with desk.sessions() as session:
        row = (await session.scalars(select(Conversation))).one()
        event = (await session.scalars(select(Event))).one()
    assert (row.id, row.status, row.close_reason) == (conversation, "closed", "system")
    assert row.closed_at is not None
    assert (event.kind, event.conversation_id) == ("conversation_closed", conversation)
    assert event.data == {"reason": "system", "survey": False}
    assert await desk.chosen() == {}


async def test_the_sweep_closes_only_what_does_not_run(desk: Desk) -> None:
    text = await new_message(desk.sessions, desk.brand, MessageStatus.queued)
    await new_message(desk.sessions, desk.brand, MessageStatus.sending, number="+15550124")
    async with desk.sessions() as session:
        both = await session.execute(
            select(Conversation.workflow_id, Message.id).join(
                Message, Message.conversation_id == Conversation.id
            )
        )
        workflows = {message: workflow for workflow, message in both}
    desk.conversations.gone = set(workflows.values())
    desk.conversations.running = set(workflows.values()) - {workflows[text]}
    for _ in range(2):
        await desk.router.reviving.sweep(datetime.now(UTC))
    async with desk.sessions() as session:
        statuses = Counter(await session.scalars(select(Conversation.status)))
        message = (await session.scalars(select(Message).where(Message.id == text))).one()
        kinds = list(await session.scalars(select(Event.kind).order_by(Event.id)))
    assert statuses == {"closed": 1, "assigned": 1}
    assert (message.status, message.failure_code) == ("failed", "conversation_ended")
    assert kinds == ["conversation_closed", "message_status"]


async def test_a_rating_that_lost_its_workflow_ends_interrupted(desk: Desk) -> None:
    conversation = await new_conversation(desk.sessions, desk.brand, Status.survey)
    async with desk.sessions.begin() as session:
        await session.execute(
            update(Conversation).values(close_reason="agent", closed_at=func.now())
        )
    await desk.router.reviving.close(conversation)
    async with desk.sessions() as session:
        row = (await session.scalars(select(Conversation))).one()
        event = (await session.scalars(select(Event))).one()
    assert (row.status, row.close_reason, row.survey_outcome) == ("closed", "agent", "interrupted")
    assert (event.kind, event.data) == ("survey_ended", {"outcome": "interrupted"})


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
