"""One conversation with all that its page shows besides its transcript."""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.schemas.consumers import ConsumerDetail
from database.queries.conversations import ListedConversation
from domain.conversation.kinds import Status
from services.consumers import consumer_shown
from services.looking import conversations as looking
from services.looking import workspace as around
from services.uploading import may_send
from web import scores
from web.page_context import PageUser
from web.transcripts.origins import how_it_began
from web.transcripts.reading import Reader
from web.workspace import wire
from web.workspace.languages import load_language
from web.workspace.past import load_earlier
from web.workspace.rights import Onlooker, rights
from web.workspace.rows import rows
from web.workspace.upcoming import scheduled_lines, upcoming


async def load_opened(reader: Reader, user: PageUser, conversation_id: UUID) -> wire.Opened:
    """Return a conversation that the user may see. Raises `NotFound`."""
    caller, session = reader.caller, reader.session
    shown = await looking.find_conversation(caller, session, conversation_id)
    row = (await rows(session, caller, [shown], reader.names, reader.as_of))[0]
    consumer = ConsumerDetail.shown(await consumer_shown(session, caller, shown.consumer))
    allowed = rights(user.person, row, consumer, await _onlooker(session, user, row))
    texts = scheduled_lines(row, user.person, reader.names, may_handle=allowed.may_handle)
    began = how_it_began(row.origin)
    return wire.Opened(
        conversation_id=conversation_id,
        as_of=reader.as_of,
        row=row,
        consumer=consumer,
        rights=wire.RightsOut.model_validate(
            asdict(allowed) | {"may_block": user.person.supervises}
        ),
        began=wire.BeganOut.model_validate(began) if began else None,
        upcoming=upcoming(row, texts, user.person),
        scheduled=texts,
        language=await _language(reader, shown),
        followed_up=[
            wire.FollowedUp(question=question, answer=answer)
            for question, answer in (scores.answers(row.survey) if row.survey else ())
        ],
        earlier=await load_earlier(reader, shown),
        may_send_pictures=await may_send(caller, session, conversation_id),
        smart_encoding=await around.encodes_smartly(caller, session, row.line_id),
    )


async def _language(reader: Reader, shown: ListedConversation) -> wire.LanguageOut:
    found = await load_language(reader.session, reader.caller, shown)
    choices = [wire.Language(code=code, name=name) for code, name in found.choices]
    return wire.LanguageOut(code=found.code, name=found.name, source=found.source, choices=choices)


async def _onlooker(session: AsyncSession, user: PageUser, row: wire.Row) -> Onlooker:
    if user.person.supervises:
        joined = await around.has_joined(user.caller, session, row.id)
        return Onlooker(has_joined=joined, may_pick=True)
    if row.status is not Status.waiting:
        is_mentioned = await around.is_mentioned(user.caller, session, row.id)
        return Onlooker(is_mentioned=is_mentioned)
    return Onlooker(may_pick=await around.may_pick(user.caller, session, row.id))
