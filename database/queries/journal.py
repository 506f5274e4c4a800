"""Applying a step of a conversation to the database: once, whole, and never backwards."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, Table, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries.decisions import record_decisions
from database.queries.events import CHANNEL_WORK, NewEvent, append, notify
from database.queries.languages import keep_said
from database.queries.offers import count_offers
from database.tables import Conversation, Message, Participation, QueueEntry
from domain.effects import Happened, MessageWritten
from domain.ids import ConsumerId, consumer_row
from domain.state import ConversationState, SurveyState
from domain.words import Author, CloseReason, DeadlineKind, EventKind, LanguageSource, Status

Effect = MessageWritten | Happened

MOVES_WORK = frozenset(
    {
        EventKind.conversation_queued,
        EventKind.conversation_assigned,
        EventKind.conversation_closed,
        EventKind.offer_ended,
    }
)
"""What the router wants to know: someone waits, or someone has room."""

SATISFIED_BEFORE_SCALES = 4
"""Of 5: what was rated by a conversation that knows no scale."""

CONVERSATION, MESSAGE = cast(Table, Conversation.__table__), cast(Table, Message.__table__)


def _upsert() -> Executable:
    columns = [column.name for column in CONVERSATION.c]
    new = insert(CONVERSATION).values({name: bindparam(name) for name in columns})
    changes: dict[str, ColumnElement[Any]] = {
        name: new.excluded[name] for name in columns if name != "id"
    }
    texted_at = CONVERSATION.c.consumer_texted_at  # a step without a text leaves it
    changes["consumer_texted_at"] = func.coalesce(new.excluded.consumer_texted_at, texted_at)
    return new.on_conflict_do_update(
        index_elements=[CONVERSATION.c.id],
        set_=changes,
        where=CONVERSATION.c.sequence < new.excluded.sequence,
    ).returning(CONVERSATION.c.id)


# Made once, and on tables: for a plain text, putting them together anew costs more than all else.
UPSERT_CONVERSATION = _upsert()
INSERT_MESSAGES = insert(MESSAGE)


async def apply_step(
    session: AsyncSession, workflow_id: str, state: ConversationState, effects: Sequence[Effect]
) -> bool:
    """Apply one step; says whether it was new. Safe to repeat, in one transaction."""
    if state.sequence == 1:
        await close_left_open(session, state)
    if not await _upsert_conversation(session, workflow_id, state, effects):
        return False
    await _insert_messages(session, state, effects)
    await _record_participation(session, state, effects)
    await record_decisions(session, state, effects)
    kinds = {effect.kind for effect in effects if isinstance(effect, Happened)}
    if EventKind.language_set in kinds:
        await _keep_language(session, state, effects)
    if kinds & MOVES_WORK:
        await _place_in_queue(session, workflow_id, state)
        await notify(session, CHANNEL_WORK, state.account_id)
    elif state.response_due_at or EventKind.response_time_set in kinds:
        await _move_deadline(session, state)
    moved = await count_offers(session, state, effects)
    events = [_event(state, effect) for effect in effects]
    await append(session, state.account_id, events + moved)
    return True


async def close_left_open(session: AsyncSession, state: ConversationState) -> None:
    """Close an earlier conversation of the same line and consumer whose workflow is gone.

    There can be none unless an operator terminated its workflow: a new one has opened.
    """
    left = (
        update(Conversation)
        .where(
            Conversation.line_id == state.line_id,
            Conversation.consumer_id == consumer_row(ConsumerId(state.consumer_id)),
            Conversation.status != Status.closed,
            Conversation.id != UUID(state.id),
        )
        .values(
            status=Status.closed.value,
            close_reason=CloseReason.system.value,
            closed_at=datetime.now(UTC),
        )
        .returning(Conversation.id)
    )
    for conversation_id in (await session.scalars(left)).all():
        await session.execute(
            delete(QueueEntry).where(QueueEntry.conversation_id == conversation_id)
        )


async def _upsert_conversation(
    session: AsyncSession, workflow_id: str, state: ConversationState, effects: Sequence[Effect]
) -> bool:
    values = _row(workflow_id, state) | _texted_at(effects)
    return (await session.scalar(UPSERT_CONVERSATION, values)) is not None


def _row(workflow_id: str, state: ConversationState) -> dict[str, Any]:
    return {
        "id": UUID(state.id),
        "account_id": state.account_id,
        "line_id": state.line_id,
        "consumer_id": consumer_row(ConsumerId(state.consumer_id)),
        "workflow_id": workflow_id,
        "sequence": state.sequence,
        "status": state.status.value,
        "pending_side": state.pending_side.value,
        "skill_id": state.skill_id,
        "agent_id": state.agent_id,
        "opened_by": state.opened_by,
        "opened_at": state.opened_at,
        "assigned_at": state.assigned_at,
        "closed_at": state.closed_at,
        "close_reason": state.close_reason.value if state.close_reason else None,
        "closed_by": state.closed_by,
        "auto_close_at": state.auto_close_at,
        "last_message_at": state.last_message_at,
        "last_text": state.last_text,
        "waiting_since": state.waiting_since,
        "response_due_at": state.response_due_at,
        "response_is_manual": state.response_is_manual,
        "next_open_at": state.next_open_at,
        "offered_agent_id": state.offered_agent_id,
        "offer_ends_at": state.offer_ends_at,
        "message_count": state.message_count,
        "language": state.language,
        "deadlines": _iso(state.deadlines),
        "counted_from": _iso(state.counted_from),
        "scheduled": [text.model_dump(mode="json") for text in state.scheduled],
        "is_auto_close_held": state.is_auto_close_held,
    } | _survey_columns(state.survey or SurveyState())


def _iso(moments: Mapping[DeadlineKind, datetime]) -> dict[str, str]:
    return {str(kind): at.isoformat() for kind, at in moments.items()}


async def _keep_language(
    session: AsyncSession, state: ConversationState, effects: Sequence[Effect]
) -> None:
    """Keep with the consumer what somebody said of their language, not only recognised."""
    said = [one for one in effects if isinstance(one, Happened)]
    for one in said:
        language, source = one.data.get("language"), one.data.get("source")
        if one.kind is EventKind.language_set and source != LanguageSource.recognised:
            consumer = consumer_row(ConsumerId(state.consumer_id))
            await keep_said(session, consumer, str(language), str(source))


def _texted_at(effects: Sequence[Effect]) -> dict[str, Any]:
    """Return when the consumer texted last, nothing in a step without a text of theirs."""
    texts = (effect for effect in effects if isinstance(effect, MessageWritten))
    at = [text.written_at for text in texts if text.author is Author.consumer]
    return {"consumer_texted_at": max(at, default=None)}


def _survey_columns(survey: SurveyState) -> dict[str, Any]:
    return {
        "survey_outcome": survey.outcome.value if survey.outcome else None,
        "survey_score": survey.score,
        "survey_comment": survey.comment,
        "survey_agent_id": survey.agent_id,
        "survey_skill_id": survey.skill_id,
        "survey_answered_at": survey.answered_at,
        "survey_asked_at": survey.asked_at,
        "survey_satisfied": _is_satisfied(survey),
        "survey_scale": survey.scale,
        "survey_is_late": survey.is_late,
        "survey_answers": [answer.model_dump(mode="json") for answer in survey.answers],
    }


def _is_satisfied(survey: SurveyState) -> bool | None:
    if survey.score is None or survey.is_satisfied is not None:
        return survey.is_satisfied
    return survey.score >= SATISFIED_BEFORE_SCALES


async def _insert_messages(
    session: AsyncSession, state: ConversationState, effects: Sequence[Effect]
) -> None:
    messages = [effect for effect in effects if isinstance(effect, MessageWritten)]
    if messages:
        await session.execute(
            INSERT_MESSAGES, [_message_row(state, message) for message in messages]
        )


def _message_row(state: ConversationState, message: MessageWritten) -> dict[str, Any]:
    return {
        "id": UUID(message.message_id),
        "account_id": state.account_id,
        "conversation_id": UUID(state.id),
        "position": message.position,
        "author": message.author.value,
        "agent_id": message.agent_id,
        "automatic": message.automatic.value if message.automatic else None,
        "is_consent_reply": message.is_consent_reply,
        "text": message.text,
        "media": [media.model_dump() for media in message.media],
        "is_truncated": message.is_truncated,
        "segments": message.segments,
        "encoding": message.encoding,
        "written_at": message.written_at,
        "status": message.status.value,
        "status_at": message.written_at,
    }


async def _record_participation(
    session: AsyncSession, state: ConversationState, effects: Sequence[Effect]
) -> None:
    """Let everybody who ever held the conversation, or joined it, read it."""
    holders = {
        effect.agent_id: effect.at
        for effect in effects
        if isinstance(effect, Happened)
        and effect.kind in (EventKind.conversation_assigned, EventKind.manager_joined)
        and effect.agent_id
    }
    for agent_id, at in holders.items():
        row = {"conversation_id": UUID(state.id), "agent_id": agent_id, "first_at": at}
        await session.execute(insert(Participation).values(row).on_conflict_do_nothing())


async def _place_in_queue(
    session: AsyncSession, workflow_id: str, state: ConversationState
) -> None:
    """Let the conversation stand in the router's queue exactly while it waits.

    A new ticket can be given to anybody anew; within one only the deadline may move.
    """
    if state.status is not Status.waiting:
        await session.execute(
            delete(QueueEntry).where(QueueEntry.conversation_id == UUID(state.id))
        )
        return
    row = {
        "conversation_id": UUID(state.id),
        "ticket": state.ticket,
        "account_id": state.account_id,
        "workflow_id": workflow_id,
        "skill_id": state.skill_id,
        "wanted_agent_id": state.wanted_agent_id,
        "avoided_agent_id": state.avoided_agent_id,
        "priority": state.priority,
        "entered_at": state.age_since or state.queued_at,
        "due_at": state.response_due_at,
        "was_assigned": state.was_assigned,
        "passed_by": state.passed_by,
    }
    afresh = dict.fromkeys(("assigned_agent_id", "assigned_at", "signalled_at", "waits_because"))
    statement = insert(QueueEntry).values(row | afresh)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[QueueEntry.conversation_id],
            set_={column: statement.excluded[column] for column in row | afresh},
            where=QueueEntry.ticket < statement.excluded.ticket,
        )
    )
    await _move_deadline(session, state)


async def _move_deadline(session: AsyncSession, state: ConversationState) -> None:
    """Let a wait be served by its response deadline as it is now."""
    await session.execute(
        update(QueueEntry)
        .where(
            QueueEntry.conversation_id == UUID(state.id),
            QueueEntry.due_at.is_distinct_from(state.response_due_at),
        )
        .values(due_at=state.response_due_at)
    )


def _event(state: ConversationState, effect: Effect) -> NewEvent:
    if isinstance(effect, Happened):
        return NewEvent(
            kind=effect.kind.value,
            at=effect.at,
            conversation_id=UUID(state.id),
            agent_id=effect.agent_id,
            data=dict(effect.data),
            command_key=effect.command_key,
        )
    return NewEvent(
        kind=EventKind.message_added.value,
        at=effect.written_at,
        conversation_id=UUID(state.id),
        agent_id=effect.agent_id,
        data={
            "message_id": effect.message_id,
            "position": effect.position,
            "author": effect.author.value,
        },
        command_key=effect.command_key,
    )


async def is_in_transcript(session: AsyncSession, message_id: str) -> bool:
    """Say whether a consumer's text already stands in a conversation."""
    known = select(Message.id).where(Message.id == UUID(message_id))
    return (await session.scalar(known)) is not None
