"""Versions of workers: the first works at once, a bad one is left, idle conversations follow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

import pytest
from temporalio import workflow

from cli import replay as replay_command
from runtime.tasks import running
from temporal.clock import NOBODYS_QUEUE
from temporal.versions import Run, Versions, VersionUnknown
from tests.fixtures.brand import new_thread
from tests.fixtures.centre import Centre, eventually, working
from tests.upgrades.conftest import Command, makes_current
from workers import temporal_workers
from workers.versions import VersionWatch
from workflows.conversation.messages import WORKFLOW, ConversationEnded, ConversationStart
from workflows.conversation.workflow import ConversationWorkflow

CRASH = "crash"


@workflow.defn(name=WORKFLOW)
class Broken(ConversationWorkflow):
    """A version with a bug: a certain text makes its task fail, again and again."""

    @workflow.init
    def __init__(self, start: ConversationStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: ConversationStart) -> ConversationEnded:
        return await super().run(start)

    async def _work_off(self) -> None:
        if any(getattr(entry, "text", "") == CRASH for entry in self._mailbox.waiting):
            raise RuntimeError("a bug")
        await super()._work_off()


@workflow.defn(name=WORKFLOW)
class Otherwise(ConversationWorkflow):
    """A version that decides in another order than histories say."""

    @workflow.init
    def __init__(self, start: ConversationStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: ConversationStart) -> ConversationEnded:
        workflow.upsert_memo({"decides": "otherwise"})
        return await super().run(start)


@asynccontextmanager
async def version(
    centre: Centre, build_id: str, kind: type[ConversationWorkflow] = ConversationWorkflow
) -> AsyncIterator[None]:
    """Let workers of a version work for the length of a block."""
    temporal = centre.settings.temporal.model_copy(update={"worker_build_id": build_id})
    settings = centre.settings.model_copy(update={"temporal": temporal})
    with pytest.MonkeyPatch.context() as patched:
        others = temporal_workers.WORKFLOWS[1:]
        patched.setattr(temporal_workers, "WORKFLOWS", (kind, *others))
        at_work = working(replace(centre, settings=settings))
        await at_work.__aenter__()
    try:
        yield
    finally:
        await at_work.__aexit__(None, None, None)


async def rolls_over(command: Command, *words: str) -> str:
    """Roll over until nothing is left: on a busy machine it has to be repeated, as it says.

    Returns what all runs wrote.
    """
    code, told = 1, ""
    while code == 1:
        code, output = await command("roll-over", *words)
        told += output
    assert code == 0, told
    return told


async def another(centre: Centre, number: str) -> Centre:
    return centre.on(await new_thread(centre.sessions, centre.brand, number))


async def stands_on(centre: Centre, build_id: str) -> None:
    async def is_there() -> bool:
        runs = await Versions(centre.client).running_on(build_id)
        return centre.thread.workflow_id in {one.workflow_id for one in runs}

    await eventually(is_there)


async def heard(centre: Centre, text: str) -> None:
    async def is_there() -> bool:
        return ("consumer", text) in await centre.spoken()

    await eventually(is_there)


@pytest.mark.timeout(400)
async def test_a_bad_version_is_left_and_idle_conversations_follow_to_the_next(
    idle_centre: Centre, command: Command
) -> None:
    first, versions = idle_centre, Versions(idle_centre.client)
    stuck, idle = await another(first, "+15550124"), await another(first, "+15550125")
    code, output = await command("roll-over", "--from", "one")
    assert (code, output.startswith("No version is current")) == (2, True)
    with pytest.raises(VersionUnknown):
        await versions.make_current("one")
    async with version(first, "one"):
        async with running(version=VersionWatch(versions, "one").run):
            await first.text("hello")  # the first version is made current by itself
            await first.when("waiting")
        async with version(first, "broken", Broken):
            await makes_current(command, "broken")
            await stuck.text("hello")
            await stuck.when("waiting")
            await stands_on(stuck, "broken")
            await stuck.text(CRASH)
            await eventually(partial(is_stuck, stuck))
            code, output = await command("stuck")
            assert code == 1
            assert stuck.thread.workflow_id in output
            assert "roll-over --from broken --stuck" in output
        await makes_current(command, "one")
        output = await rolls_over(command, "--from", "broken", "--stuck")
        assert "Nothing runs on broken any more" in output
        await heard(stuck, CRASH)
        await versions.free(Run(stuck.thread.workflow_id, WORKFLOW))  # and is stopped
        await eventually(versions.freed)
        again = await command("roll-over", "--from", "broken", "--stuck")
        assert again == (0, output.splitlines()[-1] + "\n")

        async def is_pinned() -> bool:
            return not await versions.freed()

        await eventually(is_pinned)
        await idle.text("hello")
        await idle.when("waiting")
        for centre in (first, stuck, idle):
            await stands_on(centre, "one")
        async with version(first, "two"):
            await makes_current(command, "two")
            output = await rolls_over(command, "--from", "one")
            assert await command("roll-over", "--from", "one") == (
                0,
                output.splitlines()[-1] + "\n",
            )
            for centre in (first, stuck, idle):
                await stands_on(centre, "two")
            code, output = await command("roll-over", "--from", "9.9.9")
            assert (code, output) == (
                2,
                "No worker has said that it is 9.9.9. Temporal knows two, broken, one.\n",
            )
            await replays(first, command)
            code, output = await command("roll-over", "--from", "two")
            assert (code, output) == (
                2,
                "two is current: make another version current first.\n",
            )


async def replays(centre: Centre, command: Command) -> None:
    """The gate before a deploy lets this code pass, and names what another could not go on with."""
    await centre.client.start_workflow("Clock", id="doctor/now", task_queue=NOBODYS_QUEUE)
    code, output = await command("replay")
    assert (code, output) == (0, "3 of 3 replay.\n")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(replay_command, "OURS", (Otherwise,))
        code, output = await command("replay", "--limit", "2")
    assert code == 1
    assert output.count("this code decides otherwise") == 2
    assert output.endswith("0 of 2 replay.\n")
    code, output = await command("replay", "--query", 'WorkflowId = "nobody"')
    assert (code, "Nothing was replayed" in output) == (2, True)
    code, output = await command("replay", "--query", "nonsense")
    assert (code, "Temporal refuses the query" in output) == (2, True), output


async def is_stuck(centre: Centre) -> bool:
    found = centre.thread.workflow_id in await centre.conversations.stuck()
    await asyncio.sleep(0 if found else 0.2)
    return found
