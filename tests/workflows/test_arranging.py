"""Timers, auto-close holds, scheduled texts and the language, on a server whose clock we move."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.testing import WorkflowEnvironment

from domain.errors import ConversationNotAssigned, Invalid, NotFound
from tests.fixtures.centre import Centre, eventually
from tests.workflows.test_time import clock_floor, pass_time, with_ann
from workflows.conversation.commands import (
    CancelScheduledText,
    Close,
    HoldAutoClose,
    OpenByAgent,
    ReturnToQueue,
    ScheduleText,
    SetLanguage,
)
from workflows.conversation.messages import CommandDone

__all__ = ["clock_floor"]

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FIRED = EventType.EVENT_TYPE_TIMER_FIRED
STARTED = EventType.EVENT_TYPE_TIMER_STARTED
CANCELED = EventType.EVENT_TYPE_TIMER_CANCELED


@pytest.fixture(autouse=True)
async def at_most_one_timer(clock_floor: Centre) -> AsyncIterator[None]:
    """Never do two timers run at once, whatever the conversation waits for."""
    yield
    handle = clock_floor.client.get_workflow_handle(clock_floor.thread.workflow_id)
    running = 0
    async for event in handle.fetch_history_events():
        running += (event.event_type == STARTED) - (event.event_type in (FIRED, CANCELED))
        assert running <= 1


async def said(centre: Centre, event: str, times: int) -> None:
    """Wait until the transcript has an automatic message so often, and check the count."""

    async def stands() -> bool:
        return [one for _, one in await centre.spoken()].count(event) >= times

    if times:
        await eventually(stands)
    assert [one for _, one in await centre.spoken()].count(event) == times


async def schedule(centre: Centre, key: str, **span: float) -> CommandDone:
    """Have Ann schedule a text for so long from now, by the conversation's own clock."""
    at = datetime.now(UTC) + timedelta(**span)
    command = ScheduleText(key=key, actor=centre.brand.ann, text=f"As promised: {key}", at=at)
    return await centre.give(command)


async def test_a_waiting_consumer_is_told_after_15_minutes_and_a_silent_one_after_a_day(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre = clock_floor
    await centre.text("hello")
    await centre.when("waiting")
    await pass_time(centre, temporal_clock, 14 * MINUTE)
    await said(centre, "waiting_in_queue", 0)
    await pass_time(centre, temporal_clock, MINUTE)
    await said(centre, "waiting_in_queue", 1)
    await with_ann(centre, texts=False)
    await pass_time(centre, temporal_clock, DAY + MINUTE)
    await said(centre, "consumer_silent", 1)
    assert (await centre.conversation()).pending_side == "consumer"


async def test_a_held_conversation_stays_open_and_closes_once_it_is_resumed(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre = clock_floor
    await with_ann(centre)
    await centre.give(HoldAutoClose(key="hold", actor=centre.brand.ann))
    row = await centre.conversation()
    assert (row.is_auto_close_held, row.auto_close_at) == (True, None)
    await pass_time(centre, temporal_clock, 100 * DAY)
    assert (await centre.conversation()).status == "assigned"
    with pytest.raises(ConversationNotAssigned):
        await centre.give(HoldAutoClose(key="no", actor=centre.brand.ben, held=False))
    await centre.give(HoldAutoClose(key="resume", actor=centre.brand.ann, held=False))
    await pass_time(centre, temporal_clock, 90 * DAY + MINUTE)
    assert (await centre.when("closed")).close_reason == "auto_close"


async def test_a_text_leaves_later_as_its_agents_reply_and_reaches_the_phone(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre = clock_floor
    await with_ann(centre)
    done = await schedule(centre, "soon", hours=2)
    again = await schedule(centre, "soon", hours=2)
    assert done == again
    assert len((await centre.conversation()).scheduled) == 1
    await centre.give(ReturnToQueue(key="back", actor=centre.brand.ann))
    await pass_time(centre, temporal_clock, 2 * HOUR + MINUTE)

    async def arrived() -> bool:
        return "As promised: soon" in await centre.phone()

    await eventually(arrived)
    message = (await centre.transcript())[-1]
    assert (str(message.id), message.agent_id) == (done.message_id, centre.brand.ann.agent_id)
    assert (await centre.conversation()).scheduled == []


async def test_a_text_that_was_cancelled_does_not_leave(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre = clock_floor
    await with_ann(centre)
    done = await schedule(centre, "never", hours=1)
    cancel = CancelScheduledText(
        key="cancel", actor=centre.brand.ann, text_id=done.message_id or ""
    )
    assert await centre.give(cancel) == await centre.give(cancel)
    with pytest.raises(NotFound):
        await centre.give(cancel.model_copy(update={"key": "twice"}))
    with pytest.raises(Invalid):
        await schedule(centre, "too late", days=91)
    before = await centre.spoken()
    await pass_time(centre, temporal_clock, 2 * HOUR)
    assert await centre.spoken() == before


async def test_a_new_language_is_spoken_from_there_on(clock_floor: Centre) -> None:
    centre = clock_floor
    await with_ann(centre)
    await centre.give(SetLanguage(key="fr", actor=centre.brand.ann, language="fr"))
    row = await centre.conversation()
    assert row.language == "fr"
    thread = await centre.client.get_workflow_handle(centre.thread.workflow_id).query("state")
    assert (thread["policy"]["language"], thread["conversation"]["language"]) == ("fr", "fr")


async def closed_unrated(centre: Centre, environment: WorkflowEnvironment) -> None:
    """Have Ann close, and wait until the survey has expired."""
    await with_ann(centre)
    await centre.give(Close(key="close", actor=centre.brand.ann))
    await centre.when("survey")
    await pass_time(centre, environment, HOUR + MINUTE)
    assert (await centre.when("closed")).survey_outcome == "ignored"


async def test_a_late_answer_counts_and_ends_the_workflow(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre = clock_floor
    await closed_unrated(centre, temporal_clock)
    await pass_time(centre, temporal_clock, 3 * HOUR)
    await centre.text("5")
    await centre.client.get_workflow_handle(centre.thread.workflow_id).result()
    [row] = await centre.all_conversations()
    assert (row.status, row.survey_score) == ("closed", 5)


async def test_after_the_time_for_late_answers_the_workflow_ends(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre = clock_floor
    await closed_unrated(centre, temporal_clock)
    await pass_time(centre, temporal_clock, DAY + HOUR)
    await centre.client.get_workflow_handle(centre.thread.workflow_id).result()


async def test_a_new_request_in_that_time_opens_the_next_conversation(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre = clock_floor
    await closed_unrated(centre, temporal_clock)
    await centre.text("where is my other parcel?")
    await centre.when("waiting")
    assert [row.status for row in await centre.all_conversations()] == ["closed", "waiting"]


async def test_an_agent_opens_the_next_conversation_in_that_time(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre, brand = clock_floor, clock_floor.brand
    await closed_unrated(centre, temporal_clock)
    again = OpenByAgent(key="again", actor=brand.ann, text="One more", skill_id=brand.support)
    await centre.conversations.open(centre.thread, again)
    assert [row.status for row in await centre.all_conversations()] == ["closed", "assigned"]
