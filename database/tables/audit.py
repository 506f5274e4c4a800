"""The audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table


class AuditEntry(Table):
    """Something that was changed, read or exported. Rows are only added, by triggers mostly.

    It has no foreign keys: it outlives what it is about.
    """

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor: Mapped[str | None]
    """A person's or a token's id. Null: the system."""
    agent_id: Mapped[str | None]
    """The person who acted, themselves or by a program."""
    door: Mapped[str | None]
    """`page`, `api` or `command line`."""
    address: Mapped[str | None]
    request_id: Mapped[str | None]
    action: Mapped[str]
    """`domain.settings.auditing.Action`."""
    subject: Mapped[str]
    """A table's name, or what was read."""
    subject_id: Mapped[str]
    name: Mapped[str | None]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    after: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    __table_args__ = (
        Index("ix_audit_entry_account", "account_id", "id"),
        Index("ix_audit_entry_at", "at"),
        Index("ix_audit_entry_read", "subject_id", "at", postgresql_where=sql("action = 'read'")),
    )
