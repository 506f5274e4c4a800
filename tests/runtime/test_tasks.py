"""A task that fails is restarted, and does not stop the others."""

import asyncio
from contextlib import suppress

import pytest
from psycopg import OperationalError
from sqlalchemy import exc
from structlog.testing import capture_logs
from temporalio.service import RPCError, RPCStatusCode

from runtime.tasks import end, running, together


def away(status: RPCStatusCode) -> RPCError:
    """Return an error of Temporal."""
    return RPCError("", status, b"")


async def test_a_task_that_fails_is_started_again_and_its_words_are_not_logged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("runtime.tasks.SHORTEST_PAUSE_SECONDS", 0.01)
    starts, went_on = [0], asyncio.Event()

    async def fails_twice() -> None:
        starts[0] += 1
        if starts[0] > 2:
            went_on.set()
            await asyncio.sleep(60)
        raise ExceptionGroup("of +15550123", [KeyError("+15550123")])

    with capture_logs() as logs:
        async with running(router=fails_twice):
            await asyncio.wait_for(went_on.wait(), 60)
    # Others of this process may log meanwhile.
    told = [(one["event"], one["error"]) for one in logs if one.get("task") == "router"]
    assert [kind.partition(" at ")[0] for _, kind in told] == ["KeyError", "KeyError"]
    assert {event for event, _ in told} == {"task_failed"}
    assert "5550123" not in str(logs)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (exc.TimeoutError("no connection became free"), ("task_interrupted", "warning")),
        (OperationalError("the server closed the connection"), ("task_interrupted", "warning")),
        (away(RPCStatusCode.UNAVAILABLE), ("task_interrupted", "warning")),
        (away(RPCStatusCode.PERMISSION_DENIED), ("task_failed", "error")),
        (ValueError(), ("task_failed", "error")),
    ],
)
async def test_a_server_that_does_not_answer_is_no_fault_of_a_task(
    error: Exception, told: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.tasks.SHORTEST_PAUSE_SECONDS", 0.01)
    went_on = asyncio.Event()

    async def fails_once() -> None:
        if not went_on.is_set():
            went_on.set()
            raise error
        await asyncio.sleep(60)

    with capture_logs() as logs:
        async with running(schedules=fails_once):
            await asyncio.wait_for(went_on.wait(), 60)
    found = [(one["event"], one["log_level"]) for one in logs if one.get("task") == "schedules"]
    assert found == [told]


async def test_a_task_that_ends_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.tasks.SHORTEST_PAUSE_SECONDS", 0.01)
    starts, went_on = [0], asyncio.Event()

    async def ends() -> None:
        starts[0] += 1
        if starts[0] == 2:
            went_on.set()

    async with running(sweeper=ends):
        await asyncio.wait_for(went_on.wait(), 60)


async def nothing() -> None:
    """Do nothing."""


def test_two_parts_of_a_process_never_give_one_name_to_two_tasks() -> None:
    parts = {"router": nothing}, {"sweeper": nothing}
    assert [*together(*parts)] == ["router", "sweeper"]
    with pytest.raises(ValueError, match="named sweeper"):
        together(*parts, {"sweeper": nothing, "vitals": nothing})


async def test_a_task_that_lost_its_cancellation_ends_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("runtime.tasks.CANCELLED_AGAIN_SECONDS", 0.05)

    async def loses_one() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        await asyncio.sleep(60)

    task = asyncio.create_task(loses_one())
    await asyncio.sleep(0)
    await end(task)
    assert task.cancelled()
