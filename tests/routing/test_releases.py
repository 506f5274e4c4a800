"""Conversations of agents who do not come back."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.people.roles import AgentState
from routing.releases import Releases
from tests.routing.desk import Desk


@pytest.fixture
def releases(desk: Desk) -> Releases:
    return Releases(desk.sessions, desk.conversations, desk.router.reviving)


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
    desk: Desk, releases: Releases, state: AgentState, gone_for: int, is_released: bool
) -> None:
    ann = desk.brand.ann.agent_id
    await desk.settings(release_after_seconds=60)
    await desk.acknowledge(await desk.waits(1), ann)
    await desk.waits(2)
    await desk.agent(ann, state=state.value, state_since=ago(gone_for))
    await releases.sweep()
    assert [agent_id for _, agent_id in desk.conversations.left] == [ann] * is_released


async def test_an_account_without_grace_releases_nothing(desk: Desk, releases: Releases) -> None:
    ann = desk.brand.ann.agent_id
    await desk.acknowledge(await desk.waits(1), ann)
    await desk.agent(ann, state_since=ago(999_999))
    await releases.sweep()
    assert desk.conversations.left == []


async def test_a_held_conversation_whose_workflow_is_gone_hears_of_it_once_it_runs_again(
    desk: Desk, releases: Releases
) -> None:
    ann = desk.brand.ann.agent_id
    conversation = await desk.waits(1)
    workflow = await desk.workflow(conversation)
    await desk.settings(release_after_seconds=0)
    await desk.acknowledge(conversation, ann)
    await desk.agent(ann, state_since=ago(1))
    desk.conversations.gone = {workflow}
    await releases.sweep()
    assert (desk.conversations.looked, desk.conversations.left) == ([workflow], [])
    await releases.sweep()
    assert desk.conversations.left == [(workflow, ann)]
