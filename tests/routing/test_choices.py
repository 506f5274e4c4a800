"""How settings change the router's choices, and how the choices are explained."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.conversation.kinds import PendingSide, Status
from domain.people.roles import AgentState
from domain.routing.kinds import AcceptMode, CapacityMode, FallbackWhen
from routing.waits import Waits
from tests.database.transcripts import new_conversation
from tests.routing.scenario import Scenario


async def test_the_earliest_deadline_is_served_first_and_priority_counts_in_minutes(
    scenario: Scenario,
) -> None:
    ann, now = scenario.brand.ann.agent_id, datetime.now(UTC)
    await scenario.online(ann, capacity=3)
    due = await scenario.waits(1, due_at=now + timedelta(minutes=5))
    urgent = await scenario.waits(2, due_at=now + timedelta(minutes=14), priority=10)
    less = await scenario.waits(4, due_at=now + timedelta(minutes=16), priority=10)
    overdue = await scenario.waits(3, due_at=now - timedelta(minutes=5))
    await scenario.router.route()
    assert await scenario.chosen() == {overdue: ann, urgent: ann, due: ann, less: None}


async def test_by_weight_silent_consumers_leave_room(scenario: Scenario) -> None:
    ann, now = scenario.brand.ann.agent_id, datetime.now(UTC)
    await scenario.settings(capacity_mode=CapacityMode.weighted.value)
    await scenario.online(ann, capacity=1)
    held = await scenario.waits(9)
    await scenario.acknowledge(held, ann)
    waiting = await scenario.waits(1)
    await scenario.router.route()
    assert await scenario.chosen() == {waiting: None}, "the consumer waits for Ann"
    await scenario.row(
        held,
        pending_side=PendingSide.consumer.value,
        consumer_texted_at=now - timedelta(seconds=200),
    )
    await scenario.router.route()
    assert await scenario.chosen() == {waiting: None}, "not idle yet"
    await scenario.skill(scenario.brand.support, idle_after_seconds=100)
    await scenario.router.route()
    assert await scenario.chosen() == {waiting: ann}
    late = await scenario.waits(2)
    await scenario.router.route()
    assert (await scenario.chosen())[late] is None, "what is given weighs 1"


async def test_an_agent_who_has_just_logged_in_gets_one_at_first(scenario: Scenario) -> None:
    ann, now = scenario.brand.ann.agent_id, datetime.now(UTC)
    await scenario.settings(has_warm_up=True)
    await scenario.online(ann)
    await scenario.agent(ann, online_since=now)
    for minutes in range(1, 4):
        await scenario.waits(minutes)
    await scenario.router.route()
    assert len(scenario.conversations.heard) == 1
    await scenario.agent(ann, online_since=now - timedelta(seconds=90))
    await scenario.router.route()
    assert len(scenario.conversations.heard) == 2


async def test_a_consumer_goes_back_to_the_agent_they_had_last(scenario: Scenario) -> None:
    ann, ben = scenario.brand.ann.agent_id, scenario.brand.ben.agent_id
    await scenario.online(ann, ben)
    earlier = await new_conversation(
        scenario.sessions, scenario.brand, Status.closed, number="+15550000001", agent_id=ben
    )
    await scenario.row(earlier, closed_at=datetime.now(UTC) - timedelta(hours=2))
    await scenario.agent(ben, last_assigned_at=datetime.now(UTC))
    again = await scenario.waits(1)
    await scenario.router.route()
    assert await scenario.chosen() == {again: ben}
    [decision] = await scenario.decisions(again)
    assert decision.reason == "The consumer had Ben last."
    await scenario.settings(affinity_seconds=3600)
    await scenario.entry(again, assigned_agent_id=None)
    await scenario.router.route()
    assert await scenario.chosen() == {again: ann}, "two hours are too long ago"


async def test_a_choice_is_kept_with_all_its_candidates(scenario: Scenario) -> None:
    ann, ben = scenario.brand.ann.agent_id, scenario.brand.ben.agent_id
    await scenario.online(ann, ben, capacity=3)
    await scenario.agent(ben, state=AgentState.away.value)
    conversation = await scenario.waits(1)
    await scenario.router.route()
    [decision] = await scenario.decisions(conversation)
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


async def test_a_fallback_skill_takes_what_came_back_from_an_agent(scenario: Scenario) -> None:
    """Nobody has sales here; one of two was transferred there by hand."""
    ann = scenario.brand.ann.agent_id
    await scenario.skill(scenario.brand.sales, fallback_skill_id=scenario.brand.support)
    await scenario.online(ann)
    held = {"skill_id": scenario.brand.sales, "was_assigned": True}
    released = await scenario.waits(1, **held, may_fall_back=True)
    transferred = await scenario.waits(2, **held)
    await scenario.router.route()
    assert await scenario.chosen() == {released: ann, transferred: None}
    await Waits(scenario.sessions).explain()
    assert [one.reason for one in await scenario.decisions(transferred)] == [
        "Nobody who holds Sales is logged in. It was transferred there, so Support does not stand "
        "in."
    ]


async def test_an_agent_who_did_not_answer_is_not_said_to_have_returned_it(
    scenario: Scenario,
) -> None:
    ann, ben = scenario.brand.ann.agent_id, scenario.brand.ben.agent_id
    await scenario.online(ann, ben)
    await scenario.agent(ben, capacity=9)
    conversation = await scenario.waits(1, avoided_agent_id=ben, avoided_was_silent=True)
    await scenario.router.route()
    [decision] = await scenario.decisions(conversation)
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
    scenario: Scenario, when: FallbackWhen, state: AgentState, stands_in: bool
) -> None:
    """Ben alone has sales, whose fallback is support."""
    ann, ben = scenario.brand.ann.agent_id, scenario.brand.ben.agent_id
    await scenario.settings(fallback_when=when.value)
    await scenario.skill(scenario.brand.sales, fallback_skill_id=scenario.brand.support)
    await scenario.online(ann)
    await scenario.agent(ben, state=state.value, capacity=0)
    new = await scenario.waits(1, skill_id=scenario.brand.sales)
    held_before = await scenario.waits(2, skill_id=scenario.brand.sales, was_assigned=True)
    await scenario.router.route()
    assert await scenario.chosen() == {new: ann if stands_in else None, held_before: None}
    if stands_in:
        fallback, assigned = await scenario.decisions(new)
        assert fallback.reason == "Nobody serves Sales, so Support stands in."
        assert (fallback.kind, assigned.kind) == ("fallback", "assigned")
        assert fallback.skill_id == assigned.skill_id == scenario.brand.support


async def test_a_conversation_is_offered_if_the_account_rings(scenario: Scenario) -> None:
    ann = scenario.brand.ann.agent_id
    await scenario.settings(accept_mode=AcceptMode.ring.value)
    await scenario.online(ann, capacity=1)
    conversation, other = await scenario.waits(2), await scenario.waits(1)
    await scenario.router.route()
    [(_, offer)] = scenario.conversations.rung
    assert (offer.conversation_id, offer.agent_id, offer.ticket) == (str(conversation), ann, 1)
    assert scenario.conversations.heard == []
    assert await scenario.chosen() == {conversation: ann, other: None}, "ringing takes a place"
    [decision] = await scenario.decisions(conversation)
    assert decision.kind == "offered"


async def test_an_offer_is_told_again_until_it_rings(scenario: Scenario) -> None:
    ann = scenario.brand.ann.agent_id
    await scenario.settings(accept_mode=AcceptMode.ring.value)
    await scenario.online(ann)
    conversation = await scenario.waits(1)
    await scenario.router.route()
    await scenario.long_ago()
    await scenario.router.route()
    assert len(scenario.conversations.rung) == 2
    await scenario.row(conversation, offered_agent_id=ann)
    await scenario.long_ago()
    await scenario.router.route()
    assert len(scenario.conversations.rung) == 2


async def test_an_agent_who_declined_is_asked_again_after_a_while(scenario: Scenario) -> None:
    ann, ben = scenario.brand.ann.agent_id, scenario.brand.ben.agent_id
    await scenario.settings(accept_mode=AcceptMode.ring.value)
    await scenario.online(ann, ben)
    conversation = await scenario.waits(1)
    await scenario.router.route()
    first = scenario.conversations.rung[0][1].agent_id
    second = ben if first == ann else ann
    await scenario.entry(conversation, ticket=2, assigned_agent_id=None, not_accepted_by=[first])
    await scenario.router.route()
    assert scenario.conversations.rung[1][1].agent_id == second
    await scenario.entry(
        conversation, ticket=3, assigned_agent_id=None, not_accepted_by=[first, second]
    )
    await scenario.router.route()
    assert await scenario.chosen() == {conversation: None}
    await scenario.forget_offers(timedelta(minutes=1))
    await scenario.router.route()
    assert (await scenario.chosen())[conversation] is not None


async def test_many_unserved_conversations_hide_no_other(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ann returned three, and Ben is online but busy: she gets the next one."""
    monkeypatch.setattr("database.queries.routing.MOST_CONVERSATIONS", 2)
    ann, ben = scenario.brand.ann.agent_id, scenario.brand.ben.agent_id
    await scenario.online(ann)
    await scenario.online(ben, capacity=0)
    for minutes in (9, 8, 7):
        await scenario.waits(minutes, avoided_agent_id=ann)
    conversation = await scenario.waits(1)
    await scenario.router.route()
    assert [one.conversation_id for one in scenario.conversations.heard] == [str(conversation)]
