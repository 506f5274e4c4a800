"""Endpoints, which events are posted to: how far each is, what waits, and what was tried."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer, LargeBinary
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now


class Endpoint(Table):
    """Where an account's events are posted. Everything its workflow must remember is here.

    `read_to`: the last event that was looked at; later ones are still to be posted. Of earlier ones
    those that were not taken have a row of `EndpointDelivery`.
    """

    __tablename__ = "endpoint"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str]
    url: Mapped[str]
    kinds: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The chosen kinds of events; None: all, also those that do not exist yet."""
    includes_texts: Mapped[bool]
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    previous_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_until: Mapped[datetime | None]
    """Until when posts are also signed with the previous secret."""
    created_at: Mapped[datetime] = created_now()
    retired_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    pause_reason: Mapped[str | None]
    """`domain.endpoints.kinds.PauseReason`."""
    read_to: Mapped[int] = mapped_column(BigInteger)
    turn: Mapped[int] = mapped_column(BigInteger, server_default=sql("0"))
    """Whose turn it is to write: a worker that began earlier, or does not know of a change by
    people, writes nothing any more.
    """
    is_waiting: Mapped[bool] = mapped_column(server_default=sql("true"))
    """No worker posts to it: who wants it to be looked at must wake its workflow."""
    is_stirred: Mapped[bool] = mapped_column(server_default=sql("true"))
    """People have changed it: it is looked at even if there is no new event."""
    seen_at: Mapped[datetime] = created_now()
    """When a worker last wrote to it."""
    due_at: Mapped[datetime | None]
    """When its workflow looks at it again by itself."""
    failures: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    """In a row."""
    failing_since: Mapped[datetime | None]
    hold_until: Mapped[datetime | None]
    """Nothing is posted before."""
    ping_id: Mapped[UUID | None]
    """A test that somebody asked for."""
    __table_args__ = (Index("ix_endpoint_account_id", "account_id"),)


class EndpointDelivery(Table):
    """An event that an endpoint did not take, or that waits behind one."""

    __tablename__ = "endpoint_delivery"
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("endpoint.id"), primary_key=True)
    event_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    lane: Mapped[str]
    """Its conversation's id; empty for events without one."""
    state: Mapped[str]
    """`domain.endpoints.kinds.DeliveryState`."""
    tries: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    """Of the last attempt: `domain.endpoints.outcomes.PostOutcome`."""
    __table_args__ = (
        Index("ix_endpoint_delivery_endpoint_id_state", "endpoint_id", "state", "event_id"),
        Index("ix_endpoint_delivery_due_at", "due_at"),
    )


class EndpointAttempt(Table):
    """A post to an endpoint and what became of it, for a set time."""

    __tablename__ = "endpoint_attempt"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("endpoint.id"))
    event_id: Mapped[int | None] = mapped_column(BigInteger)
    """None: a test."""
    kind: Mapped[str]
    conversation_id: Mapped[UUID | None]
    webhook_id: Mapped[str]
    at: Mapped[datetime]
    milliseconds: Mapped[int] = mapped_column(Integer)
    status: Mapped[int | None] = mapped_column(Integer)
    outcome: Mapped[str]
    answer: Mapped[str]
    """The first characters of the receiver's answer."""
    __table_args__ = (
        Index("ix_endpoint_attempt_endpoint_id_id", "endpoint_id", "id"),
        Index("ix_endpoint_attempt_at", "at"),
    )
