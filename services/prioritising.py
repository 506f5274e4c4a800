"""How urgent a conversation is: whoever may handle it says so, and the queue goes by it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import conversations, events, priorities
from database.queries.conversations import ListedConversation
from database.queries.events import NewEvent
from domain.conversation.kinds import EventKind, Status
from domain.conversation.permissions import AgentRelation, check_handling
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from domain.settings.priorities import Priority
from services.caller import Caller
from services.clock import utc_now


async def set_priority(
    caller: Caller, session: AsyncSession, conversation_id: UUID, wanted: Priority
) -> ListedConversation:
    """Set how urgent an open conversation is. Nothing happens where it is so already.

    It moves in the queue at once, and counts whenever it waits again. Raises `NotFound`, and what
    `check_handling` raises for those who do not hold it and are no managers.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    row = (await conversations.find(session, caller.viewer, conversation_id)).conversation
    check_handling(_relation(caller, row.status, row.agent_id))
    before = await priorities.taken_in_turn(session, conversation_id)
    if before is wanted:
        return await conversations.find(session, caller.viewer, conversation_id)
    await priorities.put(session, conversation_id, before, wanted)
    shown = await conversations.find(session, caller.viewer, conversation_id)
    told = NewEvent(
        kind=EventKind.priority_changed.value,
        at=utc_now(),
        conversation_id=conversation_id,
        agent_id=caller.person.agent_id if caller.person else None,
        data={"priority": str(wanted), "before": str(before)},
    )
    await events.append(session, caller.account_id, [told])
    return shown


def _relation(caller: Caller, status: str, agent_id: str | None) -> AgentRelation:
    is_theirs = caller.person is not None and caller.person.agent_id == agent_id
    return AgentRelation(Status(status), is_theirs=is_theirs, supervises=caller.has(Role.manager))
