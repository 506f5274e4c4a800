"""The lists of the workspace: the agent's own conversations, the queue, all of them, offers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.list_cursors import read_position, written_position
from api.schemas.conversations import ConversationOut
from api.schemas.shared import after_number, page_of, write_cursor
from database.queries.workspace import WorkCounts
from services.looking import conversations as looking
from services.looking import workspace as around
from services.looking.conversations import ConversationQuery, View
from web.page_context import PageUser

LISTED = 100
"""Conversations shown at once of the queue and of the list of all."""


@dataclass(frozen=True)
class Wait:
    """A conversation's position in the queue, when it entered, and why nobody has it yet."""

    queue_position: int
    since: datetime
    because: str | None


@dataclass(frozen=True)
class Listing:
    """One of the lists, or a part of it, and how many conversations each list has.

    `part`: the cursor this part begins at, None for the first one. `next`: the cursor of the next
    part, None for the last one.
    """

    view: View
    conversations: Sequence[ConversationOut]
    counts: WorkCounts
    waits: Mapping[UUID, Wait]
    """By conversation, in the queue only."""
    part: str | None = None
    next: str | None = None


async def load_list(
    session: AsyncSession, user: PageUser, view: View, part: str | None = None
) -> Listing:
    """Return a list: an agent's own whole, the others a hundred conversations at a time.

    The queue is in the order of service, the list of all has the newest first. Raises `Invalid`
    for a cursor that is not of this list.
    """
    match view:
        case View.mine:
            return await _mine(session, user)
        case View.waiting:
            return await _queue(session, user, part)
        case View.all | View.done | View.snoozed | View.mentions:
            return await _all(session, user, view, part)


async def _mine(session: AsyncSession, user: PageUser) -> Listing:
    shown = await looking.list_held(user.caller, session)
    rows = [ConversationOut.of(each) for each in shown]
    counts = await around.count_open(user.caller, session)
    return Listing(View.mine, rows, counts, waits={})


async def _all(session: AsyncSession, user: PageUser, view: View, part: str | None) -> Listing:
    wanted = ConversationQuery(view)
    shown = await looking.list_conversations(
        user.caller, session, wanted, after=read_position(part), limit=LISTED + 1
    )
    page = page_of(shown, LISTED, ConversationOut.of, written_position)
    counts = await around.count_open(user.caller, session)
    return Listing(view, page.items, counts, waits={}, part=part, next=page.next)


async def _queue(session: AsyncSession, user: PageUser, part: str | None) -> Listing:
    caller, skipped = user.caller, min(after_number(part) or 0, looking.FURTHEST)
    wanted = ConversationQuery(View.waiting)
    queue = await looking.list_queue(caller, session, wanted, skipped=skipped, limit=LISTED + 1)
    waits = {
        one.shown.conversation.id: Wait(
            queue_position, one.entry.entered_at, one.entry.waiting_reason
        )
        for queue_position, one in enumerate(queue[:LISTED], start=skipped + 1)
    }
    return Listing(
        view=View.waiting,
        conversations=[ConversationOut.of(one.shown) for one in queue[:LISTED]],
        counts=await around.count_open(caller, session),
        waits=waits,
        part=part,
        next=write_cursor([str(skipped + LISTED)]) if len(queue) > LISTED else None,
    )


async def load_offers(session: AsyncSession, user: PageUser) -> list[ConversationOut]:
    """Return the conversations offered to the user now."""
    shown = await looking.list_offered(user.caller, session)
    return [ConversationOut.of(each) for each in shown]
