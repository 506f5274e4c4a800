"""Invitations: texts without a conversation that wait for a reply."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import standalone
from database.queries.standalone import NewText
from database.tables import Invitation
from domain.origins.kinds import OriginKind
from domain.origins.origin import NO_CONTEXT, Context


@dataclass(frozen=True)
class NewInvitation:
    """A text to a consumer, and what its reply opens. `origin_id`: of notification, batch or call.

    `title`: for people. `look_back`: how long after it left a reply belongs to it.
    """

    text: NewText
    kind: OriginKind
    origin_id: str
    title: str
    skill_id: str
    look_back: timedelta
    context: Context = NO_CONTEXT


async def invite(session: AsyncSession, new: NewInvitation) -> bool:
    """Queue the text with its invitation; returns whether its id was new."""
    if not await standalone.add(session, new.text):
        return False
    row = {
        "message_id": new.text.id,
        "account_id": new.text.account_id,
        "line_id": new.text.line_id,
        "consumer_id": new.text.consumer_id,
        "kind": new.kind.value,
        "origin_id": new.origin_id,
        "title": new.title,
        "skill_id": new.skill_id,
        "context": new.context.model_dump(mode="json", exclude_defaults=True),
        "invited_at": new.text.written_at,
        "look_back_seconds": round(new.look_back.total_seconds()),
    }
    await session.execute(insert(Invitation).values(row))
    return True
