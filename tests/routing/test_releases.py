"""Conversations of agents who do not come back within their grace."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from activities.maintenance import tidy
from database.queries.tellings import FIRST_PAUSE, LONGEST_PAUSE
from database.tables import Telling
from domain.people.roles import AgentState
from routing import releases as module
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
    await scenario.later(FIRST_PAUSE)
    await releases.sweep()
    assert scenario.conversations.left == [(workflow, ann)]


async def held_by_the_gone(scenario: Scenario, number: int = 1) -> tuple[UUID, str]:
    """Leave a conversation with an agent whose grace is over; returns its id and its workflow's."""
    ann = scenario.brand.ann.agent_id
    conversation = await scenario.waits(number)
    await scenario.settings(release_after_seconds=60)
    await scenario.acknowledge(conversation, ann)
    await scenario.agent(ann, state_since=ago(120))
    return conversation, await scenario.workflow(conversation)


async def test_of_all_workers_one_tells_a_conversation_that_its_agent_is_gone(
    scenario: Scenario, releases: Releases
) -> None:
    await held_by_the_gone(scenario)
    await asyncio.gather(*(releases.sweep() for _ in range(5)))
    assert len(scenario.conversations.left) == 1


async def test_a_conversation_that_does_nothing_is_told_again_after_growing_pauses(
    scenario: Scenario, releases: Releases
) -> None:
    await held_by_the_gone(scenario)
    told = []
    for _ in range(5):
        await releases.sweep()
        told.append(len(scenario.conversations.left))
        await scenario.later(FIRST_PAUSE)
    assert told == [1, 2, 2, 3, 3]
    for _ in range(12):
        await scenario.later(LONGEST_PAUSE)
        await releases.sweep()
    assert len(scenario.conversations.left) == 3 + 12, "the pauses have an end"


async def test_a_conversation_that_went_on_is_told_again_at_once(
    scenario: Scenario, releases: Releases
) -> None:
    conversation, _ = await held_by_the_gone(scenario)
    await releases.sweep()
    await scenario.row(conversation, sequence=2)
    await releases.sweep()
    assert len(scenario.conversations.left) == 2


async def test_conversations_that_do_nothing_keep_no_other_from_being_told(
    scenario: Scenario, releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TOLD_AT_ONCE", 2)
    workflows = {(await held_by_the_gone(scenario, number))[1] for number in range(1, 4)}
    for _ in range(2):
        await releases.sweep()
    assert {workflow for workflow, _ in scenario.conversations.left} == workflows


async def test_a_conversation_that_could_not_be_told_is_told_soon_after(
    scenario: Scenario, releases: Releases
) -> None:
    _, workflow = await held_by_the_gone(scenario)
    scenario.conversations.is_away = True
    for _ in range(5):
        await releases.sweep()
        await scenario.later(FIRST_PAUSE)
    scenario.conversations.is_away = False
    await releases.sweep()
    assert scenario.conversations.left == [(workflow, scenario.brand.ann.agent_id)]


async def test_what_was_told_long_ago_is_forgotten(scenario: Scenario, releases: Releases) -> None:
    await held_by_the_gone(scenario)
    await releases.sweep()
    await tidy(scenario.sessions)
    async with scenario.sessions() as session:
        assert len(list(await session.scalars(select(Telling)))) == 1
    await scenario.later(timedelta(days=3))
    await tidy(scenario.sessions)
    async with scenario.sessions() as session:
        assert list(await session.scalars(select(Telling))) == []
