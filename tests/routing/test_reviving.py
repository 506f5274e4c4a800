"""Conversations that people see open and whose workflow is gone."""

from uuid import uuid4

from tests.routing.desk import Desk


async def test_a_workflow_that_is_gone_is_started_to_look_what_stands(desk: Desk) -> None:
    conversation = await desk.waits(1)
    await desk.router.reviving.revive(conversation)
    assert desk.conversations.looked == [await desk.workflow(conversation)]


async def test_where_nobody_knows_the_conversation_nothing_is_started(desk: Desk) -> None:
    await desk.router.reviving.revive(uuid4())
    assert desk.conversations.looked == []


async def test_what_cannot_be_started_now_is_left_to_the_watches(desk: Desk) -> None:
    conversation = await desk.waits(1)
    desk.conversations.is_away = True
    await desk.router.reviving.revive(conversation)
    assert desk.conversations.looked == []
