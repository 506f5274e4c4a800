"""Applying a step of a conversation to the database: once, whole, and never backwards."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.direct import Direct
from database.engine import Sessions
from database.queries.decisions import decision_rows
from database.queries.events import (
    CHANNEL_EVENTS,
    CHANNEL_WORK,
    append,
    events_json,
    lock_key,
)
from database.queries.journal_rows import (
    Effect,
    Row,
    conversation_row,
    event_of,
    message_row,
    participation_rows,
    queue_row,
)
from database.queries.journal_sql import Shape, missing_messages_statement, step_statement
from database.queries.languages import KnownLanguage, keep_said, known
from database.queries.offers import are_missed, count_missed
from domain.effects import Happened, MessageWritten
from domain.state import ConversationState
from domain.words import EventKind, LanguageSource, Status

MOVES_WORK = frozenset(
    {
        EventKind.conversation_queued,
        EventKind.conversation_assigned,
        EventKind.conversation_closed,
        EventKind.offer_ended,
    }
)
"""What the router wants to know: someone waits, or someone has room."""


@dataclass(frozen=True)
class WrittenStep:
    """A step as the database takes it."""

    shape: Shape
    values: Mapping[str, object]


@dataclass(frozen=True)
class Applied:
    """`language`: the consumer's as the step's own statement read it; None where it did not."""

    is_new: bool
    language: KnownLanguage | None = None


async def apply_step(
    sessions: Sessions,
    workflow_id: str,
    state: ConversationState,
    effects: Sequence[Effect],
    *,
    tells_router: bool = True,
) -> Applied:
    """Apply one step, in one transaction; says whether it was new. Safe to repeat.

    `tells_router`: of a wait that begins or ends; False where the caller sees to it.
    """
    step = written_step(workflow_id, state, effects)
    if not tells_router:
        step = replace(step, shape=replace(step.shape, moves_work=False))
    if not are_missed(effects) and not _languages_said(effects):
        return await _apply(sessions.direct, step)
    async with sessions.begin() as session:
        return Applied(await _apply_with_others(session, step, state, effects))


async def _apply(direct: Direct, step: WrittenStep) -> Applied:
    row = await direct.one(step_statement(step.shape), step.values)
    if row:
        return Applied(is_new=True, language=known(row[0], row[1]))
    columns = dict(step.shape.rows).get("message")
    if columns:
        await direct.one(missing_messages_statement(columns), step.values)
    return Applied(is_new=False)


async def _apply_with_others(
    session: AsyncSession, step: WrittenStep, state: ConversationState, effects: Sequence[Effect]
) -> bool:
    """Apply a step that concerns agents or the consumer too; events are appended last."""
    statement = step_statement(replace(step.shape, appends_events=False))
    connection = await session.connection()
    done = await connection.exec_driver_sql(statement.decode(), dict(step.values))
    if done.first() is None:
        return False
    for language, source in _languages_said(effects):
        await keep_said(session, UUID(state.consumer_id), language, source)
    moved = await count_missed(session, state, effects)
    await append(session, state.account_id, [event_of(state, one) for one in effects] + moved)
    return True


def _languages_said(effects: Sequence[Effect]) -> list[tuple[str, str]]:
    """Return what somebody said of the consumer's language, not only recognised, and who."""
    happened = (effect for effect in effects if isinstance(effect, Happened))
    data = [one.data for one in happened if one.kind is EventKind.language_set]
    return [
        (str(said.get("language")), str(said.get("source")))
        for said in data
        if said.get("source") != LanguageSource.recognised
    ]


def written_step(
    workflow_id: str, state: ConversationState, effects: Sequence[Effect]
) -> WrittenStep:
    """Return what a step changes, and the values for it."""
    kinds = {effect.kind for effect in effects if isinstance(effect, Happened)}
    moves_work, waits = bool(kinds & MOVES_WORK), state.status is Status.waiting
    rows = _rows(workflow_id, state, effects, queued=moves_work and waits)
    has_deadline = state.response_due_at is not None or EventKind.response_time_set in kinds
    assigned = _assigned(effects)
    shape = Shape(
        rows=tuple((table, tuple(added[0])) for table, added in rows.items() if added),
        is_first=state.sequence == 1,
        leaves_queue=moves_work and not waits,
        moves_deadline=has_deadline and not moves_work,
        assigns=bool(assigned),
        moves_work=moves_work,
    )
    return WrittenStep(
        shape,
        {
            "id": UUID(state.id),
            "account_id": state.account_id,
            "line_id": state.line_id,
            "consumer_id": UUID(state.consumer_id),
            "due_at": state.response_due_at,
            "assigned": assigned,
            "conversation": _json(conversation_row(workflow_id, state, effects)),
            **{table: _json(added) for table, added in rows.items()},
            "events": events_json([event_of(state, effect) for effect in effects]),
            "event_key": lock_key(state.account_id),
            "event_channel": CHANNEL_EVENTS,
            "work_channel": CHANNEL_WORK,
        },
    )


def _rows(
    workflow_id: str, state: ConversationState, effects: Sequence[Effect], *, queued: bool
) -> dict[str, list[Row]]:
    messages = [effect for effect in effects if isinstance(effect, MessageWritten)]
    return {
        "message": [message_row(state, message) for message in messages],
        "participation": participation_rows(state, effects),
        "routing_decision": decision_rows(state, effects),
        "queue_entry": [queue_row(workflow_id, state)] if queued else [],
    }


def _assigned(effects: Sequence[Effect]) -> list[str]:
    """Return the agents who got it: what they let pass before is forgotten."""
    return [
        effect.agent_id
        for effect in effects
        if isinstance(effect, Happened)
        and effect.kind is EventKind.conversation_assigned
        and effect.agent_id
    ]


def _json(rows: Row | list[Row]) -> str:
    return json.dumps(rows, default=str)  # ids and times, which PostgreSQL reads as written
