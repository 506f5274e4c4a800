"""Phone calls that are answered by a text, and the menus that callers hear."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Integer, UniqueConstraint, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


class Menu(Table):
    """A menu. All that callers hear is in its versions."""

    __tablename__ = "menu"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    """The present one."""
    created_at: Mapped[datetime] = created_now()
    retired_at: Mapped[datetime | None]


class MenuVersion(Table):
    """A menu as it was from one edit to the next. It is kept: consents name it."""

    __tablename__ = "menu_version"
    menu_id: Mapped[str] = mapped_column(ForeignKey("menu.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    design: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """`domain.calls.menu.Design`."""
    created_at: Mapped[datetime] = created_now()
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    token_id: Mapped[str | None] = mapped_column(ForeignKey("api_token.id"))


class MenuNumber(Table):
    """A phone number whose calls get a menu."""

    __tablename__ = "menu_number"
    number: Mapped[str] = mapped_column(primary_key=True)
    """E.164."""
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    menu_id: Mapped[str] = mapped_column(ForeignKey("menu.id"), index=True)
    replaced: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What the provider called before the menu was set up there; null: it was not set up here."""
    set_up_at: Mapped[datetime | None]


class PhoneCall(Table):
    """A phone call, by a provider's webhooks or announced by another phone system."""

    __tablename__ = "phone_call"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    connector_id: Mapped[str | None] = mapped_column(ForeignKey("connector.id"))
    provider_call_id: Mapped[str | None]
    """Of the provider; null for calls of another phone system."""
    caller: Mapped[str]
    """As the phone system wrote it."""
    called: Mapped[str] = mapped_column(server_default="")
    consumer_id: Mapped[UUID | None] = mapped_column(ForeignKey("consumer.id"))
    """Set once the caller is texted, or has asked for it."""
    menu_id: Mapped[str | None] = mapped_column(ForeignKey("menu.id"))
    menu_version: Mapped[int | None] = mapped_column(Integer)
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"))
    skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"))
    language: Mapped[str]
    look_back_seconds: Mapped[int] = mapped_column(Integer)
    began_at: Mapped[datetime] = created_now()
    ending: Mapped[str | None]
    """`domain.calls.course.Ending`; null: it goes on, or nobody told."""
    ended_at: Mapped[datetime | None]
    connected_at: Mapped[datetime | None]
    passed_on_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    """When the caller asked for a text; null: they did not."""
    asked: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """The evidence: `database.queries.calls.Evidence`."""
    why_not: Mapped[str | None]
    """`domain.calls.kinds.WhyNot`: why no text left."""
    own_text: Mapped[str | None]
    """The words of the text where another phone system gave them; null: the menu's."""
    text_due_at: Mapped[datetime | None]
    """When a text for a missed call is decided."""
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("message.id"))
    """The one text for this call."""
    texted_at: Mapped[datetime | None]
    maybe_sent_since: Mapped[datetime | None]
    """Set after a restore (`database.restored`): its text may have left, though no row knows of it.
    """
    __table_args__ = (
        UniqueConstraint("connector_id", "provider_call_id"),
        ForeignKeyConstraint(
            ["menu_id", "menu_version"], ["menu_version.menu_id", "menu_version.version"]
        ),
        Index("ix_phone_call_account_id_began_at", "account_id", "began_at", "id"),
        Index(
            "ix_phone_call_kept",
            *("account_id", "began_at"),
            postgresql_where=sql("caller <> 'erased'"),
        ),
        Index(
            "ix_phone_call_text_due_at",
            "text_due_at",
            postgresql_where=sql("text_due_at IS NOT NULL"),
        ),
        Index(
            "ix_phone_call_consumer_id_texted_at",
            "consumer_id",
            "texted_at",
            postgresql_where=sql("texted_at IS NOT NULL"),
        ),
        Index(
            "ix_phone_call_message_id", "message_id", postgresql_where=sql("message_id IS NOT NULL")
        ),
    )
