"""The lists of the workspace: the agent's own conversations, the queue, all of them, offers."""

from dataclasses import replace

from api.clock import shared_now
from api.conversation_lists import read_list
from domain.conversation.urgency import ListOrder
from services.looking import conversations as looking
from services.looking import workspace as around
from services.looking.conversations import ConversationQuery, View
from web.transcripts.reading import Reader
from web.workspace import wire
from web.workspace.rows import rows

OWN = (View.mine, View.snoozed)
"""Lists that begin with what is due first, so that no length hides what waits longest."""
AT_ONCE = 100
"""Conversations of a list that are read at once. More on demand, to its end."""


async def load_listing(
    reader: Reader, wanted: ConversationQuery, cursor: str | None = None
) -> wire.Listing:
    """Return a part of a list. Raises `Invalid` for a cursor that is not of this list."""
    caller, session = reader.caller, reader.session
    if wanted.order is None and wanted.view in OWN:
        wanted = replace(wanted, order=ListOrder.due_first)
    shown, following = await read_list(caller, session, wanted, cursor, AT_ONCE)
    return wire.Listing(
        view=wanted.view.value,
        as_of=reader.as_of,
        now=await shared_now(session),
        conversations=await rows(session, caller, shown, reader.names, reader.as_of),
        counts=await load_counts(reader),
        next=following,
    )


async def load_counts(reader: Reader) -> wire.Counts:
    return wire.Counts.model_validate(await around.count_open(reader.caller, reader.session))


async def load_offers(reader: Reader) -> list[wire.Row]:
    """Return the conversations offered to the reader now, the first to lapse first."""
    shown = await looking.list_offered(reader.caller, reader.session)
    return await rows(reader.session, reader.caller, shown, reader.names, reader.as_of)
