"""Why a conversation still waits, recorded once for each reason."""

import pytest

from domain.people.roles import AgentState
from domain.routing.kinds import AcceptMode
from routing.waits import Waits
from tests.routing.scenario import Scenario


@pytest.fixture
def waits(scenario: Scenario) -> Waits:
    return Waits(scenario.sessions)


async def test_each_new_reason_of_a_wait_is_kept_once(scenario: Scenario, waits: Waits) -> None:
    ann = scenario.brand.ann.agent_id
    conversation = await scenario.waits(1)
    for _ in range(2):
        await waits.explain()
    await scenario.online(ann, capacity=0)
    for _ in range(2):
        await waits.explain()
    await scenario.agent(ann, state=AgentState.away.value)
    await waits.explain()
    assert [
        (one.kind, one.ticket, one.reason) for one in await scenario.decisions(conversation)
    ] == [
        ("waiting", 1, "Nobody who holds Support is logged in."),
        ("waiting", 1, "Everybody of Support who is online is busy."),
        ("waiting", 1, "Nobody who holds Support is online."),
    ]
    last = (await scenario.decisions(conversation))[-1]
    assert [(one["name"], one["why"]) for one in last.candidates] == [("Ann", "Is away.")]


async def test_a_wait_that_can_be_served_is_not_explained(scenario: Scenario, waits: Waits) -> None:
    await scenario.online(scenario.brand.ann.agent_id)
    conversation = await scenario.waits(1)
    await waits.explain()
    assert await scenario.decisions(conversation) == []


async def test_each_conversation_has_a_reason_of_its_own(scenario: Scenario, waits: Waits) -> None:
    ann, mia = scenario.brand.ann.agent_id, scenario.brand.mia.agent_id
    await scenario.online(ann, capacity=0)
    common = [await scenario.waits(minutes) for minutes in (1, 2)]
    sale = await scenario.waits(3, skill_id=scenario.brand.sales)
    wanted = await scenario.waits(4, requested_agent_id=mia)
    await waits.explain()
    reasons = {key: (await scenario.decisions(key))[0].reason for key in [*common, sale, wanted]}
    assert reasons == {
        common[0]: "Everybody of Support who is online is busy.",
        common[1]: "Everybody of Support who is online is busy.",
        sale: "Nobody who holds Sales is logged in.",
        wanted: "It was transferred to an agent who is not logged in.",
    }


async def test_after_an_offer_came_to_nothing_the_wait_is_explained_anew(
    scenario: Scenario, waits: Waits
) -> None:
    ann = scenario.brand.ann.agent_id
    await scenario.settings(accept_mode=AcceptMode.ring.value)
    conversation = await scenario.waits(1)
    await waits.explain()
    await scenario.online(ann)
    await scenario.router.route()
    await scenario.entry(conversation, ticket=2, assigned_agent_id=None, not_accepted_by=[ann])
    await waits.explain()
    assert [(one.kind, one.ticket) for one in await scenario.decisions(conversation)] == [
        ("waiting", 1),
        ("offered", 1),
        ("waiting", 2),
    ]
    last = (await scenario.decisions(conversation))[-1]
    assert last.reason == (
        "No agent of Support with room accepted it. They are asked again in a while."
    )
