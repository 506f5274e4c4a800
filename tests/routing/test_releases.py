"""Conversations of agents who do not come back within their grace."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.people.roles import AgentState
from routing.releases import Releases
from tests.routing.scenario import Scenario


@pytest.fixture
def releases(scenario: Scenario) -> Releases:
    return Releases(scenario.sessions, scenario.conversations, scenario.router.reviving)


def ago(seconds: int) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("state", "gone_for", "is_released"),
    [
        (AgentState.offline, 120, True),
        (AgentState.away, 120, True),
        (AgentState.offline, 30, False),
        (AgentState.back_soon, 9999, False),
        (AgentState.online, 9999, False),
    ],
)
async def test_a_conversation_is_released_when_its_agents_grace_is_over(
    scenario: Scenario, releases: Releases, state: AgentState, gone_for: int, is_released: bool
) -> None:
    ann = scenario.brand.ann.agent_id
    await scenario.settings(release_after_seconds=60)
    await scenario.acknowledge(await scenario.waits(1), ann)
    await scenario.waits(2)
    await scenario.agent(ann, state=state.value, state_since=ago(gone_for))
    await releases.sweep()
    assert [agent_id for _, agent_id in scenario.conversations.left] == [ann] * is_released


async def test_an_account_without_grace_releases_nothing(
    scenario: Scenario, releases: Releases
) -> None:
    ann = scenario.brand.ann.agent_id
    await scenario.acknowledge(await scenario.waits(1), ann)
    await scenario.agent(ann, state_since=ago(999_999))
    await releases.sweep()
    assert scenario.conversations.left == []


async def test_a_held_conversation_whose_workflow_is_gone_hears_of_it_once_it_runs_again(
    scenario: Scenario, releases: Releases
) -> None:
    ann = scenario.brand.ann.agent_id
    conversation = await scenario.waits(1)
    workflow = await scenario.workflow(conversation)
    await scenario.settings(release_after_seconds=0)
    await scenario.acknowledge(conversation, ann)
    await scenario.agent(ann, state_since=ago(1))
    scenario.conversations.gone = {workflow}
    await releases.sweep()
    assert (scenario.conversations.looked, scenario.conversations.left) == ([workflow], [])
    await releases.sweep()
    assert scenario.conversations.left == [(workflow, ann)]
