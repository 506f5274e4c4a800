"""Labels on conversations, which whoever sees a conversation may change, also a closed one."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import conversations, events, labels
from database.queries.conversations import ListedConversation
from database.queries.events import NewEvent
from database.tables import Label
from domain.conversation.kinds import EventKind
from domain.errors import Conflict, NotFound
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from services.caller import Caller
from services.clock import utc_now

MOST = 20
"""Labels on one conversation. Ours: more sort nothing."""


async def set_labels(
    caller: Caller, session: AsyncSession, conversation_id: UUID, wanted: Collection[str]
) -> ListedConversation:
    """Give a conversation exactly these labels. Raises what `change_labels` raises."""
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    await conversations.find(session, caller.viewer, conversation_id)
    there = await labels.taken_in_turn(session, conversation_id)
    return await _change(
        caller, session, conversation_id, there, there - set(wanted), set(wanted) - there
    )


async def change_labels(
    caller: Caller,
    session: AsyncSession,
    conversation_id: UUID,
    *,
    add: Collection[str] = (),
    remove: Collection[str] = (),
) -> ListedConversation:
    """Put labels on a conversation and take others off; those that are so already stay so.

    Raises `NotFound` for a conversation that the caller may not see and for a label that does not
    exist, `Conflict` for a retired label and for too many.
    """
    caller.require(Role.agent)
    caller.require_scope(TokenScope.conversations_write)
    await conversations.find(session, caller.viewer, conversation_id)
    there = await labels.taken_in_turn(session, conversation_id)
    return await _change(
        caller, session, conversation_id, there, set(remove) & there, set(add) - there
    )


async def _change(
    caller: Caller,
    session: AsyncSession,
    conversation_id: UUID,
    there: set[str],
    removed: set[str],
    added: set[str],
) -> ListedConversation:
    known = await labels.named(session, caller.account_id, removed | added)
    _check(known, added)
    if len(there - removed | added) > MOST:
        raise Conflict(f"A conversation can have {MOST} labels. Remove one first.")
    await labels.put(session, conversation_id, add=added, remove=removed)
    shown = await conversations.find(session, caller.viewer, conversation_id)
    await events.append(
        session,
        caller.account_id,
        [
            _event(caller, conversation_id, kind, known[one])
            for kind, which in ((EventKind.label_removed, removed), (EventKind.label_added, added))
            for one in sorted(which)
        ],
    )
    return shown


def _check(known: dict[str, Label], added: Collection[str]) -> None:
    for one in sorted(added):
        if one not in known:
            raise NotFound("There is no label with this id.")
        if known[one].retired_at is not None:
            raise Conflict(f"The label {known[one].name} is retired.")


def _event(caller: Caller, conversation_id: UUID, kind: EventKind, label: Label) -> NewEvent:
    return NewEvent(
        kind=kind.value,
        at=utc_now(),
        conversation_id=conversation_id,
        agent_id=caller.person.agent_id if caller.person else None,
        data={"label_id": label.id, "label": label.name},
    )
