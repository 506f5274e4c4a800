"""The installation itself: its processes, and what operators did."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Float, Identity, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


class Installation(Table):
    """The one row that says which namespace of Temporal the database belongs to."""

    __tablename__ = "installation"
    is_here: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    id: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid())
    """The namespace holds it, too."""
    namespace: Mapped[str | None]
    """None until a worker has tied both."""

    __table_args__ = (CheckConstraint("is_here", name="one_row"),)


class Restore(Table):
    """A restore of the database to an earlier time: `database.restored`."""

    __tablename__ = "restore"
    restored_at: Mapped[datetime] = mapped_column(primary_key=True)
    """What came before may have been handled already, by the timeline that was given up."""
    back_to: Mapped[datetime]
    """Of then, at the earliest, is what the database has lost."""


class Process(Table):
    """A process of API or worker, which writes every few seconds that it is there."""

    __tablename__ = "process"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """`database.queries.operating.processes.ProcessKind`."""
    name: Mapped[str]
    """As it was given, or the machine's."""
    identity: Mapped[str]
    """By which Temporal knows it."""
    version: Mapped[str]
    """Of the package."""
    build_id: Mapped[str | None]
    """Of a versioned worker."""
    schema_revision: Mapped[str]
    """The newest migration that its code knows."""
    key_marks: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """`security.secrets.Keyring.marks`, the encrypting key's first; None: an older release."""
    clock_seconds: Mapped[float] = mapped_column(Float)
    """How far its clock is ahead of the database's."""
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime] = created_now()


class OperatorAction(Table):
    """Something that an operator did on the status page. Rows are only added."""

    __tablename__ = "operator_action"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = created_now()
    operator: Mapped[str]
    """The operator's name: it outlives the operator."""
    address: Mapped[str]
    remedy: Mapped[str]
    """`services.operating.troubles.Remedy`."""
    subject: Mapped[str]
    """The id of a conversation, a workflow or a text."""
    account_id: Mapped[str | None]
    outcome: Mapped[str]
    """`services.operating.freeing.Outcome`."""
