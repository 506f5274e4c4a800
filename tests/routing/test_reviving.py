"""Conversations that are recorded as open although their workflow is gone."""

from uuid import uuid4

from tests.routing.scenario import Scenario


async def test_a_workflow_that_is_gone_is_started_to_look_what_stands(scenario: Scenario) -> None:
    conversation = await scenario.waits(1)
    await scenario.router.reviving.revive(conversation)
    assert scenario.conversations.looked == [await scenario.workflow(conversation)]


async def test_an_unknown_conversation_starts_nothing(scenario: Scenario) -> None:
    await scenario.router.reviving.revive(uuid4())
    assert scenario.conversations.looked == []


async def test_a_workflow_that_cannot_be_started_now_is_left_to_the_watches(
    scenario: Scenario,
) -> None:
    conversation = await scenario.waits(1)
    scenario.conversations.is_away = True
    await scenario.router.reviving.revive(conversation)
    assert scenario.conversations.looked == []
