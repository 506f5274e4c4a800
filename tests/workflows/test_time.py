"""Deadlines are exact, durable, and cost one timer at most: on a server whose clock we move."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from temporalio.api.enums.v1 import EventType
from temporalio.testing import WorkflowEnvironment

from database.tables import Account, AutomaticMessage, WorkingPeriod
from domain.automatic.catalogue import TIMED
from temporal.conversations import ConversationClient
from tests.fixtures.centre import Centre, encrypted, eventually, working
from workflows.conversation.commands import Close, Reply, ScheduleText, Snooze, TransferToAgent


@pytest.fixture
async def clock_floor(
    idle_centre: Centre, temporal_clock: WorkflowEnvironment, task_queue: str
) -> AsyncIterator[Centre]:
    """The centre on a server whose time moves on request."""
    conversations = ConversationClient(encrypted(temporal_clock.client), task_queue)
    centre = replace(idle_centre, conversations=conversations)
    async with working(centre):
        yield centre


async def pass_time(centre: Centre, environment: WorkflowEnvironment, delta: timedelta) -> None:
    handle = centre.client.get_workflow_handle(centre.thread.workflow_id)
    await environment.fast_forward(handle, delta)


async def with_ann(centre: Centre, *, texts: bool = True) -> None:
    if texts:
        await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await centre.give(Reply(key="1", actor=centre.brand.ann, text="Hi"))


async def without_timed_texts(centre: Centre) -> None:
    """Leave only the auto-close pending."""
    off = {"account_id": centre.brand.account_id, "language": "en", "text": "-", "enabled": False}
    async with centre.sessions.begin() as session:
        session.add_all(AutomaticMessage(event=event.value, **off) for event in TIMED)


async def test_a_silent_consumer_is_closed_upon_after_90_days_and_not_a_day_earlier(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre = clock_floor
    await with_ann(centre)
    await pass_time(centre, temporal_clock, timedelta(days=89))
    assert (await centre.conversation()).status == "assigned"
    await pass_time(centre, temporal_clock, timedelta(days=1, seconds=5))
    row = await centre.when("closed")
    assert (row.close_reason, row.survey_outcome) == ("auto_close", None)
    assert row.auto_close_at is None


async def test_a_snoozed_conversation_comes_back_at_its_time(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre = clock_floor
    await with_ann(centre)
    until = datetime.now(UTC) + timedelta(days=3)
    await centre.give(Snooze(key="2", actor=centre.brand.ann, until=until))
    assert (await centre.conversation()).snoozed_until == until
    await pass_time(centre, temporal_clock, timedelta(days=2, hours=23))
    assert (await centre.conversation()).snoozed_at

    await pass_time(centre, temporal_clock, timedelta(hours=1, seconds=5))

    async def awake() -> bool:
        return (await centre.conversation()).snoozed_at is None

    await eventually(awake)
    ends = [one.at for one in await centre.events() if one.kind == "snooze_ended"]
    assert len(ends) == 1
    assert ends[0] >= until


async def test_messages_move_the_deadline_without_touching_the_timer(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre = clock_floor
    await without_timed_texts(centre)
    await with_ann(centre)
    for number in range(3):
        await pass_time(centre, temporal_clock, timedelta(days=10))
        await centre.give(Reply(key=f"more {number}", actor=centre.brand.ann, text="Still there?"))
    history = await centre.client.get_workflow_handle(centre.thread.workflow_id).fetch_history()
    kinds = [event.event_type for event in history.events]
    assert kinds.count(EventType.EVENT_TYPE_TIMER_STARTED) == 1
    await pass_time(centre, temporal_clock, timedelta(days=89))
    assert (await centre.conversation()).status == "assigned"
    await pass_time(centre, temporal_clock, timedelta(days=1, seconds=5))
    await centre.when("closed")


async def test_the_question_is_withdrawn_after_an_hour(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre = clock_floor
    await with_ann(centre)
    await centre.give(Close(key="2", actor=centre.brand.ann))
    await centre.when("survey")
    await pass_time(centre, temporal_clock, timedelta(hours=1, seconds=5))
    assert (await centre.when("closed")).survey_outcome == "ignored"


async def test_working_hours_are_read_again_before_they_run_out(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre = clock_floor
    async with centre.sessions.begin() as session:
        session.add_all(
            WorkingPeriod(
                account_id=centre.brand.account_id,
                weekday=day,
                opens_minute=480,
                closes_minute=1080,
            )
            for day in range(7)
        )
    await with_ann(centre)
    handle = centre.client.get_workflow_handle(centre.thread.workflow_id)

    async def known_until() -> datetime:
        hours = (await handle.query("state"))["policy"]["hours"]
        return datetime.fromisoformat(hours["known_until"])

    before = await known_until()
    await pass_time(centre, temporal_clock, before - timedelta(hours=20) - datetime.now(UTC))
    assert await known_until() > before + timedelta(days=50)


async def test_a_transfer_nobody_takes_goes_to_the_skill_after_two_hours(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre = clock_floor
    await with_ann(centre)
    ben = centre.brand.ben
    transfer = TransferToAgent(
        key="2", actor=centre.brand.ann, agent_id=ben.agent_id, agent_name="Ben"
    )
    await centre.give(transfer)
    row = await centre.when("waiting")
    assert await centre.ticket(row.id) == 2
    await pass_time(centre, temporal_clock, timedelta(hours=2, seconds=5))

    async def waits_anew() -> bool:
        return await centre.ticket(row.id) == 3

    await eventually(waits_anew)


async def test_a_scheduled_text_waits_for_the_end_of_quiet_hours_and_is_checked_again(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre = clock_floor
    await scheduled_for_two_at_night(centre, temporal_clock, "Good news")
    (held,) = await eventually(lambda: held_texts(centre))
    assert "quiet hours" in held["hold"]["why"]
    await settings(centre, texts_from=time(10))
    await pass_time(centre, temporal_clock, timedelta(hours=6, minutes=30))
    (held_again,) = await eventually(lambda: held_texts(centre))
    first, second = (datetime.fromisoformat(one["hold"]["until"]) for one in (held, held_again))
    assert second - first == timedelta(hours=2)
    await pass_time(centre, temporal_clock, timedelta(hours=2))

    async def is_sent() -> bool:
        row = await centre.conversation()
        return not row.scheduled and row.last_text == "Good news"

    assert await eventually(is_sent)


async def test_quiet_hours_hold_every_text_that_is_due_at_the_same_time(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre, texts = clock_floor, ("Good news", "More news", "And more")
    await scheduled_for_two_at_night(centre, temporal_clock, *texts)
    held = await eventually(lambda: held_texts(centre))
    assert tuple(one["text"] for one in held if one["hold"]) == texts


async def scheduled_for_two_at_night(
    centre: Centre, temporal_clock: WorkflowEnvironment, *texts: str
) -> None:
    """Schedule an agent's texts for two at night, and let it be two."""
    await without_timed_texts(centre)
    await with_ann(centre)
    handle = centre.client.get_workflow_handle(centre.thread.workflow_id)
    now = await temporal_clock.get_current_time(handle)
    # A number without a place has the account's zone, where it is eight in the evening now.
    zone = f"Etc/GMT{(now.hour - 20 + 12) % 24 - 12:+}"
    await settings(centre, holds_quiet_hours=True, time_zone=zone)
    for words in texts:
        at_two = now + timedelta(hours=6)
        await centre.give(ScheduleText(key=words, actor=centre.brand.ann, text=words, at=at_two))
    await pass_time(centre, temporal_clock, timedelta(hours=6, seconds=5))


async def settings(centre: Centre, **changed: object) -> None:
    async with centre.sessions.begin() as session:
        whose = Account.id == centre.brand.account_id
        await session.execute(update(Account).where(whose).values(changed))


async def held_texts(centre: Centre) -> list[dict[str, Any]]:
    row = await centre.conversation()
    return row.scheduled if row.scheduled and row.scheduled[0]["hold"] else []
