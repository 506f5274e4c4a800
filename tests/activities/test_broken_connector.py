"""A conversation whose provider refuses the account, over real parts, until it is mended."""

import asyncio
from datetime import UTC, datetime

from database.queries import pauses
from database.tables import ConnectorPause
from tests.activities.test_sending_once import settled
from tests.fixtures.centre import Centre, eventually, working
from workflows.conversation.commands import Reply


async def test_replies_wait_for_a_broken_connector_and_leave_at_once_when_it_is_resumed(
    idle_centre: Centre,
) -> None:
    centre = idle_centre
    connector = f"{centre.brand.account_id}-twilio"

    async def paused() -> ConnectorPause | None:
        async with centre.sessions() as session:
            return await pauses.of_connector(session, connector)

    async with working(centre):
        await centre.text("hello")
        await centre.assign(centre.brand.ann.agent_id, "Ann")
        await settled(centre)
        await centre.fault("suspended")
        for number in range(2):
            reply = Reply(key=f"r{number}", actor=centre.brand.ann, text=f"Answer {number}")
            await centre.give(reply)
        await eventually(paused)
        pause = await paused()
        assert pause
        assert pause.try_at > datetime.now(UTC)
    # The workers are gone, as if they were killed; others take over.
    async with working(centre):
        async with centre.sessions.begin() as session:
            assert await pauses.end(session, connector, datetime.now(UTC))

        async def arrived() -> bool:
            return (await centre.phone())[2:] == ["Answer 0", "Answer 1"]

        async with asyncio.timeout((pause.try_at - datetime.now(UTC)).total_seconds() + 60):
            assert await eventually(arrived)
        assert await paused() is None
