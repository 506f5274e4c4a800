"""Builds the rows that a step of a conversation writes.

`database.queries.journal_sql` builds the statement for them, and tells how to read it in psql.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from database.queries.events import NewEvent
from domain.conversation.effects import Effect, Happened, MessageWritten, happened_at
from domain.conversation.kinds import Author, DeadlineKind, EventKind
from domain.conversation.state import ConversationState, Snooze, SurveyState
from domain.origins.origin import Origin
from domain.text.segments import segments

Row = dict[str, Any]


def conversation_row(workflow_id: str, state: ConversationState, effects: Sequence[Effect]) -> Row:
    """Return the row of the conversation after the step."""
    row: Row = {
        "id": UUID(state.id),
        "account_id": state.account_id,
        "line_id": state.line_id,
        "consumer_id": UUID(state.consumer_id),
        "workflow_id": workflow_id,
        "number": state.number,
        "sequence": state.sequence,
        "status": state.status.value,
        "pending_side": state.pending_side.value,
        "skill_id": state.skill_id,
        "agent_id": state.agent_id,
        "opened_by": state.opened_by,
        "opened_at": state.opened_at,
        "assigned_at": state.assigned_at,
        "auto_close_at": state.auto_close_at,
        "last_message_at": state.last_message_at,
        "last_text": state.last_text,
        "waiting_since": state.waiting_since,
        "response_due_at": state.response_due_at,
        "response_is_manual": state.response_is_manual,
        "next_open_at": state.next_open_at,
        "offered_agent_id": state.offered_agent_id,
        "offer_ends_at": state.offer_ends_at,
        "message_count": state.message_count_left,
        "texts_to_carry": len(state.carried),
        "language": state.language,
        "deadlines": _iso(state.deadlines),
        "counted_from": _iso(state.counted_from),
        "scheduled": [text.model_dump(mode="json") for text in state.scheduled],
        "is_auto_close_held": state.is_auto_close_held,
        "closed_at_once": state.closed_at_once,
        "opt_out_wished_at": state.opt_out_wished_at,
    }
    return row | _further_columns(state, effects)


def _bot_columns(state: ConversationState) -> Row:
    bot = state.bot if state.is_with_bot else None
    return {"bot_id": bot.id if bot else None, "bot_name": bot.name if bot else None}


def _iso(moments: Mapping[DeadlineKind, datetime]) -> dict[str, str]:
    return {str(kind): at.isoformat() for kind, at in moments.items()}


def _further_columns(state: ConversationState, effects: Sequence[Effect]) -> Row:
    of_people = _bot_columns(state) | _closing_columns(state) | _survey_columns(state.survey)
    of_origin = _origin_columns(state.origin)
    return of_people | of_origin | _snooze_columns(state.snooze) | _texted_at(effects)


def _closing_columns(state: ConversationState) -> Row:
    return {
        "closed_at": state.closed_at,
        "close_reason": state.close_reason.value if state.close_reason else None,
        "closed_by": state.closed_by,
        "closing_reason_id": state.closing_reason_id,
    }


def _snooze_columns(snooze: Snooze | None) -> Row:
    return {
        "snoozed_at": snooze.since if snooze else None,
        "snoozed_until": snooze.until if snooze else None,
    }


def _origin_columns(origin: Origin) -> Row:
    return {
        "origin": origin.kind.value,
        "origin_id": origin.id,
        "origin_data": origin.model_dump(mode="json", exclude_defaults=True),
    }


def _texted_at(effects: Sequence[Effect]) -> Row:
    """Return the time of the consumer's last text; empty in a step without one."""
    texts = (effect for effect in effects if isinstance(effect, MessageWritten))
    at = [text.written_at for text in texts if text.author is Author.consumer]
    return {"consumer_texted_at": max(at, default=None)}


def _survey_columns(of: SurveyState | None) -> Row:
    survey = of or SurveyState()
    return {
        "survey_outcome": survey.outcome.value if survey.outcome else None,
        "survey_score": survey.score,
        "survey_comment": survey.comment,
        "survey_agent_id": survey.agent_id,
        "survey_skill_id": survey.skill_id,
        "survey_answered_at": survey.answered_at,
        "survey_asked_at": survey.asked_at,
        "survey_satisfied": survey.is_satisfied,
        "survey_scale": survey.scale,
        "survey_is_late": survey.is_late,
        "survey_answers": [answer.model_dump(mode="json") for answer in survey.answers],
    }


def message_row(state: ConversationState, message: MessageWritten) -> Row:
    """Return the row of a message in the transcript."""
    return {
        "id": UUID(message.message_id),
        "account_id": state.account_id,
        "line_id": state.line_id,
        "consumer_id": UUID(state.consumer_id),
        "conversation_id": UUID(state.id),
        "position": message.position,
        "author": message.author.value,
        "agent_id": message.agent_id,
        "bot_id": message.bot_id,
        "bot_name": message.bot_name,
        "automatic": message.automatic.value if message.automatic else None,
        "is_consent_reply": message.is_consent_reply,
        "text": message.text,
        "media": [media.model_dump() for media in message.media],
        "is_truncated": message.is_truncated,
        "segments": _segments(message),
        "encoding": message.encoding,
        "written_at": message.written_at,
        # The statement makes the mark of it (`database.queries.journal_sql.MAYBE_LEFT`).
        "maybe_sent_since": message.prompted_at,
        "sent_at": message.sent_at,
        "status": message.status.value,
        "status_at": message.written_at,
    }


def _segments(message: MessageWritten) -> int:
    """Return the segments of a text: of ours as it was when it left.

    A consumer's are counted as we count our own: not every provider tells them.
    """
    if message.author is Author.consumer and message.text:
        return message.segments or segments(message.text).count
    return message.segments


def participation_rows(state: ConversationState, effects: Sequence[Effect]) -> list[Row]:
    """Return the agents who may read the conversation: it was assigned to them, or they joined."""
    holders = {
        effect.agent_id: effect.at
        for effect in effects
        if isinstance(effect, Happened)
        and effect.kind in (EventKind.conversation_assigned, EventKind.manager_joined)
        and effect.agent_id
    }
    return [
        {"conversation_id": UUID(state.id), "agent_id": agent_id, "first_at": at}
        for agent_id, at in holders.items()
    ]


def mention_rows(state: ConversationState, effects: Sequence[Effect]) -> list[Row]:
    """Return the colleagues whom the notes of a step mention."""
    return [
        {
            "message_id": UUID(str(effect.data["message_id"])),
            "agent_id": effect.agent_id,
            "conversation_id": UUID(state.id),
            "at": effect.at,
        }
        for effect in effects
        if isinstance(effect, Happened) and effect.kind is EventKind.mentioned
    ]


def queue_row(workflow_id: str, state: ConversationState) -> Row:
    """Return the row of a wait in the queue, without a chosen agent."""
    row: Row = {
        "conversation_id": UUID(state.id),
        "ticket": state.ticket,
        "account_id": state.account_id,
        "workflow_id": workflow_id,
        "skill_id": state.skill_id,
        "requested_agent_id": state.requested_agent_id,
        "avoided_agent_id": state.avoided_agent_id,
        "avoided_was_silent": state.avoided_was_silent,
        "priority": state.priority,
        "entered_at": state.age_since or state.queued_at,
        "due_at": state.response_due_at,
        "was_assigned": state.was_assigned,
        "may_fall_back": state.may_fall_back,
        "not_accepted_by": state.not_accepted_by,
    }
    return row | dict.fromkeys(
        ("assigned_agent_id", "assigned_at", "signalled_at", "waiting_reason")
    )


def event_of(state: ConversationState, effect: Effect) -> NewEvent:
    """Return the event that an effect appends to the account's stream."""
    match effect:
        case Happened():
            kind, data = effect.kind, dict(effect.data)
        case MessageWritten():
            kind, data = EventKind.message_added, dict(_added(effect))
        case _:
            assert_never(effect)
    return NewEvent(
        kind=kind.value,
        at=happened_at(effect),
        conversation_id=UUID(state.id),
        agent_id=effect.agent_id,
        data=data,
        command_key=effect.command_key,
    )


def _added(message: MessageWritten) -> dict[str, str | int]:
    data: dict[str, str | int] = {
        "message_id": message.message_id,
        "position": message.position,
        "author": message.author.value,
    }
    if size := _segments(message):
        data["segments"] = size
    if message.automatic:
        data["automatic"] = message.automatic.value
    if message.due_at:
        data["due_at"] = message.due_at.isoformat()
    if message.is_invitation:
        data["is_invitation"] = True
    if message.sends_again:
        data["sends_again"] = message.sends_again
    return data | ({"carried_from": message.carried_from} if message.carried_from else {})
