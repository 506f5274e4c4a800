"""Deadlines are exact, durable, and cost one timer at most: on a server whose clock we move."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.testing import WorkflowEnvironment

from database.tables import AutomaticMessage, WorkingPeriod
from domain.automatic.catalogue import TIMED
from temporal.conversations import ConversationClient
from tests.fixtures.floor import Floor, encrypted, eventually, working
from workflows.conversation.messages import Close, Reply, TransferToAgent


@pytest.fixture
async def clock_floor(
    idle_floor: Floor, temporal_clock: WorkflowEnvironment, task_queue: str
) -> AsyncIterator[Floor]:
    """The floor on a server whose time moves on request."""
    conversations = ConversationClient(encrypted(temporal_clock.client), task_queue)
    floor = replace(idle_floor, conversations=conversations)
    async with working(floor):
        yield floor


async def pass_time(floor: Floor, environment: WorkflowEnvironment, delta: timedelta) -> None:
    handle = floor.client.get_workflow_handle(floor.thread.workflow_id)
    await environment.fast_forward(handle, delta)


async def with_ann(floor: Floor, *, texts: bool = True) -> None:
    if texts:
        await floor.text("hello")
    await floor.assign(floor.brand.ann.agent_id, "Ann")
    await floor.give(Reply(key="1", actor=floor.brand.ann, text="Hi"))


async def without_timed_texts(floor: Floor) -> None:
    """Let nothing but the auto-close wait."""
    off = {"account_id": floor.brand.account_id, "language": "en", "text": "-", "enabled": False}
    async with floor.sessions.begin() as session:
        session.add_all(AutomaticMessage(event=event.value, **off) for event in TIMED)


async def test_a_silent_consumer_is_closed_upon_after_90_days_and_not_a_day_earlier(
    clock_floor: Floor, temporal_clock: WorkflowEnvironment
) -> None:
    floor = clock_floor
    await with_ann(floor)
    await pass_time(floor, temporal_clock, timedelta(days=89))
    assert (await floor.conversation()).status == "assigned"
    await pass_time(floor, temporal_clock, timedelta(days=1, seconds=5))
    row = await floor.when("closed")
    assert (row.close_reason, row.survey_outcome) == ("auto_close", None)
    assert row.auto_close_at is None


async def test_messages_move_the_deadline_without_touching_the_timer(
    clock_floor: Floor, temporal_clock: WorkflowEnvironment
) -> None:
    floor = clock_floor
    await without_timed_texts(floor)
    await with_ann(floor)
    for number in range(3):
        await pass_time(floor, temporal_clock, timedelta(days=10))
        await floor.give(Reply(key=f"more {number}", actor=floor.brand.ann, text="Still there?"))
    history = await floor.client.get_workflow_handle(floor.thread.workflow_id).fetch_history()
    kinds = [event.event_type for event in history.events]
    assert kinds.count(EventType.EVENT_TYPE_TIMER_STARTED) == 1
    await pass_time(floor, temporal_clock, timedelta(days=89))
    assert (await floor.conversation()).status == "assigned"
    await pass_time(floor, temporal_clock, timedelta(days=1, seconds=5))
    await floor.when("closed")


async def test_the_question_is_withdrawn_after_an_hour(
    clock_floor: Floor, temporal_clock: WorkflowEnvironment
) -> None:
    floor = clock_floor
    await with_ann(floor)
    await floor.give(Close(key="2", actor=floor.brand.ann))
    await floor.when("survey")
    await pass_time(floor, temporal_clock, timedelta(hours=1, seconds=5))
    assert (await floor.when("closed")).survey_outcome == "ignored"


async def test_working_hours_are_read_anew_before_they_run_out(
    clock_floor: Floor, temporal_clock: WorkflowEnvironment
) -> None:
    floor = clock_floor
    async with floor.sessions.begin() as session:
        session.add_all(
            WorkingPeriod(
                account_id=floor.brand.account_id, weekday=day, opens_minute=480, closes_minute=1080
            )
            for day in range(7)
        )
    await with_ann(floor)
    handle = floor.client.get_workflow_handle(floor.thread.workflow_id)

    async def known_until() -> datetime:
        hours = (await handle.query("state"))["policy"]["hours"]
        return datetime.fromisoformat(hours["known_until"])

    before = await known_until()
    await pass_time(floor, temporal_clock, before - timedelta(hours=20) - datetime.now(UTC))
    assert await known_until() > before + timedelta(days=50)


async def test_a_transfer_nobody_takes_goes_to_the_skill_after_two_hours(
    clock_floor: Floor, temporal_clock: WorkflowEnvironment
) -> None:
    floor = clock_floor
    await with_ann(floor)
    ben = floor.brand.ben
    transfer = TransferToAgent(
        key="2", actor=floor.brand.ann, agent_id=ben.agent_id, agent_name="Ben"
    )
    await floor.give(transfer)
    row = await floor.when("waiting")
    assert await floor.ticket(row.id) == 2
    await pass_time(floor, temporal_clock, timedelta(hours=2, seconds=5))

    async def waits_anew() -> bool:
        return await floor.ticket(row.id) == 3

    await eventually(waits_anew)
