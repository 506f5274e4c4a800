"""Closing a conversation: with which reason, and whether the consumer is asked to rate.

Reasons and what skills ask for are settings, read when somebody closes. Only people are asked for a
reason: what time, a bot, an opt-out or a block closes has none until somebody gives it one.
"""

from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import account_rows, closing_reasons, conversations, events
from database.queries.conversations import CommandResult, ListedConversation
from database.queries.events import NewEvent
from database.tables import Skill
from domain.conversation.kinds import EventKind, Status
from domain.conversation.permissions import AgentRelation, check_closing_reason
from domain.errors import ClosingReasonMissing, Conflict, NotFound, RatingRequired
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller
from services.clock import utc_now
from services.commanding.context import CommandContext
from services.commanding.named import with_input
from services.inputs import Input, Slug, example
from workflows.conversation.commands import Close

NEEDED = "Conversations of {skill} are closed with a reason. Choose one: {reasons}."
ALWAYS_ASKED = "Consumers of {skill} are always asked to rate."
NOT_OF_SKILL = "{name} is not a reason for conversations of {skill}."


class Closing(Input):
    """How it is closed. Some skills need a reason, and some allow not to ask for a rating."""

    model_config = example(reason="acme-solved", asks_rating=True)

    reason: Slug | None = Field(default=None, description="The id of a closing reason.")
    asks_rating: bool = Field(
        default=True, description="False: the consumer is not asked to rate it."
    )


USUAL = Closing()


async def close(context: CommandContext, wanted: Closing = USUAL) -> CommandResult:
    """Close the conversation, with a reason where its skill needs one.

    The consumer is asked to rate it if there is something to rate, unless the skill allows you to
    leave that out and you do.
    """
    command = Close(
        key=context.command_key,
        actor=context.actor,
        closing_reason_id=wanted.reason,
        asks_rating=wanted.asks_rating,
    )

    async def checked() -> Close:
        async with context.backends.sessions.begin() as session:
            shown = await conversations.find(
                session, context.caller.viewer, context.conversation_id
            )
            name = await _checked(session, context.caller, shown.conversation.skill_id, wanted)
        return command.model_copy(update={"closing_reason": name})

    return await context.give_checked(command, checked)


async def set_closing_reason(
    caller: Caller, session: AsyncSession, conversation_id: UUID, reason_id: str
) -> ListedConversation:
    """Give a closed conversation a reason, or another one: its last agent and managers can.

    Raises `NotFound`, `ConversationNotAssigned`, and `Conflict` while it is open or for a reason
    that its skill has not.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    row = (await conversations.find(session, caller.viewer, conversation_id)).conversation
    check_closing_reason(_relation(caller, row.status, row.agent_id))
    name = await _name(session, caller, row.skill_id, reason_id)
    await closing_reasons.give(session, conversation_id, reason_id)
    shown = await conversations.find(session, caller.viewer, conversation_id)
    told = NewEvent(
        kind=EventKind.closing_reason_set.value,
        at=utc_now(),
        conversation_id=conversation_id,
        agent_id=caller.person.agent_id if caller.person else None,
        data={"closing_reason_id": reason_id, "closing_reason": name},
    )
    await events.append(session, caller.account_id, [told])
    return shown


def _relation(caller: Caller, status: str, agent_id: str | None) -> AgentRelation:
    is_theirs = caller.person is not None and caller.person.agent_id == agent_id
    return AgentRelation(Status(status), is_theirs=is_theirs, supervises=caller.has(Role.manager))


async def _checked(
    session: AsyncSession, caller: Caller, skill_id: str | None, wanted: Closing
) -> str | None:
    """Return the name of the reason. Raises what the skill refuses."""
    skill = None
    if skill_id is not None:
        skill = await account_rows.find(session, Skill, caller.account_id, skill_id)
    if skill and not wanted.asks_rating and not skill.may_skip_rating:
        raise RatingRequired(ALWAYS_ASKED.format(skill=skill.name))
    if wanted.reason is not None:
        return await _name(session, caller, skill_id, wanted.reason)
    if skill and skill.needs_closing_reason:
        names = await closing_reasons.names_for(session, caller.account_id, skill.id)
        if names:  # without any to choose from, nothing could be closed
            told = NEEDED.format(skill=skill.name, reasons=", ".join(names.values()))
            raise ClosingReasonMissing(told)
    return None


async def _name(session: AsyncSession, caller: Caller, skill_id: str | None, reason_id: str) -> str:
    """Return the name of a reason that a skill's conversations can have."""
    names = await closing_reasons.names_for(session, caller.account_id, skill_id)
    if reason_id in names:
        return names[reason_id]
    raise await _unfit(session, caller, skill_id, reason_id)


async def _unfit(
    session: AsyncSession, caller: Caller, skill_id: str | None, reason_id: str
) -> NotFound | Conflict:
    found = await closing_reasons.known(session, caller.account_id, reason_id)
    if found is None:
        return NotFound("There is no closing reason with this id.")
    if found.retired_at is not None:
        return Conflict(f"The closing reason {found.name} is retired.")
    if skill_id is None:
        return Conflict(f"{found.name} is not a reason for conversations without a skill.")
    skill = await account_rows.find(session, Skill, caller.account_id, skill_id)
    return Conflict(NOT_OF_SKILL.format(name=found.name, skill=skill.name))


COMMANDS = (with_input("close", Closing, close, ClosingReasonMissing, RatingRequired),)
