"""Notices, mentions, and how people are told while no page is open."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now
from domain.notices.kinds import CATALOGUE, NoticeKind

MERGED = ", ".join(f"'{kind}'" for kind, known in CATALOGUE.items() if known.merges)
IS_MERGED = f"read_at IS NULL AND kind IN ({MERGED})"
IS_OVERDUE = f"kind = '{NoticeKind.overdue}'"


class Notice(Table):
    """What a person is told. It holds ids: whoever reads it gets the words they may see now."""

    __tablename__ = "notice"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"))
    kind: Mapped[str]
    """`domain.notices.kinds.NoticeKind`."""
    conversation_id: Mapped[UUID | None]
    message_id: Mapped[UUID | None]
    """The text or note whose words it shows."""
    by_agent_id: Mapped[str | None]
    """The colleague who caused it."""
    why: Mapped[str | None]
    """What happened, where a kind has several causes."""
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    """What an alert is about."""
    times: Mapped[int] = mapped_column(Integer, server_default=sql("1"))
    """How often it happened since the person last read it."""
    at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """The response deadline that passed, or when the offer ends."""
    read_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_notice_agent_id_at", "agent_id", "at", "id"),
        Index("ix_notice_unread", "agent_id", postgresql_where=sql("read_at IS NULL")),
        Index("ix_notice_to_settle", "conversation_id", postgresql_where=sql("read_at IS NULL")),
        Index(
            "uq_notice_merged",
            *("agent_id", "conversation_id", "kind"),
            unique=True,
            postgresql_where=sql(IS_MERGED),
        ),
        Index(
            "uq_notice_overdue",
            *("agent_id", "conversation_id", "due_at"),
            unique=True,
            postgresql_where=sql(IS_OVERDUE),
        ),
    )


class NoticeReading(Table):
    """How far an account's events have become notices. Whoever locks the row reads on."""

    __tablename__ = "notice_reading"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    last_event_id: Mapped[int] = mapped_column(BigInteger)


class NoticePreference(Table):
    """What a person chose otherwise than the defaults: kind to channel to on or off."""

    __tablename__ = "notice_preference"
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    chosen: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))


class Mention(Table):
    """A colleague whom a note names, and who may therefore read its conversation."""

    __tablename__ = "mention"
    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), index=True)
    at: Mapped[datetime] = created_now()
    __table_args__ = (Index("ix_mention_agent_id_conversation_id", "agent_id", "conversation_id"),)


class PushSubscription(Table):
    """A browser that a person lets us push to. It counts while the log-in it was made in does."""

    __tablename__ = "push_subscription"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), index=True)
    session_hash: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    endpoint: Mapped[str] = mapped_column(Text, unique=True)
    """The address at the browser's push service, which only that service and we know."""
    p256dh: Mapped[str]
    auth: Mapped[str]
    """The browser's key and secret (RFC 8291), which payloads are encrypted for."""
    browser: Mapped[str]
    """Such as "Firefox on Linux", for its owner."""
    language: Mapped[str]
    """Of its page."""
    created_at: Mapped[datetime] = created_now()
    told_at: Mapped[datetime | None]
    """When the push service last took a push."""


class Push(Table):
    """A notice on its way to a browser. It goes when the push service took it, or it is too late.

    `due_at`: when it is sent, or sent again; whoever claims it moves this on first.
    """

    __tablename__ = "push"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"))
    subscription_id: Mapped[UUID] = mapped_column(
        ForeignKey("push_subscription.id", ondelete="CASCADE"), index=True
    )
    due_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    times: Mapped[int] = mapped_column(Integer)
    """How often the notice had happened: a later one replaces this push."""
    __table_args__ = (UniqueConstraint("notice_id", "subscription_id"),)


class PushKey(Table):
    """The installation's pair of keys for Web Push (VAPID), made once."""

    __tablename__ = "push_key"
    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    public_key: Mapped[str]
    private_key: Mapped[bytes] = mapped_column(LargeBinary)
    """Encrypted."""
    made_at: Mapped[datetime] = created_now()


class OpenPages(Table):
    """The people who have a page open at one API process. A process that died is forgotten."""

    __tablename__ = "open_pages"
    process_id: Mapped[UUID] = mapped_column(primary_key=True)
    agent_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))
    until: Mapped[datetime]
