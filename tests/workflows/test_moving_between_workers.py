"""Conversations that no worker remembers: each task replays the history from its beginning.

A worker that meets a conversation for the first time, after a deploy or because its memory is full,
may get in one go what others get bit by bit: Temporal's SDK joins a task without commands with the
next one, and does so differently when it replays. All must decide the same in the same order.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.fixtures.centre import PATIENCE_SECONDS, Centre, eventually, working
from workflows.conversation.commands import Close, Command, Reply
from workflows.conversation.messages import Actor

SLOW_SECONDS = 1.0
"""What the provider takes for a text: enough for a signal to come meanwhile."""

COMMANDS: list[Callable[[Actor], Command]] = [
    lambda ann: Reply(key="k", actor=ann, text="It comes on Monday."),
    lambda ann: Close(key="k", actor=ann),
]


@pytest.fixture
def forgetful(idle_centre: Centre) -> Centre:
    """The centre whose workers remember no conversation."""
    temporal = idle_centre.settings.temporal.model_copy(update={"worker_cached_conversations": 0})
    settings = idle_centre.settings.model_copy(update={"temporal": temporal})
    return replace(idle_centre, settings=settings)


@pytest.mark.parametrize("command", COMMANDS, ids=["reply", "close"])
async def test_a_conversation_goes_on_after_a_command_to_a_worker_that_never_saw_it(
    forgetful: Centre, command: Callable[[Actor], Command]
) -> None:
    ann = forgetful.brand.ann
    # The provider is waited for: what became of a text is known in the end, on any machine.
    async with working(forgetful, call_seconds=PATIENCE_SECONDS):
        first = await forgetful.text("hello")
        await forgetful.assign(ann.agent_id, "Ann")
        await at_rest(forgetful)
        await forgetful.fault("slow_answer", seconds=SLOW_SECONDS)
        await forgetful.give(Reply(key="first", actor=ann, text="Good morning!"))
        # A text that came before, and then the end of the send: two tasks without commands.
        await forgetful.text("hello", message_id=first)
        await at_rest(forgetful)
        await forgetful.give(command(ann))
        await at_rest(forgetful)
        await forgetful.text("Where is my tent?")
        await taken(forgetful, "Where is my tent?")
        assert (await forgetful.spoken()).count(("agent", "Good morning!")) == 1


async def at_rest(centre: Centre) -> None:
    """Wait until everything is on the phone and no task waits, not even one that failed."""

    async def is_at_rest() -> bool:
        ours = [one for one in await centre.transcript() if one.author != "consumer"]
        handle = centre.client.get_workflow_handle(centre.thread.workflow_id)
        raw = (await handle.describe()).raw_description
        is_busy = raw.HasField("pending_workflow_task") or raw.pending_activities
        return all(one.provider_message_id for one in ours) and not is_busy

    await eventually(is_at_rest)


async def taken(centre: Centre, text: str) -> None:
    async def is_there() -> bool:
        return ("consumer", text) in await centre.spoken()

    await eventually(is_there)
