"""A conversation that begins to wait while an agent is free takes the choice in its own step."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from database.listen import Wakeups, wakeups
from database.queries.events import CHANNEL_WORK
from database.queries.routing import Assignment
from database.tables import Account, Agent, QueueEntry, RoutingDecision
from domain.people.roles import AgentState
from domain.routing.kinds import AcceptMode
from routing.reviving import Reviving
from routing.router import Router
from tests.fixtures.centre import PATIENCE_SECONDS, Centre, eventually, working
from tests.routing.scenario import Scenario
from workflows.conversation.commands import AcceptOffer, TransferToSkill


@pytest.fixture
async def routed(idle_centre: Centre, database_url: str) -> AsyncIterator[Centre]:
    """The centre with everybody at work, and a router that only its workers ask."""
    reviving = Reviving(idle_centre.sessions, idle_centre.conversations)
    router = Router(idle_centre.sessions, idle_centre.conversations, reviving, database_url)
    async with working(idle_centre, router):
        yield idle_centre


@pytest.fixture
async def woken(database_url: str) -> AsyncIterator[Wakeups]:
    async with wakeups(database_url, CHANNEL_WORK, name="test") as woken:
        await woken.next(PATIENCE_SECONDS)  # it listens
        yield woken


async def be_online(centre: Centre, *agent_ids: str) -> None:
    async with centre.sessions.begin() as session:
        values = {"state": AgentState.online.value, "state_since": datetime.now(UTC)}
        await session.execute(update(Agent).where(Agent.id.in_(agent_ids)).values(**values))


async def history(centre: Centre, kind: EventType.ValueType) -> list[HistoryEvent]:
    handle = centre.client.get_workflow_handle(centre.thread.workflow_id)
    return [one for one in (await handle.fetch_history()).events if one.event_type == kind]


async def signals(centre: Centre) -> list[str]:
    return [
        event.workflow_execution_signaled_event_attributes.signal_name
        for event in await history(centre, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED)
    ]


async def test_a_first_text_is_assigned_to_a_free_agent_without_a_signal(routed: Centre) -> None:
    await be_online(routed, routed.brand.ann.agent_id)
    await routed.text("hello")
    held = await routed.when("assigned")
    assert held.agent_id == routed.brand.ann.agent_id
    assert await signals(routed) == ["consumer_texted"]
    async with routed.sessions() as session:
        assert (await session.scalars(select(QueueEntry))).all() == []
        kinds = await session.scalars(select(RoutingDecision.kind).order_by(RoutingDecision.id))
        assert list(kinds) == ["skill", "assigned"]


async def test_the_welcome_leaves_with_what_the_agents_coming_says(routed: Centre) -> None:
    await be_online(routed, routed.brand.ann.agent_id)
    await routed.text("hello")

    async def both_came() -> bool:
        return len(await routed.phone()) == 2

    await eventually(both_came)
    assert [one.text for one in await routed.transcript()][1:] == await routed.phone()
    sends = await history(routed, EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
    assert len(sends) == 1


async def test_a_ringing_account_offers_at_once(routed: Centre) -> None:
    ann = routed.brand.ann
    async with routed.sessions.begin() as session:
        await session.execute(update(Account).values(accept_mode=AcceptMode.ring.value))
    await be_online(routed, ann.agent_id)
    await routed.text("hello")

    async def rings() -> bool:
        return (await routed.conversation()).offered_agent_id == ann.agent_id

    await eventually(rings)
    await routed.give(AcceptOffer(key="yes", actor=ann))
    assert (await routed.when("assigned")).agent_id == ann.agent_id
    assert "agent_offered" not in await signals(routed)


async def test_a_transfer_finds_its_agent_before_it_is_answered(routed: Centre) -> None:
    brand = routed.brand
    await be_online(routed, brand.ann.agent_id, brand.ben.agent_id)
    await routed.text("hello")
    first = await routed.when("assigned")
    actor = brand.ann if first.agent_id == brand.ann.agent_id else brand.ben
    await routed.give(TransferToSkill(key="t", actor=actor, skill_id=brand.sales))
    row = await routed.conversation()
    assert (row.status, row.skill_id) == ("assigned", brand.sales)
    assert await signals(routed) == ["consumer_texted"]


async def test_the_router_is_told_if_nobody_is_there(scenario: Scenario, woken: Wakeups) -> None:
    conversation = await scenario.waits(1)
    account = scenario.brand.account_id
    assert await scenario.router.choose_at_once(account, conversation) is None
    assert await woken.next(PATIENCE_SECONDS) == {account}


async def test_the_longest_wait_goes_first(scenario: Scenario, woken: Wakeups) -> None:
    earlier, later = await scenario.waits(2), await scenario.waits(1)
    await scenario.online(scenario.brand.ann.agent_id, capacity=1)
    account = scenario.brand.account_id
    assert await scenario.router.choose_at_once(account, later) is None
    assert await woken.next(PATIENCE_SECONDS) == {account}
    await scenario.router.route()
    assert await scenario.chosen() == {earlier: scenario.brand.ann.agent_id, later: None}


async def test_the_router_is_told_if_nobody_has_room(scenario: Scenario, woken: Wakeups) -> None:
    held = await scenario.waits(2)
    await scenario.online(scenario.brand.ann.agent_id, capacity=1)
    await scenario.router.route()
    await scenario.acknowledge(held, scenario.brand.ann.agent_id)
    conversation = await scenario.waits(1)
    account = scenario.brand.account_id
    assert await scenario.router.choose_at_once(account, conversation) is None
    assert await woken.next(PATIENCE_SECONDS) == {account}


async def test_a_choice_is_made_once(scenario: Scenario) -> None:
    conversation = await scenario.waits(1)
    await scenario.online(scenario.brand.ann.agent_id)
    account = scenario.brand.account_id
    chosen = await scenario.router.choose_at_once(account, conversation)
    assert chosen
    assert chosen.agent_id == scenario.brand.ann.agent_id
    assert await scenario.router.choose_at_once(account, conversation) is None
    assert scenario.conversations.heard == [], "its own step takes it"
    await scenario.long_ago()
    await scenario.router.route()
    assert [one.conversation_id for one in scenario.conversations.heard] == [str(conversation)]


class Broken(Router):
    """A router whose database goes away in the middle."""

    async def choose_at_once(self, *_: object) -> Assignment | None:
        raise OperationalError("SELECT", {}, Exception("gone"))


async def test_a_step_stands_whatever_becomes_of_the_choice(
    idle_centre: Centre, database_url: str
) -> None:
    reviving = Reviving(idle_centre.sessions, idle_centre.conversations)
    router = Broken(idle_centre.sessions, idle_centre.conversations, reviving, database_url)
    async with working(idle_centre, router):
        await be_online(idle_centre, idle_centre.brand.ann.agent_id)
        await idle_centre.text("hello")
        await idle_centre.when("waiting")
        await Router.route(router)
        await idle_centre.when("assigned")
