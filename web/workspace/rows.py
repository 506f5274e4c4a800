"""Conversations as the workspace's page lists them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.schemas.conversations import ConversationOut
from database.queries.conversations import ListedConversation
from database.queries.workspace import Names
from database.tables import QueueEntry
from domain.conversation.kinds import Status
from services.caller import Caller
from services.looking import workspace as looking
from web import scores
from web.directions import isolated
from web.transcripts.wire import rating_of
from web.workspace.wire import Row, Wait


async def rows(
    session: AsyncSession,
    caller: Caller,
    shown: Sequence[ListedConversation],
    names: Names,
    as_of: int,
) -> list[Row]:
    """Return conversations as rows, in their order."""
    waiting = [one.conversation.id for one in shown if one.conversation.status == Status.waiting]
    waits = await looking.queue_entries(caller, session, waiting) if waiting else {}
    return [_row(one, names, waits, as_of) for one in shown]


def _row(
    shown: ListedConversation, names: Names, waits: Mapping[UUID, QueueEntry], as_of: int
) -> Row:
    conversation = ConversationOut.of(shown)
    entry = waits.get(conversation.id)
    return Row(
        **{name: getattr(conversation, name) for name in ConversationOut.model_fields},
        as_of=as_of,
        rating=rating_of(scores.of_survey(conversation.survey, names.scales)),
        wait=_wait(entry, names) if entry else None,
    )


def _wait(entry: QueueEntry, names: Names) -> Wait:
    reason = entry.waiting_reason
    return Wait(
        since=entry.entered_at,
        order=entry.effective_due_at,
        because=isolated(reason, names.said) if reason else None,
    )
