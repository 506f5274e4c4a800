"""Ways an agent gets a conversation, and loses it, over real parts."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from temporalio.testing import WorkflowEnvironment

from database.tables import Account, Agent, LineKeyword, QueueEntry, RoutingDecision, Skill
from domain.errors import AlreadyTaken, NotAllowed, OfferOver, TransferRefused
from tests.fixtures.floor import Floor, eventually
from tests.workflows.test_time import clock_floor, pass_time
from workflows.conversation.messages import (
    AcceptOffer,
    Actor,
    AgentLeft,
    AgentOffered,
    DeclineOffer,
    JoinConversation,
    PickUp,
    Reply,
    SetResponseTime,
    TakeOver,
    TransferToSkill,
)

__all__ = ["clock_floor"]


async def entry(floor: Floor) -> QueueEntry:
    async with floor.sessions() as session:
        return (await session.scalars(select(QueueEntry))).one()


async def ring(floor: Floor, actor: Actor) -> None:
    """Let the router's offer arrive."""
    row = await floor.when("waiting")
    offer = AgentOffered(
        conversation_id=str(row.id),
        ticket=await floor.ticket(row.id),
        agent_id=actor.agent_id,
        agent_name=actor.name,
    )
    await floor.conversations.offered(floor.thread.workflow_id, offer)

    async def rings() -> bool:
        return (await floor.conversation()).offered_agent_id == actor.agent_id

    await eventually(rings)


async def set_account(floor: Floor, **values: object) -> None:
    async with floor.sessions.begin() as session:
        change = update(Account).where(Account.id == floor.brand.account_id)
        await session.execute(change.values(**values))


async def reasons(floor: Floor) -> list[tuple[str, str]]:
    async with floor.sessions() as session:
        rows = await session.scalars(select(RoutingDecision).order_by(RoutingDecision.id))
        return [(row.kind, row.reason) for row in rows]


async def test_a_conversation_rings_is_declined_and_then_accepted(floor: Floor) -> None:
    brand = floor.brand
    await floor.text("hello")
    await ring(floor, brand.ann)
    with pytest.raises(OfferOver):
        await floor.give(AcceptOffer(key="1", actor=brand.ben))
    await floor.give(DeclineOffer(key="2", actor=brand.ann))
    waits = await entry(floor)
    assert (waits.ticket, waits.passed_by, waits.assigned_agent_id) == (
        2,
        [brand.ann.agent_id],
        None,
    )
    await ring(floor, brand.ben)
    await floor.give(AcceptOffer(key="3", actor=brand.ben))
    row = await floor.conversation()
    assert (row.status, row.agent_id, row.offered_agent_id, row.offer_ends_at) == (
        "assigned",
        brand.ben.agent_id,
        None,
        None,
    )
    ended = [e for e in await floor.events() if e.kind == "offer_ended"]
    assert [(e.agent_id, e.data) for e in ended] == [(brand.ann.agent_id, {"outcome": "declined"})]


async def test_who_lets_offers_pass_is_set_away_with_the_reason(
    clock_floor: Floor, temporal_clock: WorkflowEnvironment
) -> None:
    floor, ann = clock_floor, clock_floor.brand.ann
    await set_account(floor, missed_offers_allowed=2)
    async with floor.sessions.begin() as session:
        online = update(Agent).where(Agent.id == ann.agent_id)
        await session.execute(online.values(state="online"))
    await floor.text("hello")
    for ticket in (2, 3):
        await ring(floor, ann)
        await pass_time(floor, temporal_clock, timedelta(seconds=31))

        async def lapsed(ticket: int = ticket) -> bool:
            return (await entry(floor)).ticket == ticket

        await eventually(lapsed)
    async with floor.sessions() as session:
        agent = await session.get_one(Agent, ann.agent_id)
        assert (agent.state, agent.state_reason) == ("away", "missed offers")
    assert [e.data["state"] for e in await floor.events() if e.kind == "agent_state"] == ["away"]


async def test_a_waiting_conversation_is_picked_up_once_and_the_reason_kept(floor: Floor) -> None:
    brand = floor.brand
    await floor.text("hello")
    await floor.when("waiting")
    await floor.give(PickUp(key="1", actor=brand.ben))
    with pytest.raises(AlreadyTaken):
        await floor.give(PickUp(key="2", actor=brand.ann))
    assert await reasons(floor) == [
        ("skill", "It is the entry skill of the line."),
        ("picked", f"{brand.ben.name} took it from the queue by hand."),
    ]


async def test_what_a_lost_agent_held_waits_again_with_its_age(floor: Floor) -> None:
    await floor.text("hello")
    first = await floor.when("waiting")
    age = (await entry(floor)).entered_at
    await floor.assign(floor.brand.ann.agent_id, "Ann")
    left = AgentLeft(agent_id=floor.brand.ann.agent_id)
    for _ in range(2):
        await floor.conversations.agent_left(floor.thread.workflow_id, left)
    await floor.when("waiting")
    waits = await entry(floor)
    assert (waits.conversation_id, waits.ticket, waits.entered_at, waits.was_assigned) == (
        first.id,
        2,
        age,
        True,
    )


async def test_a_manager_joins_writes_and_takes_over(floor: Floor) -> None:
    brand = floor.brand
    await floor.text("hello")
    await floor.assign(brand.ann.agent_id, "Ann")
    with pytest.raises(NotAllowed):
        await floor.give(JoinConversation(key="1", actor=brand.ben))
    manager = brand.ben.model_copy(update={"role": "manager"})
    await floor.give(JoinConversation(key="2", actor=manager))
    await floor.give(Reply(key="3", actor=manager, text="I am here too."))
    await floor.give(TakeOver(key="4", actor=manager))
    row = await floor.conversation()
    assert (row.status, row.agent_id) == ("assigned", manager.agent_id)


async def test_a_response_time_is_due_in_the_queue_and_set_by_hand(floor: Floor) -> None:
    await set_account(floor, response_seconds=3600)
    await floor.text("hello")
    row = await floor.when("waiting")
    assert row.waiting_since
    due = row.waiting_since + timedelta(hours=1)
    assert (row.response_due_at, (await entry(floor)).due_at) == (due, due)
    manager = floor.brand.ann.model_copy(update={"role": "manager"})
    await floor.give(SetResponseTime(key="1", actor=manager, seconds=60))
    row = await floor.conversation()
    assert row.response_is_manual
    assert (await entry(floor)).due_at == row.response_due_at != due
    await floor.give(TakeOver(key="2", actor=manager))
    await floor.give(Reply(key="3", actor=manager, text="Here"))
    row = await floor.conversation()
    assert (row.response_due_at, row.response_is_manual) == (None, False)


async def test_a_lines_keyword_chooses_the_skill_and_the_reason_is_kept(
    floor: Floor,
) -> None:
    brand = floor.brand
    async with floor.sessions.begin() as session:
        session.add(LineKeyword(line_id=brand.line_id, keyword="offer", skill_id=brand.sales))
    await floor.text("¡Offer! please")
    assert (await floor.when("waiting")).skill_id == brand.sales
    assert await reasons(floor) == [
        ("skill", 'The first text begins with the line\'s word "offer".')
    ]


async def test_the_default_skill_takes_every_line(floor: Floor) -> None:
    await set_account(floor, default_skill_id=floor.brand.sales)
    await floor.text("hello")
    assert (await floor.when("waiting")).skill_id == floor.brand.sales


async def test_a_skill_may_keep_its_conversations(floor: Floor) -> None:
    brand = floor.brand
    async with floor.sessions.begin() as session:
        kept = update(Skill).where(Skill.id == brand.support)
        await session.execute(kept.values(transfer_targets="none"))
    await floor.text("hello")
    await floor.assign(brand.ann.agent_id, "Ann")
    with pytest.raises(TransferRefused, match="may not be transferred"):
        await floor.give(TransferToSkill(key="1", actor=brand.ann, skill_id=brand.sales))
