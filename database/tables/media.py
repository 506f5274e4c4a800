"""Files of conversations: pictures and others that consumers sent, pictures that agents send."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


class MediaFile(Table):
    """A file. A consumer's is fetched from the provider; an agent's was uploaded.

    Its bytes are in the media store, under a key made of account and id.
    """

    __tablename__ = "media_file"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    message_id: Mapped[UUID | None]
    """The consumer's text that it came with: the id of its inbound row, and of its message."""
    connector_id: Mapped[str | None] = mapped_column(ForeignKey("connector.id"))
    url: Mapped[str | None]
    """Where the provider keeps a consumer's file."""
    announced_type: Mapped[str] = mapped_column(server_default="")
    """The type that the provider or the uploader named."""
    conversation_id: Mapped[UUID | None]
    """The conversation that an agent's file was uploaded for."""
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    state: Mapped[str]
    """pending, stored or failed."""
    tries: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    try_at: Mapped[datetime | None]
    """The next attempt to fetch it, or the end of the attempt under way."""
    failure_code: Mapped[str | None]
    failure_sentence: Mapped[str | None]
    """The sentence the agent reads."""
    content_type: Mapped[str | None]
    """By its content."""
    ending: Mapped[str | None]
    """Of its name when it is downloaded."""
    size: Mapped[int | None] = mapped_column(Integer)
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    thumbnail_type: Mapped[str | None]
    """The content type of its thumbnail; none: it is shown as a download."""
    created_at: Mapped[datetime] = created_now()
    stored_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint(
            "(message_id IS NULL) <> (conversation_id IS NULL)", name="fetched_or_uploaded"
        ),
        Index("ix_media_file_try_at", "try_at", postgresql_where=sql("try_at IS NOT NULL")),
        Index(
            "ix_media_file_message_id",
            "message_id",
            postgresql_where=sql("message_id IS NOT NULL"),
        ),
        Index(
            "ix_media_file_conversation_id",
            "conversation_id",
            postgresql_where=sql("conversation_id IS NOT NULL"),
        ),
    )
