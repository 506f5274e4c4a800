"""Router and conversations together, over real parts: ring, decline, leave."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from database.tables import (
    Account,
    Agent,
    Conversation,
    Line,
    QueueEntry,
    RoutingDecision,
    Skill,
)
from domain.people.roles import AgentState
from domain.routing.kinds import AcceptMode
from routing.releases import Releases
from routing.reviving import Reviving
from routing.router import Router
from tests.fixtures.floor import Floor, eventually
from workflows.conversation.messages import AcceptOffer, Actor, DeclineOffer, Reply


@pytest.fixture
def router(floor: Floor, database_url: str) -> Router:
    reviving = Reviving(floor.sessions, floor.conversations)
    return Router(floor.sessions, floor.conversations, reviving, database_url)


async def settings(floor: Floor, **values: object) -> None:
    async with floor.sessions.begin() as session:
        await session.execute(update(Account).values(**values))


async def be(floor: Floor, actor: Actor, state: AgentState, *, back: int = 0) -> None:
    since = datetime.now(UTC) - timedelta(seconds=back)
    values = {"state": state.value, "state_since": since}
    async with floor.sessions.begin() as session:
        await session.execute(update(Agent).where(Agent.id == actor.agent_id).values(**values))


async def rings_at(floor: Floor, router: Router, *, other_than: str | None = None) -> str:
    """Route until it rings; return at whom."""

    async def rings() -> str | None:
        await router.route()
        offered = (await floor.conversation()).offered_agent_id
        return offered if offered != other_than else None

    agent_id = await eventually(rings)
    assert agent_id is not None
    return agent_id


async def held_by(floor: Floor, router: Router, actor: Actor) -> Conversation:
    async def holds() -> bool:
        await router.route()
        row = await floor.conversation()
        return row.status == "assigned" and row.agent_id == actor.agent_id

    await eventually(holds)
    return await floor.conversation()


async def kinds(floor: Floor) -> list[str]:
    async with floor.sessions() as session:
        query = select(RoutingDecision.kind).order_by(RoutingDecision.id)
        return list(await session.scalars(query))


async def test_it_rings_at_one_and_after_a_decline_at_the_next(
    floor: Floor, router: Router
) -> None:
    people = {one.agent_id: one for one in (floor.brand.ann, floor.brand.ben)}
    await settings(floor, accept_mode=AcceptMode.ring.value)
    for actor in people.values():
        await be(floor, actor, AgentState.online)
    await floor.text("Hello")
    await floor.when("waiting")
    first = people[await rings_at(floor, router)]
    await floor.give(DeclineOffer(key="no", actor=first))
    second = people[await rings_at(floor, router, other_than=first.agent_id)]
    assert second != first
    await floor.give(AcceptOffer(key="yes", actor=second))
    assert (await floor.when("assigned")).agent_id == second.agent_id
    assert await kinds(floor) == ["skill", "offered", "offered"]
    async with floor.sessions() as session:
        assert (await session.scalars(select(QueueEntry))).all() == []


async def test_who_does_not_come_back_loses_the_conversation_to_a_colleague(
    floor: Floor, router: Router
) -> None:
    ann, ben = floor.brand.ann, floor.brand.ben
    await settings(floor, release_after_seconds=60)
    await be(floor, ann, AgentState.online)
    await floor.text("Hello")
    await floor.when("waiting")
    await held_by(floor, router, ann)
    await be(floor, ann, AgentState.offline, back=61)
    await be(floor, ben, AgentState.online)
    await Releases(floor.sessions, floor.conversations, router.reviving).sweep()
    await held_by(floor, router, ben)
    assert "conversation_released" in [event.kind for event in await floor.events()]


async def test_a_released_conversation_of_a_skill_without_anybody_goes_to_its_fallback_again(
    floor: Floor, router: Router
) -> None:
    """Ben alone holds sales, and is away for good."""
    ann, brand = floor.brand.ann, floor.brand
    await settings(floor, release_after_seconds=60)
    async with floor.sessions.begin() as session:
        await session.execute(update(Line).values(entry_skill_id=brand.sales))
        sales = update(Skill).where(Skill.id == brand.sales)
        await session.execute(sales.values(fallback_skill_id=brand.support))
    await be(floor, ann, AgentState.online)
    await floor.text("Hello")
    await floor.when("waiting")
    await held_by(floor, router, ann)
    await floor.give(Reply(key="one-moment", actor=ann, text="One moment."))
    await be(floor, ann, AgentState.offline, back=61)
    await Releases(floor.sessions, floor.conversations, router.reviving).sweep()
    row = await floor.when("waiting")
    assert (row.pending_side, row.skill_id) == ("agent", brand.sales)
    await be(floor, ann, AgentState.online)
    await held_by(floor, router, ann)
    assert await kinds(floor) == ["skill", "fallback", "assigned", "fallback", "assigned"]
