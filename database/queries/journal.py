"""Applies a step of a conversation to the database: once, completely, and never backwards."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

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
    Row,
    conversation_row,
    event_of,
    mention_rows,
    message_row,
    participation_rows,
    queue_row,
)
from database.queries.journal_sql import Shape, step_statement
from database.queries.languages import keep_said
from database.queries.offers import are_missed, count_missed
from domain.conversation.effects import Effect, Happened, MessageWritten
from domain.conversation.kinds import Author, EventKind, Status
from domain.conversation.state import ConversationState
from domain.language_settings import LanguageSource
from domain.policy.policy import Policy

MOVES_WORK = frozenset(
    {
        EventKind.conversation_queued,
        EventKind.conversation_assigned,
        EventKind.conversation_closed,
        EventKind.conversation_snoozed,
        EventKind.offer_ended,
        EventKind.given_to_bot,
    }
)
"""Kinds of effects that the router is told: a conversation waits, or an agent has a free slot."""


@dataclass(frozen=True)
class NewStep:
    """A step as it was decided: the state after it, and its effects.

    `policy`: set when it differs from the previous step's. `mends`: the previous steps are missing
    from the database.
    """

    workflow_id: str
    state: ConversationState
    effects: Sequence[Effect]
    policy: Policy | None = None
    mends: bool = False


@dataclass(frozen=True)
class WrittenStep:
    """A step as a statement and its values."""

    shape: Shape
    values: Mapping[str, object]


async def apply_step(sessions: Sessions, decided: NewStep, *, tells_router: bool = True) -> bool:
    """Apply one step in one transaction; returns whether it was new. Safe to repeat.

    `tells_router`: whether to notify the router when a wait begins or ends; False when the caller
    does it.
    """
    step = written_step(decided)
    if not tells_router:
        step = replace(step, shape=replace(step.shape, moves_work=False))
    if not are_missed(decided.effects) and not _languages_said(decided.effects):
        return await sessions.direct.fetch_one(step_statement(step.shape), step.values) is not None
    async with sessions.begin() as session:
        return await _apply_with_others(session, step, decided)


async def _apply_with_others(session: AsyncSession, step: WrittenStep, decided: NewStep) -> bool:
    """Apply a step that also changes agents or the consumer; events are appended last."""
    state, effects = decided.state, decided.effects
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
    """Return the languages that were set for the consumer, not recognised, each with its source."""
    happened = (effect for effect in effects if isinstance(effect, Happened))
    data = [one.data for one in happened if one.kind is EventKind.language_set]
    return [
        (str(said.get("language")), str(said.get("source")))
        for said in data
        if said.get("source") != LanguageSource.recognised
    ]


def written_step(decided: NewStep) -> WrittenStep:
    """Return the statement that a step needs, and its values."""
    state = decided.state
    kinds = {effect.kind for effect in decided.effects if isinstance(effect, Happened)}
    moves_work = bool(kinds & MOVES_WORK) or decided.mends
    waits = state.status is Status.waiting and not state.is_with_bot
    rows = _rows(decided, queued=waits and moves_work)
    values = _values(decided, rows)
    shape = Shape(
        rows=tuple((table, tuple(added[0])) for table, added in rows.items() if added),
        is_first=state.sequence == 1,
        mends=decided.mends,
        takes_texts=bool(values["texts"]),
        carries_texts=values["carried_from"] is not None,
        begins_with_invitation=bool(_invited(state, decided.effects)),
        answers_invitation=_answers_invitation(decided),
        may_answer=state.sequence > 1 and state.status.is_open and bool(values["texts"]),
        takes_commands=bool(values["commands"]),
        leaves_queue=moves_work and not waits,
        moves_deadline=waits and not moves_work,
        assigns=bool(values["assigned"]),
        moves_work=moves_work,
    )
    return WrittenStep(shape, values)


def _values(decided: NewStep, rows: dict[str, list[Row]]) -> dict[str, object]:
    state, effects = decided.state, decided.effects
    return {
        "id": UUID(state.id),
        "account_id": state.account_id,
        "line_id": state.line_id,
        "consumer_id": UUID(state.consumer_id),
        "due_at": state.response_due_at,
        "assigned": _assigned(effects),
        "texts": _texts(effects),
        "commands": _commands(effects),
        "invited": _json(_invited(state, effects)),
        "invitation": state.origin.message_id,
        "answered_at": _texted_at(effects) or state.opened_at,
        "opened_at": state.opened_at,
        "answered_kind": EventKind.invitation_answered.value,
        "carried": _json(_carried(state, effects)),
        "carried_from": _carried_from(effects),
        "sequence": state.sequence,
        "state": state.model_dump_json(),
        "policy": decided.policy.model_dump_json() if decided.policy else None,
        "conversation": _json(conversation_row(decided.workflow_id, state, effects)),
        **{table: _json(added) for table, added in rows.items()},
        "events": events_json([event_of(state, effect) for effect in effects]),
        "event_key": lock_key(state.account_id),
        "event_channel": CHANNEL_EVENTS,
        "work_channel": CHANNEL_WORK,
    }


def _texts(effects: Sequence[Effect]) -> list[UUID]:
    """Return the consumer's texts that a step adds to the transcript."""
    written = (effect for effect in effects if isinstance(effect, MessageWritten))
    return [
        UUID(one.message_id)
        for one in written
        if one.author is Author.consumer and not one.carried_from
    ]


def _carried(state: ConversationState, effects: Sequence[Effect]) -> list[Row]:
    """Return the texts carried over from the previous conversation."""
    written = (effect for effect in effects if isinstance(effect, MessageWritten))
    return [message_row(state, one) for one in written if one.carried_from]


def _answers_invitation(decided: NewStep) -> bool:
    """Say whether an invitation is marked: by the first step, or in a database that lost it."""
    is_first = decided.state.sequence == 1
    return decided.state.origin.message_id is not None and (is_first or decided.mends)


def _invited(state: ConversationState, effects: Sequence[Effect]) -> list[Row]:
    """Return the text that the consumer answered."""
    written = (effect for effect in effects if isinstance(effect, MessageWritten))
    return [message_row(state, one) for one in written if one.is_invitation]


def _texted_at(effects: Sequence[Effect]) -> datetime | None:
    """Return when the consumer wrote the last text of the step."""
    written = (effect for effect in effects if isinstance(effect, MessageWritten))
    times = [one.sent_at or one.written_at for one in written if one.author is Author.consumer]
    return max(times, default=None)


def _carried_from(effects: Sequence[Effect]) -> UUID | None:
    written = (effect for effect in effects if isinstance(effect, MessageWritten))
    return next((UUID(one.carried_from) for one in written if one.carried_from), None)


def _commands(effects: Sequence[Effect]) -> list[str]:
    """Return the keys of the commands that a step carries out."""
    return list({effect.command_key: None for effect in effects if effect.command_key})


def _rows(decided: NewStep, *, queued: bool) -> dict[str, list[Row]]:
    state, effects = decided.state, decided.effects
    messages = [effect for effect in effects if isinstance(effect, MessageWritten)]
    return {
        "message": [
            message_row(state, one)
            for one in messages
            if not (one.carried_from or one.is_invitation)
        ],
        "participation": participation_rows(state, effects),
        "mention": mention_rows(state, effects),
        "routing_decision": decision_rows(state, effects),
        "queue_entry": [queue_row(decided.workflow_id, state)] if queued else [],
    }


def _assigned(effects: Sequence[Effect]) -> list[str]:
    """Return the agents it was assigned to, whose missed offers are reset."""
    return [
        effect.agent_id
        for effect in effects
        if isinstance(effect, Happened)
        and effect.kind is EventKind.conversation_assigned
        and effect.agent_id
    ]


def _json(rows: Row | list[Row]) -> str:
    return json.dumps(rows, default=str)  # str for ids and times, which PostgreSQL can parse
