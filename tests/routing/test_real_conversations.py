"""Router and conversations together, with real parts: offer, decline, leave."""

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
from tests.fixtures.centre import Centre, eventually
from workflows.conversation.commands import AcceptOffer, DeclineOffer, Reply
from workflows.conversation.messages import Actor


@pytest.fixture
def router(centre: Centre, database_url: str) -> Router:
    reviving = Reviving(centre.sessions, centre.conversations)
    return Router(centre.sessions, centre.conversations, reviving, database_url)


async def settings(centre: Centre, **values: object) -> None:
    async with centre.sessions.begin() as session:
        await session.execute(update(Account).values(**values))


async def be(centre: Centre, actor: Actor, state: AgentState, *, back: int = 0) -> None:
    since = datetime.now(UTC) - timedelta(seconds=back)
    values = {"state": state.value, "state_since": since}
    async with centre.sessions.begin() as session:
        await session.execute(update(Agent).where(Agent.id == actor.agent_id).values(**values))


async def rings_at(centre: Centre, router: Router, *, other_than: str | None = None) -> str:
    """Route until it is offered; return the agent."""

    async def rings() -> str | None:
        await router.route()
        offered = (await centre.conversation()).offered_agent_id
        return offered if offered != other_than else None

    agent_id = await eventually(rings)
    assert agent_id is not None
    return agent_id


async def held_by(centre: Centre, router: Router, actor: Actor) -> Conversation:
    async def holds() -> bool:
        await router.route()
        row = await centre.conversation()
        return row.status == "assigned" and row.agent_id == actor.agent_id

    await eventually(holds)
    return await centre.conversation()


async def kinds(centre: Centre) -> list[str]:
    async with centre.sessions() as session:
        query = select(RoutingDecision.kind).order_by(RoutingDecision.id)
        return list(await session.scalars(query))


async def test_it_rings_at_one_and_after_a_decline_at_the_next(
    centre: Centre, router: Router
) -> None:
    people = {one.agent_id: one for one in (centre.brand.ann, centre.brand.ben)}
    await settings(centre, accept_mode=AcceptMode.ring.value)
    for actor in people.values():
        await be(centre, actor, AgentState.online)
    await centre.text("Hello")
    await centre.when("waiting")
    first = people[await rings_at(centre, router)]
    await centre.give(DeclineOffer(key="no", actor=first))
    second = people[await rings_at(centre, router, other_than=first.agent_id)]
    assert second != first
    await centre.give(AcceptOffer(key="yes", actor=second))
    assert (await centre.when("assigned")).agent_id == second.agent_id
    assert await kinds(centre) == ["skill", "offered", "offered"]
    async with centre.sessions() as session:
        assert (await session.scalars(select(QueueEntry))).all() == []


async def test_an_agent_who_does_not_come_back_loses_the_conversation_to_a_colleague(
    centre: Centre, router: Router
) -> None:
    ann, ben = centre.brand.ann, centre.brand.ben
    await settings(centre, release_after_seconds=60)
    await be(centre, ann, AgentState.online)
    await centre.text("Hello")
    await centre.when("waiting")
    await held_by(centre, router, ann)
    await be(centre, ann, AgentState.offline, back=61)
    await be(centre, ben, AgentState.online)
    await Releases(centre.sessions, centre.conversations, router.reviving).sweep()
    await held_by(centre, router, ben)
    assert "conversation_released" in [event.kind for event in await centre.events()]


async def test_a_released_conversation_of_a_skill_without_anybody_goes_to_its_fallback_again(
    centre: Centre, router: Router
) -> None:
    """Ben alone has sales, and has left."""
    ann, brand = centre.brand.ann, centre.brand
    await settings(centre, release_after_seconds=60)
    async with centre.sessions.begin() as session:
        await session.execute(update(Line).values(entry_skill_id=brand.sales))
        sales = update(Skill).where(Skill.id == brand.sales)
        await session.execute(sales.values(fallback_skill_id=brand.support))
    await be(centre, ann, AgentState.online)
    await centre.text("Hello")
    await centre.when("waiting")
    await held_by(centre, router, ann)
    await centre.give(Reply(key="one-moment", actor=ann, text="One moment."))
    await be(centre, ann, AgentState.offline, back=61)
    await Releases(centre.sessions, centre.conversations, router.reviving).sweep()
    row = await centre.when("waiting")
    assert (row.pending_side, row.skill_id) == ("agent", brand.sales)
    await be(centre, ann, AgentState.online)
    await held_by(centre, router, ann)
    assert await kinds(centre) == ["skill", "fallback", "assigned", "fallback", "assigned"]
