"""The lists of the workspace: the agent's own conversations, the queue, all of them, offers."""

from collections.abc import Sequence

from api.clock import utc_now
from api.list_cursors import read_position, written_position
from api.schemas.shared import after_number, write_cursor
from database.queries.conversations import ListedConversation
from services.looking import conversations as looking
from services.looking import workspace as around
from services.looking.conversations import ConversationQuery, View
from web.workspace import wire
from web.workspace.rows import rows
from web.workspace.transcript import Reader

AT_ONCE = 100
"""Conversations that are read at once of the queue and of the list of all."""


async def load_listing(reader: Reader, view: View, cursor: str | None = None) -> wire.Listing:
    """Return a list: an agent's own whole, the others a hundred conversations at a time.

    The queue is in the order of service, the list of all has the newest first. Raises `Invalid`
    for a cursor that is not of this list.
    """
    shown, following = await _read(reader, view, cursor)
    return wire.Listing(
        view=view.value,
        as_of=reader.as_of,
        now=utc_now(),
        conversations=await rows(reader.session, reader.caller, shown, reader.names, reader.as_of),
        counts=await load_counts(reader),
        next=following,
    )


async def load_counts(reader: Reader) -> wire.Counts:
    return wire.Counts.model_validate(await around.count_open(reader.caller, reader.session))


async def load_offers(reader: Reader) -> list[wire.Row]:
    """Return the conversations offered to the reader now, the first to lapse first."""
    shown = await looking.list_offered(reader.caller, reader.session)
    return await rows(reader.session, reader.caller, shown, reader.names, reader.as_of)


async def _read(
    reader: Reader, view: View, cursor: str | None
) -> tuple[Sequence[ListedConversation], str | None]:
    match view:
        case View.mine:
            return await looking.list_held(reader.caller, reader.session), None
        case View.waiting:
            return await _queue(reader, cursor)
        case View.all | View.snoozed | View.mentions:
            return await _all(reader, view, cursor)


async def _all(
    reader: Reader, view: View, cursor: str | None
) -> tuple[Sequence[ListedConversation], str | None]:
    found = await looking.list_conversations(
        reader.caller,
        reader.session,
        ConversationQuery(view),
        after=read_position(cursor),
        limit=AT_ONCE + 1,
    )
    shown = found[:AT_ONCE]
    return shown, write_cursor(written_position(shown[-1])) if len(found) > AT_ONCE else None


async def _queue(
    reader: Reader, cursor: str | None
) -> tuple[Sequence[ListedConversation], str | None]:
    skipped = min(after_number(cursor) or 0, looking.FURTHEST)
    found = await looking.list_queue(
        reader.caller,
        reader.session,
        ConversationQuery(View.waiting),
        skipped=skipped,
        limit=AT_ONCE + 1,
    )
    following = write_cursor([str(skipped + AT_ONCE)]) if len(found) > AT_ONCE else None
    return [one.shown for one in found[:AT_ONCE]], following
