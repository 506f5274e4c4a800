"""A worker with a version, started by mistake where workers have none."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine

from runtime.tasks import running
from settings import UNVERSIONED
from temporal.clock import temporal_time
from temporal.versions import Versions
from tests.fixtures.centre import Centre, eventually
from tests.upgrades.conftest import Command, makes_current
from tests.upgrades.test_versions import (
    CRASH,
    Broken,
    another,
    heard,
    is_stuck,
    rolls_over,
    stands_on,
    version,
)
from workers.versions import VersionWatch
from workflows.conversation.messages import CONVERSATIONS_QUEUE


@pytest.fixture
def task_queue() -> str:
    """The queue that the commands ask who works on: nobody else does on this server."""
    return CONVERSATIONS_QUEUE


@pytest.mark.timeout(400)
async def test_a_stray_version_takes_nothing_over_and_what_was_given_to_it_is_taken_back(
    idle_centre: Centre, command: Command, capfd: pytest.CaptureFixture[str]
) -> None:
    first, versions = idle_centre, Versions(idle_centre.client)
    second, third = await another(first, "+15550124"), await another(first, "+15550125")
    code, output = await command("make-current", UNVERSIONED)
    assert (code, output) == (2, "No worker without a version runs: start one first.\n")
    async with version(first, UNVERSIONED):
        await first.text("hello")
        await first.when("waiting")
        async with version(first, "stray", Broken):
            async with running(version=VersionWatch(versions, "stray").run):
                await eventually(_is_told(capfd))
            assert await versions.current() is None
            await makes_current(command, "stray")
            await second.text("hello")
            await second.when("waiting")
            await stands_on(second, "stray")
            await second.text(CRASH)
            await eventually(partial(is_stuck, second))
        code, output = await command("make-current", UNVERSIONED)
        assert (code, "switchboard roll-over --from stray --stuck" in output) == (0, True), output
        code, output = await command("stuck")
        assert "→ switchboard roll-over --from stray --stuck" in output
        await third.text("hello")
        await third.when("waiting")
        while True:
            code, output = await command("roll-over", "--from", "stray", "--stuck")
            if code == 0:
                break
            assert code == 1, output
        await heard(second, CRASH)


def _is_told(capfd: pytest.CaptureFixture[str]) -> Callable[[], Awaitable[bool]]:
    async def is_told() -> bool:
        return "version_not_current" in capfd.readouterr().out

    return is_told


@pytest.mark.timeout(200)
async def test_who_works_is_known_on_a_machine_whose_clock_is_five_minutes_ahead(
    idle_centre: Centre, command: Command
) -> None:
    first, versions = idle_centre, Versions(idle_centre.client)
    async with version(first, UNVERSIONED), version(first, "stray", Broken):

        async def both_work() -> bool:
            return set(await versions.at_work()) == {None, "stray"}

        await eventually(both_work)
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5)):
            assert await both_work()
            await VersionWatch(versions, "stray").look(0)
            assert await versions.current() is None
            code, output = await command("make-current", UNVERSIONED)
        assert code == 0, output


@pytest.mark.timeout(200)
async def test_what_runs_without_a_version_is_found_and_rolls_over_to_the_first_one(
    idle_centre: Centre, command: Command
) -> None:
    first, versions = idle_centre, Versions(idle_centre.client)
    before = await temporal_time(first.client)
    async with version(first, UNVERSIONED):
        await first.text("hello")
        await first.when("waiting")
        code, output = await command("roll-over", "--from", UNVERSIONED)
        assert (code, output) == (
            2,
            "unversioned is current: make another version current first.\n",
        )

    async def is_listed() -> bool:
        return bool(await versions.running_on(None))

    await eventually(is_listed)
    assert not await versions.running_on(None, begun_before=before), "newer ones have no end"
    async with version(first, "one"):
        await makes_current(command, "one")
        output = await rolls_over(command, "--from", UNVERSIONED)
        assert output.endswith(
            "Nothing runs without a version any more: workers without one can be stopped.\n"
        )
        assert "of 1 have rolled over" in output
        await stands_on(first, "one")
