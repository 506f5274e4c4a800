"""The system closes conversations that no workflow will ever close."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from database.engine import Sessions
from database.queries import system_close
from database.queries.journal import NewStep, apply_step
from database.queries.system_close import close_by_system, close_earlier
from database.tables import Conversation, Event, LatestStep, Message, QueueEntry
from domain.conversation.conversation import Conversation as Core
from domain.conversation.kinds import CloseReason, Status
from domain.conversation.state import ConversationState
from domain.delivery.message_status import MessageStatus
from domain.policy.policy import Policy
from tests.database.transcripts import new_conversation, new_message
from tests.fixtures.brand import Brand


async def row_of(sessions: Sessions, conversation: UUID) -> Conversation:
    async with sessions() as session:
        return (
            await session.scalars(select(Conversation).where(Conversation.id == conversation))
        ).one()


async def events(sessions: Sessions) -> list[tuple[str, dict[str, object]]]:
    async with sessions() as session:
        rows = await session.scalars(select(Event).order_by(Event.id))
        return [(row.kind, row.data) for row in rows]


async def core_of(sessions: Sessions, conversation: UUID) -> Core:
    async with sessions() as session:
        query = select(LatestStep).where(LatestStep.conversation_id == conversation)
        step = (await session.scalars(query)).one()
    return Core(ConversationState.model_validate(step.state), Policy.model_validate(step.policy))


async def test_it_closes_without_a_survey_and_notifies_readers(
    session_factory: Sessions, brand: Brand
) -> None:
    conversation = await new_conversation(session_factory, brand)
    async with session_factory.begin() as session:
        row = await session.get_one(Conversation, conversation)
        entry = {"ticket": 1, "account_id": brand.account_id, "skill_id": brand.support}
        session.add(
            QueueEntry(
                conversation_id=conversation,
                workflow_id=row.workflow_id,
                entered_at=row.opened_at,
                **entry,
            )
        )
    assert await close_by_system(session_factory, conversation)
    row = await row_of(session_factory, conversation)
    assert (row.status, row.close_reason) == (Status.closed, CloseReason.system)
    assert row.closed_at is not None
    assert row.survey_outcome is None
    [(kind, data)] = await events(session_factory)
    assert (kind, data["reason"], data["survey"]) == ("conversation_closed", "system", False)
    async with session_factory() as session:
        assert (await session.scalars(select(QueueEntry))).all() == [], "nobody is to be found"


async def test_the_close_is_the_newest_step(session_factory: Sessions, brand: Brand) -> None:
    conversation = await new_conversation(session_factory, brand, Status.assigned)
    await close_by_system(session_factory, conversation)
    core = await core_of(session_factory, conversation)
    row = await row_of(session_factory, conversation)
    assert (core.state.sequence, row.sequence) == (2, 2)
    assert (core.state.status, core.state.closed_at) == (Status.closed, row.closed_at)


async def test_a_rating_under_way_ends_interrupted(session_factory: Sessions, brand: Brand) -> None:
    conversation = await new_conversation(session_factory, brand, Status.survey)
    assert await close_by_system(session_factory, conversation)
    row = await row_of(session_factory, conversation)
    assert (row.status, row.close_reason) == (Status.closed, CloseReason.agent)
    assert row.survey_outcome == "interrupted"
    [(kind, data)] = await events(session_factory)
    assert (kind, data["outcome"]) == ("survey_ended", "interrupted")


@pytest.mark.parametrize(
    ("status", "after", "code"),
    [
        (MessageStatus.queued, MessageStatus.failed, "conversation_ended"),
        (MessageStatus.sending, MessageStatus.sending, None),
        (MessageStatus.delivered, MessageStatus.delivered, None),
    ],
)
async def test_a_text_that_did_not_leave_has_failed(
    session_factory: Sessions,
    brand: Brand,
    status: MessageStatus,
    after: MessageStatus,
    code: str | None,
) -> None:
    message = await new_message(session_factory, brand, status)
    async with session_factory() as session:
        conversation = (await session.get_one(Message, message)).conversation_id
    assert conversation is not None
    await close_by_system(session_factory, conversation)
    async with session_factory() as session:
        row = await session.get_one(Message, message)
    assert (row.status, row.failure_code) == (after, code)
    told = [data["message_id"] for kind, data in await events(session_factory) if "status" in kind]
    assert told == [str(message)] * (code is not None)


async def test_a_second_close_does_nothing(session_factory: Sessions, brand: Brand) -> None:
    conversation = await new_conversation(session_factory, brand)
    assert await close_by_system(session_factory, conversation)
    before = await row_of(session_factory, conversation)
    assert not await close_by_system(session_factory, conversation)
    after = await row_of(session_factory, conversation)
    assert (after.sequence, after.closed_at) == (before.sequence, before.closed_at)
    assert len(await events(session_factory)) == 1


async def test_an_unknown_conversation_is_not_closed(session_factory: Sessions) -> None:
    assert not await close_by_system(session_factory, uuid4())


async def test_a_step_written_meanwhile_wins(
    session_factory: Sessions, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await new_message(session_factory, brand)
    async with session_factory() as session:
        conversation = (await session.get_one(Message, message)).conversation_id
    assert conversation is not None

    async def slower(sessions: Sessions, step: NewStep) -> bool:
        """Write the close after an agent's note."""
        core = await core_of(sessions, conversation)
        core.write_note(brand.ann.agent_id, "Ann", "Still here", "key", datetime.now(UTC))
        core.state.sequence += 1
        noted = NewStep(step.workflow_id, core.state, core.take_effects())
        assert await apply_step(sessions, noted)
        return await apply_step(sessions, step)

    with monkeypatch.context() as patched:
        patched.setattr(system_close, "apply_step", slower)
        assert not await close_by_system(session_factory, conversation)
    row = await row_of(session_factory, conversation)
    assert (row.status, row.sequence) == (Status.assigned, 2)
    async with session_factory() as session:
        assert (await session.get_one(Message, message)).status == MessageStatus.queued
    assert await close_by_system(session_factory, conversation), "it can be closed after that"


async def test_an_open_conversation_before_later_ones_is_closed(
    session_factory: Sessions, brand: Brand
) -> None:
    earlier = await new_conversation(session_factory, brand)
    another = await new_conversation(session_factory, brand, number="+15550124")
    row = await row_of(session_factory, earlier)
    await close_earlier(session_factory, brand.line_id, row.consumer_id, 1)
    assert (await row_of(session_factory, earlier)).status == Status.waiting
    await close_earlier(session_factory, brand.line_id, row.consumer_id, 2)
    assert (await row_of(session_factory, earlier)).status == Status.closed
    assert (await row_of(session_factory, another)).status == Status.waiting
