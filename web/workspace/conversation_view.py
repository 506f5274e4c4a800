"""One conversation with all that its page shows of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.list_cursors import read_position, written_position
from api.schemas.consumers import ConsumerDetail
from api.schemas.conversations import ConversationOut
from api.schemas.shared import Page, page_of
from database.queries.conversations import ListedConversation
from database.queries.workspace import Names
from domain.conversation.kinds import Status
from domain.conversation.permissions import Rights
from services.caller import Caller
from services.consumers import consumer_shown
from services.looking import conversations as looking
from services.looking import workspace as around
from services.uploading import may_send
from web.page_context import PageUser
from web.workspace import timeline
from web.workspace.languages import ShownLanguage, load_language
from web.workspace.origins import Began, how_it_began
from web.workspace.rights import Onlooker, rights
from web.workspace.timeline import Timeline
from web.workspace.upcoming import ScheduledLine, Upcoming, scheduled_lines, upcoming

EARLIER = 6
"""Earlier conversations shown at once."""


@dataclass(frozen=True)
class ConversationView:
    """A conversation with all that is shown of it."""

    conversation: ConversationOut
    began: Began | None
    consumer: ConsumerDetail
    rights: Rights
    upcoming: Sequence[Upcoming]
    scheduled: Sequence[ScheduledLine]
    language: ShownLanguage
    timeline: Timeline
    earlier: Page[ConversationOut]
    may_send_pictures: bool
    may_block: bool
    smart_encoding: bool
    """Of its line: how the segments of a reply are counted."""


async def load_conversation(
    session: AsyncSession,
    user: PageUser,
    conversation_id: UUID,
    names: Names,
    *,
    entries: int = timeline.ENTRIES,
) -> ConversationView:
    """Return a conversation that the user may see. Raises `NotFound`."""
    caller = user.caller
    shown = await looking.find_conversation(caller, session, conversation_id)
    conversation = ConversationOut.of(shown)
    consumer = ConsumerDetail.shown(await consumer_shown(session, caller, shown.consumer))
    onlooker = await _onlooker(session, user, conversation)
    allowed = rights(user.person, conversation, consumer, onlooker)
    texts = scheduled_lines(conversation, user.person, names.agents, may_handle=allowed.may_handle)
    return ConversationView(
        conversation=conversation,
        began=how_it_began(conversation.origin),
        consumer=consumer,
        rights=allowed,
        upcoming=upcoming(conversation, texts, user.person),
        scheduled=texts,
        language=await load_language(session, caller, shown),
        timeline=await timeline.latest(caller, session, conversation_id, names, limit=entries),
        earlier=await load_earlier(session, caller, shown),
        may_send_pictures=await may_send(caller, session, conversation_id),
        may_block=user.person.supervises,
        smart_encoding=await around.encodes_smartly(caller, session, conversation.line_id),
    )


async def load_earlier(
    session: AsyncSession, caller: Caller, shown: ListedConversation, before: str | None = None
) -> Page[ConversationOut]:
    """Return the consumer's other closed conversations, newest first. Raises `Invalid`."""
    found = await looking.list_earlier(
        caller, session, shown, after=read_position(before), limit=EARLIER + 1
    )
    return page_of(found, EARLIER, ConversationOut.of, written_position)


async def _onlooker(
    session: AsyncSession, user: PageUser, conversation: ConversationOut
) -> Onlooker:
    caller = user.caller
    if user.person.supervises:
        joined = await around.has_joined(caller, session, conversation.id)
        return Onlooker(has_joined=joined, may_pick=True)
    if conversation.status is not Status.waiting:
        return Onlooker()
    return Onlooker(may_pick=await around.may_pick(caller, session, conversation.id))
