"""How an agent gets and loses a conversation, with real parts."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from temporalio.testing import WorkflowEnvironment

from database.tables import Account, Agent, LineKeyword, QueueEntry, RoutingDecision, Skill
from domain.errors import AlreadyTaken, NotAllowed, OfferOver, TransferRefused
from tests.fixtures.centre import Centre, eventually
from tests.workflows.test_time import clock_floor, pass_time
from workflows.conversation.commands import (
    AcceptOffer,
    DeclineOffer,
    JoinConversation,
    PickUp,
    Reply,
    SetResponseTime,
    TakeOver,
    TransferToSkill,
)
from workflows.conversation.messages import Actor, AgentLeft, AgentOffered

__all__ = ["clock_floor"]


async def entry(centre: Centre) -> QueueEntry:
    async with centre.sessions() as session:
        return (await session.scalars(select(QueueEntry))).one()


async def ring(centre: Centre, actor: Actor) -> None:
    """Have the router's offer arrive."""
    row = await centre.when("waiting")
    offer = AgentOffered(
        conversation_id=str(row.id),
        ticket=await centre.ticket(row.id),
        agent_id=actor.agent_id,
        agent_name=actor.name,
    )
    await centre.conversations.offered(centre.thread.workflow_id, offer)

    async def rings() -> bool:
        return (await centre.conversation()).offered_agent_id == actor.agent_id

    await eventually(rings)


async def set_account(centre: Centre, **values: object) -> None:
    async with centre.sessions.begin() as session:
        change = update(Account).where(Account.id == centre.brand.account_id)
        await session.execute(change.values(**values))


async def reasons(centre: Centre) -> list[tuple[str, str]]:
    async with centre.sessions() as session:
        rows = await session.scalars(select(RoutingDecision).order_by(RoutingDecision.id))
        return [(row.kind, row.reason) for row in rows]


async def test_a_conversation_rings_is_declined_and_then_accepted(centre: Centre) -> None:
    brand = centre.brand
    await centre.text("hello")
    await ring(centre, brand.ann)
    with pytest.raises(OfferOver):
        await centre.give(AcceptOffer(key="1", actor=brand.ben))
    await centre.give(DeclineOffer(key="2", actor=brand.ann))
    waits = await entry(centre)
    assert (waits.ticket, waits.not_accepted_by, waits.assigned_agent_id) == (
        2,
        [brand.ann.agent_id],
        None,
    )
    await ring(centre, brand.ben)
    await centre.give(AcceptOffer(key="3", actor=brand.ben))
    row = await centre.conversation()
    assert (row.status, row.agent_id, row.offered_agent_id, row.offer_ends_at) == (
        "assigned",
        brand.ben.agent_id,
        None,
        None,
    )
    ended = [e for e in await centre.events() if e.kind == "offer_ended"]
    assert [(e.agent_id, e.data) for e in ended] == [(brand.ann.agent_id, {"outcome": "declined"})]


async def test_an_agent_who_misses_offers_is_set_away_with_the_reason(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre, ann = clock_floor, clock_floor.brand.ann
    await set_account(centre, missed_offers_allowed=2)
    async with centre.sessions.begin() as session:
        online = update(Agent).where(Agent.id == ann.agent_id)
        await session.execute(online.values(state="online"))
    await centre.text("hello")
    for ticket in (2, 3):
        await ring(centre, ann)
        await pass_time(centre, temporal_clock, timedelta(seconds=31))

        async def lapsed(ticket: int = ticket) -> bool:
            return (await entry(centre)).ticket == ticket

        await eventually(lapsed)
    async with centre.sessions() as session:
        agent = await session.get_one(Agent, ann.agent_id)
        assert (agent.state, agent.state_reason) == ("away", "missed offers")
    assert [e.data["state"] for e in await centre.events() if e.kind == "agent_state"] == ["away"]


async def test_a_waiting_conversation_is_picked_up_once_and_the_reason_kept(centre: Centre) -> None:
    brand = centre.brand
    await centre.text("hello")
    await centre.when("waiting")
    await centre.give(PickUp(key="1", actor=brand.ben))
    with pytest.raises(AlreadyTaken):
        await centre.give(PickUp(key="2", actor=brand.ann))
    assert await reasons(centre) == [
        ("skill", "It is the entry skill of the line."),
        ("picked", f"{brand.ben.name} picked it from the queue."),
    ]


async def test_a_conversation_of_a_lost_agent_waits_again_with_its_age(centre: Centre) -> None:
    await centre.text("hello")
    first = await centre.when("waiting")
    age = (await entry(centre)).entered_at
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    left = AgentLeft(agent_id=centre.brand.ann.agent_id, conversation_id=str(first.id))
    for _ in range(2):
        await centre.conversations.agent_left(centre.thread.workflow_id, left)
    await centre.when("waiting")
    waits = await entry(centre)
    assert (waits.conversation_id, waits.ticket, waits.entered_at, waits.was_assigned) == (
        first.id,
        2,
        age,
        True,
    )


async def test_a_manager_joins_writes_and_takes_over(centre: Centre) -> None:
    brand = centre.brand
    await centre.text("hello")
    await centre.assign(brand.ann.agent_id, "Ann")
    with pytest.raises(NotAllowed):
        await centre.give(JoinConversation(key="1", actor=brand.ben))
    manager = brand.ben.model_copy(update={"role": "manager"})
    await centre.give(JoinConversation(key="2", actor=manager))
    await centre.give(Reply(key="3", actor=manager, text="I am here too."))
    await centre.give(TakeOver(key="4", actor=manager))
    row = await centre.conversation()
    assert (row.status, row.agent_id) == ("assigned", manager.agent_id)


async def test_a_response_time_is_due_in_the_queue_and_set_by_hand(centre: Centre) -> None:
    await set_account(centre, response_seconds=3600)
    await centre.text("hello")
    row = await centre.when("waiting")
    assert row.waiting_since
    due = row.waiting_since + timedelta(hours=1)
    assert (row.response_due_at, (await entry(centre)).due_at) == (due, due)
    manager = centre.brand.ann.model_copy(update={"role": "manager"})
    await centre.give(SetResponseTime(key="1", actor=manager, seconds=60))
    row = await centre.conversation()
    assert row.response_is_manual
    assert (await entry(centre)).due_at == row.response_due_at != due
    await centre.give(TakeOver(key="2", actor=manager))
    await centre.give(Reply(key="3", actor=manager, text="Here"))
    row = await centre.conversation()
    assert (row.response_due_at, row.response_is_manual) == (None, False)


async def test_a_lines_keyword_chooses_the_skill_and_the_reason_is_kept(
    centre: Centre,
) -> None:
    brand = centre.brand
    async with centre.sessions.begin() as session:
        session.add(LineKeyword(line_id=brand.line_id, keyword="offer", skill_id=brand.sales))
    await centre.text("¡Offer! please")
    assert (await centre.when("waiting")).skill_id == brand.sales
    assert await reasons(centre) == [
        ("skill", 'The first text begins with the line\'s word "offer".')
    ]


async def test_the_default_skill_takes_every_line(centre: Centre) -> None:
    await set_account(centre, default_skill_id=centre.brand.sales)
    await centre.text("hello")
    assert (await centre.when("waiting")).skill_id == centre.brand.sales


async def test_a_skill_may_keep_its_conversations(centre: Centre) -> None:
    brand = centre.brand
    async with centre.sessions.begin() as session:
        kept = update(Skill).where(Skill.id == brand.support)
        await session.execute(kept.values(transfer_targets="none"))
    await centre.text("hello")
    await centre.assign(brand.ann.agent_id, "Ann")
    with pytest.raises(TransferRefused, match="may not be transferred"):
        await centre.give(TransferToSkill(key="1", actor=brand.ann, skill_id=brand.sales))
