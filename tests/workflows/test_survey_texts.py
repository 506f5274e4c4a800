"""Texts a survey does not use open the next conversation, whatever breaks meanwhile."""

from datetime import UTC, datetime, timedelta
from inspect import isfunction
from types import ModuleType
from uuid import UUID

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from database.queries.system_close import close_by_system
from database.tables import Conversation, Message
from domain.consent import keyword_words, keywords
from domain.survey import reading
from domain.survey.kinds import Meaning
from domain.survey.reading import Reading
from domain.survey.scales import Scale
from domain.text import folding
from languages import recognition
from routing.reviving import Reviving
from routing.watches import Watches
from tests.fixtures.centre import Centre, eventually, fixed_converter
from tests.workflows.test_arranging import HOUR, MINUTE
from tests.workflows.test_time import clock_floor, pass_time
from workflows.conversation.commands import Close
from workflows.conversation.workflow import ConversationWorkflow

__all__ = ["clock_floor"]

UNREAD = "blue"
"""No rating, no thanks, and no plain request either."""


async def asked(centre: Centre) -> Conversation:
    """Return a conversation that Ann closed and whose consumer has the question."""
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await centre.give(Close(key="close", actor=centre.brand.ann))
    return await centre.when("survey")


async def consumer_texts(centre: Centre, conversation: Conversation) -> list[str]:
    rows: list[Message] = await centre.transcript(conversation.id)
    return [row.text for row in rows if row.author == "consumer"]


async def test_three_unread_answers_end_the_survey_and_reach_a_person(centre: Centre) -> None:
    rated = await asked(centre)
    await centre.text(UNREAD)
    await _times_asked(centre, 2)
    await centre.text("navy")
    await _times_asked(centre, 3)
    await centre.text("hm")
    opened = await centre.when("waiting")
    texts = [UNREAD, "navy", "hm"]
    assert await consumer_texts(centre, opened) == texts
    assert await consumer_texts(centre, rated) == ["hello"]
    [before, after] = await centre.all_conversations()
    assert (before.survey_outcome, before.texts_to_carry) == ("unrecognised", 0)
    assert before.message_count == len(await centre.transcript(before.id))
    assert before.last_text == "hello"
    first = (await centre.transcript(after.id))[0]
    assert (after.waiting_since, after.message_count) == (first.written_at, 3)
    said = [row.automatic for row in await centre.transcript() if row.automatic]
    assert said[-1] == "survey_unrecognised"


async def _times_asked(centre: Centre, times: int) -> None:
    async def stands() -> bool:
        row = await centre.when("survey")
        rows = await centre.transcript(row.id)
        return sum(row.automatic in ("survey_question", "survey_retry") for row in rows) == times

    await eventually(stands)
    await centre.when("survey")


async def test_events_lead_from_one_conversation_to_the_other(centre: Centre) -> None:
    rated = await asked(centre)
    await centre.text("5 but where is it?")
    opened = await centre.when("waiting")
    happened = await centre.events()
    (went,) = [event for event in happened if event.kind == "texts_carried_over"]
    assert (went.conversation_id, went.data["count"]) == (rated.id, 1)
    assert went.data["to_conversation_id"] == str(opened.id)
    began = [event for event in happened if event.kind == "conversation_opened"]
    assert began[-1].data["continues"] == str(rated.id)
    [before, _] = await centre.all_conversations()
    assert (before.survey_score, before.survey_outcome) == (5, "completed")


async def test_a_text_that_was_sent_before_the_question_left_is_no_answer(centre: Centre) -> None:
    rated = await asked(centre)
    early = datetime.now(UTC) - timedelta(minutes=1)
    await centre.text("2", received_at=early)
    await centre.text("thanks", received_at=early)
    await centre.text("5")
    opened = await centre.when("waiting")
    [before, _] = await centre.all_conversations()
    assert before.survey_score == 5
    assert await consumer_texts(centre, opened) == ["2"]
    assert await consumer_texts(centre, rated) == ["hello", "thanks", "5"]
    said = [row.automatic for row in await centre.transcript(rated.id)]
    assert "survey_retry" not in said


async def test_when_the_time_is_over_the_next_conversation_opens_by_itself(
    clock_floor: Centre, temporal_clock: WorkflowEnvironment
) -> None:
    centre = clock_floor
    rated = await asked(centre)
    await centre.text(UNREAD)
    await _times_asked(centre, 2)
    await pass_time(centre, temporal_clock, HOUR + MINUTE)
    opened = await centre.when("waiting")
    assert opened.id != rated.id
    assert await consumer_texts(centre, opened) == [UNREAD]


async def ended_by_hand(centre: Centre) -> Conversation:
    """Return a conversation whose workflow is gone, and that the system closed with a text left."""
    rated = await asked(centre)
    await centre.text(UNREAD)
    await _times_asked(centre, 2)
    await centre.client.get_workflow_handle(centre.thread.workflow_id).terminate()
    assert await close_by_system(centre.sessions, rated.id)
    [row] = await centre.all_conversations()
    assert (row.status, row.texts_to_carry) == ("closed", 1)
    return rated


async def test_a_watch_opens_it_where_no_workflow_is_left(centre: Centre) -> None:
    await ended_by_hand(centre)
    reviving = Reviving(centre.sessions, centre.conversations)
    await Watches(centre.sessions, centre.conversations, reviving).sweep()
    opened = await centre.when("waiting")
    assert await consumer_texts(centre, opened) == [UNREAD]


async def test_the_next_text_opens_it_too_and_comes_after(centre: Centre) -> None:
    await ended_by_hand(centre)
    text = await centre.text("hello again")
    opened = await centre.when("waiting")

    async def both() -> bool:
        return await consumer_texts(centre, opened) == [UNREAD, "hello again"]

    await eventually(both)
    ids = [row.id for row in await centre.transcript()]
    assert ids.count(UUID(text)) == 1


async def test_other_words_tomorrow_leave_what_was_read_today(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asked(centre)
    await centre.text("spiffing")
    await _times_asked(centre, 2)
    await centre.text("4")
    await centre.when("closed")
    handle = centre.client.get_workflow_handle(centre.thread.workflow_id)
    history = await handle.fetch_history()

    def another(text: str, scale: Scale) -> Reading:
        return Reading(Meaning.rating, 5)

    monkeypatch.setattr(reading, "read", another)
    monkeypatch.setattr("activities.reading.read", another)
    for module in (folding, keywords, keyword_words, recognition):
        _forget_words(module, monkeypatch)
    replayer = Replayer(workflows=[ConversationWorkflow], data_converter=fixed_converter())
    await replayer.replay_workflow(history)


def _forget_words(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every word, and every way of reading one, out of a module."""
    for name, value in vars(module).copy().items():
        if isfunction(value):
            monkeypatch.setattr(module, name, _unread)
        elif isinstance(value, dict | frozenset) and not name.startswith("__"):
            monkeypatch.setattr(module, name, type(value)())


def _unread(*_: object, **__: object) -> None:
    raise AssertionError("a workflow reads words")


async def test_a_text_that_cannot_be_read_is_no_answer_and_stops_nothing(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(text: str, scale: Scale) -> Reading:
        raise RecursionError

    await asked(centre)
    monkeypatch.setattr("activities.reading.read", breaks)
    await centre.text("5")
    await _times_asked(centre, 2)
    monkeypatch.undo()
    await centre.text("4")
    opened = await centre.when("waiting")
    assert await consumer_texts(centre, opened) == ["5"]
