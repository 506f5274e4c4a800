"""`switchboard reconcile` on an installation that is at work, against the real servers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from database.tables import Conversation
from runtime.tasks import running
from temporal.conversations import ConversationClient
from tests.cli.test_doctor import Command, api_url, beating, command, said
from tests.fixtures.brand import new_thread
from tests.fixtures.centre import Centre, eventually

__all__ = ["api_url", "beating", "command"]

AGREE = (0, "Rows and workflows agree.\n")


@asynccontextmanager
async def moving_on(centre: Centre, since: int) -> AsyncIterator[None]:
    """Have a conversation differ from its workflow by another step at each look."""

    async def move() -> None:
        sequence = since
        while True:
            sequence += 1
            async with centre.sessions.begin() as session:
                await session.execute(update(Conversation).values(sequence=sequence))
            await asyncio.sleep(0.1)

    async with running(moving=move):
        yield


async def test_a_conversation_that_moves_on_at_each_look_is_not_told_as_different(
    centre: Centre, command: Command
) -> None:
    await centre.text("hello")
    row = await centre.when("waiting")
    async with moving_on(centre, row.sequence):
        assert await said(command, "reconcile") == AGREE
        assert await said(command, "reconcile", "--repair") == AGREE
    code, output = await said(command, "reconcile")
    assert (code, f"and its workflow at {row.sequence}" in output) == (1, True)


async def test_what_temporals_list_does_not_show_yet_is_not_told_as_missing(
    centre: Centre, command: Command
) -> None:
    for number in range(5):
        texting = centre.on(await new_thread(centre.sessions, centre.brand, f"+1555013{number:04}"))
        await texting.text("hello")
        await texting.when("waiting")
        assert await said(command, "reconcile") == AGREE


async def test_a_completed_workflow_that_temporals_list_still_shows_is_told_by_no_command(
    centre: Centre, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow, hour_ago = centre.thread.workflow_id, datetime.now(UTC) - timedelta(hours=1)
    await centre.text("STOP", keyword="stop")
    await centre.when("closed")

    async def is_complete() -> bool:
        return not await centre.conversations.is_running(workflow)

    await eventually(is_complete)
    async with centre.sessions.begin() as session:
        await session.execute(update(Conversation).values(closed_at=hour_ago))
    told = ConversationClient.running

    async def late(conversations: ConversationClient) -> dict[str, datetime]:
        return await told(conversations) | {workflow: hour_ago}

    monkeypatch.setattr(ConversationClient, "running", late)
    assert await said(command, "reconcile") == AGREE
    assert await said(command, "stuck") == (0, "Nothing stands still.\n")
