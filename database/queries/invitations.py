"""Invitations: texts without a conversation that wait for a reply."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import standalone
from database.queries.standalone import NewText
from database.tables import Invitation
from domain.conversation.kinds import Author
from domain.delivery.message_status import MessageStatus
from domain.origins.kinds import OriginKind
from domain.origins.origin import NO_CONTEXT, Context

INVITE_ALL = sql("""
    WITH row AS (
        SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb))
            AS row (id uuid, consumer_id uuid, text text, segments int, encoding text)
    ), written AS (
        INSERT INTO message (id, account_id, line_id, consumer_id, author, text, segments, encoding,
            written_at, status, look_up_at, maybe_sent_since)
        SELECT id, :account_id, :line_id, consumer_id, :author, text, segments, encoding,
            :now, :status, :now, CAST(:maybe_sent_since AS timestamptz)
        FROM row
        ON CONFLICT (id) DO NOTHING
        RETURNING id, consumer_id
    )
    INSERT INTO invitation (message_id, account_id, line_id, consumer_id, kind, origin_id, title,
        skill_id, context, invited_at, look_back_seconds)
    SELECT id, :account_id, :line_id, consumer_id, :kind, :origin_id, :title, :skill_id,
        CAST(:context AS jsonb), :now, :look_back_seconds
    FROM written
""")


@dataclass(frozen=True)
class TextOfMany:
    """One of many texts with the same invitation."""

    id: UUID
    consumer_id: UUID
    text: str
    segments: int
    encoding: str


@dataclass(frozen=True)
class InvitationOfMany:
    """What is the same for many texts. `maybe_sent_since`: they may have left before, at this time
    at the earliest, so each is looked up first.
    """

    account_id: str
    line_id: str
    kind: OriginKind
    origin_id: str
    title: str
    skill_id: str
    look_back_seconds: int
    context: Context
    now: datetime
    maybe_sent_since: datetime | None = None


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


async def invite_all(
    session: AsyncSession, invitation: InvitationOfMany, texts: Sequence[TextOfMany]
) -> None:
    """Queue many texts with their invitations in one statement, except those that are known."""
    rows = [
        {
            "id": str(one.id),
            "consumer_id": str(one.consumer_id),
            "text": one.text,
            "segments": one.segments,
            "encoding": one.encoding,
        }
        for one in texts
    ]
    values = {
        "rows": json.dumps(rows),
        "account_id": invitation.account_id,
        "line_id": invitation.line_id,
        "author": Author.system.value,
        "status": MessageStatus.queued.value,
        "kind": invitation.kind.value,
        "origin_id": invitation.origin_id,
        "title": invitation.title,
        "skill_id": invitation.skill_id,
        "context": invitation.context.model_dump_json(exclude_defaults=True),
        "look_back_seconds": invitation.look_back_seconds,
        "now": invitation.now,
        "maybe_sent_since": invitation.maybe_sent_since,
    }
    await session.execute(INVITE_ALL, values)
