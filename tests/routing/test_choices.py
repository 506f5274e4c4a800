"""What the account's settings make of the router's choices, and why people read they were made."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.conversation.kinds import PendingSide, Status
from domain.people.roles import AgentState
from domain.routing.kinds import AcceptMode, CapacityMode, FallbackWhen
from routing.waits import Waits
from tests.database.transcripts import new_conversation
from tests.routing.desk import Desk


async def test_the_earliest_deadline_is_served_first_and_priority_counts_in_minutes(
    desk: Desk,
) -> None:
    ann, now = desk.brand.ann.agent_id, datetime.now(UTC)
    await desk.online(ann, capacity=3)
    due = await desk.waits(1, due_at=now + timedelta(minutes=5))
    urgent = await desk.waits(2, due_at=now + timedelta(minutes=14), priority=10)
    less = await desk.waits(4, due_at=now + timedelta(minutes=16), priority=10)
    overdue = await desk.waits(3, due_at=now - timedelta(minutes=5))
    await desk.router.route()
    assert await desk.chosen() == {overdue: ann, urgent: ann, due: ann, less: None}


async def test_by_weight_silent_consumers_leave_room(desk: Desk) -> None:
    ann, now = desk.brand.ann.agent_id, datetime.now(UTC)
    await desk.settings(capacity_mode=CapacityMode.weighted.value)
    await desk.online(ann, capacity=1)
    held = await desk.waits(9)
    await desk.acknowledge(held, ann)
    waiting = await desk.waits(1)
    await desk.router.route()
    assert await desk.chosen() == {waiting: None}, "the consumer waits for Ann"
    await desk.row(
        held,
        pending_side=PendingSide.consumer.value,
        consumer_texted_at=now - timedelta(seconds=200),
    )
    await desk.router.route()
    assert await desk.chosen() == {waiting: None}, "not idle yet"
    await desk.skill(desk.brand.support, idle_after_seconds=100)
    await desk.router.route()
    assert await desk.chosen() == {waiting: ann}
    late = await desk.waits(2)
    await desk.router.route()
    assert (await desk.chosen())[late] is None, "what is given weighs 1"


async def test_an_agent_who_has_just_come_gets_one_at_first(desk: Desk) -> None:
    ann, now = desk.brand.ann.agent_id, datetime.now(UTC)
    await desk.settings(has_warm_up=True)
    await desk.online(ann)
    await desk.agent(ann, online_since=now)
    for minutes in range(1, 4):
        await desk.waits(minutes)
    await desk.router.route()
    assert len(desk.conversations.heard) == 1
    await desk.agent(ann, online_since=now - timedelta(seconds=90))
    await desk.router.route()
    assert len(desk.conversations.heard) == 2


async def test_a_consumer_goes_back_to_the_agent_they_had_last(desk: Desk) -> None:
    ann, ben = desk.brand.ann.agent_id, desk.brand.ben.agent_id
    await desk.online(ann, ben)
    earlier = await new_conversation(
        desk.sessions, desk.brand, Status.closed, number="+15550000001", agent_id=ben
    )
    await desk.row(earlier, closed_at=datetime.now(UTC) - timedelta(hours=2))
    await desk.agent(ben, last_assigned_at=datetime.now(UTC))
    again = await desk.waits(1)
    await desk.router.route()
    assert await desk.chosen() == {again: ben}
    [decision] = await desk.decisions(again)
    assert decision.reason == "The consumer had Ben last."
    await desk.settings(affinity_seconds=3600)
    await desk.entry(again, assigned_agent_id=None)
    await desk.router.route()
    assert await desk.chosen() == {again: ann}, "two hours are too long ago"


async def test_a_choice_is_kept_with_everybody_who_was_looked_at(desk: Desk) -> None:
    ann, ben = desk.brand.ann.agent_id, desk.brand.ben.agent_id
    await desk.online(ann, ben, capacity=3)
    await desk.agent(ben, state=AgentState.away.value)
    conversation = await desk.waits(1)
    await desk.router.route()
    [decision] = await desk.decisions(conversation)
    assert (decision.kind, decision.agent_id, decision.ticket) == ("assigned", ann, 1)
    assert decision.reason == "Ann is the only one of Support with room: 0 of 3."
    assert decision.candidates == [
        {
            "agent_id": ann,
            "name": "Ann",
            "load": 0,
            "capacity": 3,
            "chosen": True,
            "why": "Chosen.",
        },
        {
            "agent_id": ben,
            "name": "Ben",
            "load": 0,
            "capacity": 3,
            "chosen": False,
            "why": "Is away.",
        },
    ]


async def test_a_fallback_skill_takes_what_came_back_from_an_agent(desk: Desk) -> None:
    """Nobody holds sales here; one of two was transferred there by hand."""
    ann = desk.brand.ann.agent_id
    await desk.skill(desk.brand.sales, fallback_skill_id=desk.brand.support)
    await desk.online(ann)
    held = {"skill_id": desk.brand.sales, "was_assigned": True}
    released = await desk.waits(1, **held, may_fall_back=True)
    transferred = await desk.waits(2, **held)
    await desk.router.route()
    assert await desk.chosen() == {released: ann, transferred: None}
    await Waits(desk.sessions).explain()
    assert [one.reason for one in await desk.decisions(transferred)] == [
        "Nobody who holds Sales is logged in. It was transferred there, so Support does not stand "
        "in."
    ]


async def test_who_did_not_answer_is_not_said_to_have_given_it_back(desk: Desk) -> None:
    ann, ben = desk.brand.ann.agent_id, desk.brand.ben.agent_id
    await desk.online(ann, ben)
    await desk.agent(ben, capacity=9)
    conversation = await desk.waits(1, avoided_agent_id=ben, avoided_was_silent=True)
    await desk.router.route()
    [decision] = await desk.decisions(conversation)
    assert decision.reason == (
        "Ann is the only one left of Support: 0 of 5. Ben did not answer it."
    )


@pytest.mark.parametrize(
    ("when", "state", "stands_in"),
    [
        (FallbackWhen.nobody_logged_in, AgentState.offline, True),
        (FallbackWhen.nobody_logged_in, AgentState.away, False),
        (FallbackWhen.nobody_online, AgentState.away, True),
        (FallbackWhen.nobody_online, AgentState.online, False),
    ],
)
async def test_a_fallback_skill_takes_what_nobody_ever_held(
    desk: Desk, when: FallbackWhen, state: AgentState, stands_in: bool
) -> None:
    """Ben alone holds sales, whose fallback is support."""
    ann, ben = desk.brand.ann.agent_id, desk.brand.ben.agent_id
    await desk.settings(fallback_when=when.value)
    await desk.skill(desk.brand.sales, fallback_skill_id=desk.brand.support)
    await desk.online(ann)
    await desk.agent(ben, state=state.value, capacity=0)
    new = await desk.waits(1, skill_id=desk.brand.sales)
    held_before = await desk.waits(2, skill_id=desk.brand.sales, was_assigned=True)
    await desk.router.route()
    assert await desk.chosen() == {new: ann if stands_in else None, held_before: None}
    if stands_in:
        fallback, assigned = await desk.decisions(new)
        assert fallback.reason == "Nobody is there for Sales: Support stands in."
        assert (fallback.kind, assigned.kind) == ("fallback", "assigned")
        assert fallback.skill_id == assigned.skill_id == desk.brand.support


async def test_where_it_rings_a_conversation_is_offered(desk: Desk) -> None:
    ann = desk.brand.ann.agent_id
    await desk.settings(accept_mode=AcceptMode.ring.value)
    await desk.online(ann, capacity=1)
    conversation, other = await desk.waits(2), await desk.waits(1)
    await desk.router.route()
    [(_, offer)] = desk.conversations.rung
    assert (offer.conversation_id, offer.agent_id, offer.ticket) == (str(conversation), ann, 1)
    assert desk.conversations.heard == []
    assert await desk.chosen() == {conversation: ann, other: None}, "ringing takes a place"
    [decision] = await desk.decisions(conversation)
    assert decision.kind == "offered"


async def test_an_offer_is_told_again_until_it_rings(desk: Desk) -> None:
    ann = desk.brand.ann.agent_id
    await desk.settings(accept_mode=AcceptMode.ring.value)
    await desk.online(ann)
    conversation = await desk.waits(1)
    await desk.router.route()
    await desk.long_ago()
    await desk.router.route()
    assert len(desk.conversations.rung) == 2
    await desk.row(conversation, offered_agent_id=ann)
    await desk.long_ago()
    await desk.router.route()
    assert len(desk.conversations.rung) == 2


async def test_who_declined_is_asked_again_after_a_while(desk: Desk) -> None:
    ann, ben = desk.brand.ann.agent_id, desk.brand.ben.agent_id
    await desk.settings(accept_mode=AcceptMode.ring.value)
    await desk.online(ann, ben)
    conversation = await desk.waits(1)
    await desk.router.route()
    first = desk.conversations.rung[0][1].agent_id
    second = ben if first == ann else ann
    await desk.entry(conversation, ticket=2, assigned_agent_id=None, passed_by=[first])
    await desk.router.route()
    assert desk.conversations.rung[1][1].agent_id == second
    await desk.entry(conversation, ticket=3, assigned_agent_id=None, passed_by=[first, second])
    await desk.router.route()
    assert await desk.chosen() == {conversation: None}
    await desk.forget_offers(timedelta(minutes=1))
    await desk.router.route()
    assert (await desk.chosen())[conversation] is not None


async def test_many_who_cannot_be_served_hide_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ann gave three back while Ben, busy, is there for them: she takes the next one."""
    monkeypatch.setattr("database.queries.routing.LONGEST_QUEUE", 2)
    ann, ben = desk.brand.ann.agent_id, desk.brand.ben.agent_id
    await desk.online(ann)
    await desk.online(ben, capacity=0)
    for minutes in (9, 8, 7):
        await desk.waits(minutes, avoided_agent_id=ann)
    conversation = await desk.waits(1)
    await desk.router.route()
    assert [one.conversation_id for one in desk.conversations.heard] == [str(conversation)]
