"""Consumers, their consent, and the texts received from them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
    func,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now
from domain.numbers.phone_numbers import key_of


def _phone(context: DefaultExecutionContext) -> str:
    row: dict[str, str] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return key_of(row["number"])


SORTED_IN_SOON: dict[str, Any] = {
    "postgresql_using": "gin",
    "postgresql_with": {"gin_pending_list_limit": 256},
}
NUMBER_PARTS = (
    "array_to_tsvector(array_remove(ARRAY["
    + ", ".join(f"substr(phone, {start})" for start in range(1, 15))
    + "], ''))"
)
"""The ends of a number from each of its digits on: any fragment begins one of them."""


class Consumer(Table):
    """A person who texts. Their id is part of workflow ids, so it is random and never reused."""

    __tablename__ = "consumer"
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    number: Mapped[str]
    """The number that texts are sent to, as the consumer last sent it or an agent typed it."""
    phone: Mapped[str] = mapped_column(default=_phone)
    """`domain.numbers.phone_numbers.Address.key` of their number, the same for all spellings."""
    name: Mapped[str | None]
    """With `email`, `note` and `fields` the same for all numbers that are merged."""
    email: Mapped[str | None]
    note: Mapped[str | None]
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    """Values of the account's own fields, by the fields' ids: texts, and booleans for yes or no."""
    revision: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    """How often people and programs changed the above, so that nobody overwrites another."""
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("consumer.id"))
    """The consumer this number was found to belong to; null: it stands for itself. That one is
    merged into nobody.
    """
    language: Mapped[str | None]
    language_source: Mapped[str | None]
    """`domain.language_settings.LanguageSource`: where the language comes from."""
    created_at: Mapped[datetime] = created_now()
    last_text_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]
    """When a manager blocked them; null: they are not blocked. `BlockEvent` says who and when."""
    blocked_reason: Mapped[str | None]
    erased_at: Mapped[datetime | None]
    """When everything about them was erased: what is left is a row without a number."""
    words: Mapped[str | None] = mapped_column(TSVECTOR, deferred=True)
    """What they are found by beside their number, as `database.queries.words` stores it."""
    __table_args__ = (
        UniqueConstraint("account_id", "phone"),
        Index(
            "ix_consumer_account_id_language",
            "account_id",
            "language",
            postgresql_where=sql("language IS NOT NULL"),
        ),
        # Short lists of what is yet to be sorted in: a row is new to them with each text.
        Index("ix_consumer_number_parts", sql(NUMBER_PARTS), **SORTED_IN_SOON),
        Index("ix_consumer_words", "words", **SORTED_IN_SOON),
        Index(
            "ix_consumer_merged_into_id",
            "merged_into_id",
            postgresql_where=sql("merged_into_id IS NOT NULL"),
        ),
        Index(
            "ix_consumer_account_seen",
            "account_id",
            sql("coalesce(last_text_at, created_at)"),
            "id",
        ),
    )


class Consent(Table):
    """A consumer's consent in one scope: `account`, `connector:<id>` or `line:<id>`.

    No row: never opted out.
    """

    __tablename__ = "consent"
    consumer_id: Mapped[UUID] = mapped_column(ForeignKey("consumer.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    is_opted_out: Mapped[bool] = mapped_column(Boolean)
    changed_at: Mapped[datetime] = created_now()


class ConsentEvent(Table):
    """A change of consent: who made it, when, how, for which scope. A trigger forbids updates."""

    __tablename__ = "consent_event"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    consumer_id: Mapped[UUID] = mapped_column(ForeignKey("consumer.id"), index=True)
    scope: Mapped[str]
    kind: Mapped[str]
    """`opted_out` or `opted_in`."""
    source: Mapped[str]
    """`domain.consent.sources.ConsentSource`."""
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    """The agent who recorded it, or on whose behalf a program did."""
    token_id: Mapped[str | None] = mapped_column(ForeignKey("api_token.id"))
    """The program that recorded it."""
    text: Mapped[str | None]
    inbound_id: Mapped[UUID | None]
    at: Mapped[datetime] = created_now()
    evidence: Mapped[str | None]
    """Where an imported consent came from, such as a form, what a caller heard and pressed, or why
    an agent opted the consumer out; null for other consents that were given here.
    """
    imported_at: Mapped[datetime | None]
    import_key: Mapped[bytes | None]
    """The digest of an imported row, so that it is imported once."""
    __table_args__ = (
        Index("uq_consent_event_import_key", "account_id", "import_key", unique=True),
        Index("ix_consent_event_account_id", "account_id", "id"),
    )


class BlockEvent(Table):
    """A block of a consumer, or its end: who made it, when and why. A trigger forbids updates."""

    __tablename__ = "block_event"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    consumer_id: Mapped[UUID] = mapped_column(ForeignKey("consumer.id"), index=True)
    kind: Mapped[str]
    """`blocked` or `unblocked`."""
    reason: Mapped[str | None]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    token_id: Mapped[str | None] = mapped_column(ForeignKey("api_token.id"))
    at: Mapped[datetime] = created_now()


class Inbound(Table):
    """A consumer's text as ingress stored it, before anything else happens with it.

    Partitioned by its month: see `database.partitions`.
    """

    __tablename__ = "inbound"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    connector_id: Mapped[str] = mapped_column(ForeignKey("connector.id"))
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"))
    consumer_id: Mapped[UUID] = mapped_column(ForeignKey("consumer.id"))
    provider_message_id: Mapped[str]
    text: Mapped[str]
    is_truncated: Mapped[bool] = mapped_column(server_default=sql("false"))
    media: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    keyword: Mapped[str | None]
    provider_handled: Mapped[bool] = mapped_column(server_default=sql("false"))
    """The provider itself confirms this keyword to the consumer."""
    wants_opt_out: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether it asks for no more texts in words other than a keyword."""
    raw: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    received_at: Mapped[datetime] = mapped_column(primary_key=True, server_default=func.now())
    sent_at: Mapped[datetime | None]
    """When the provider received it, if it was fetched because no webhook had brought it."""
    is_filed: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether it came too late to be acted on."""
    arrival: Mapped[int] = mapped_column(BigInteger, Identity())
    """The order of arrival within one consumer, whose row is locked while it is assigned."""
    handed_over_at: Mapped[datetime | None]
    hand_overs: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    """The number of hand-overs. A text that is in no transcript after a while is handed over again.
    """
    part_reference: Mapped[str | None]
    """Set for a text that is joined from parts: their reference."""
    part_total: Mapped[int | None] = mapped_column(Integer)
    """Set for a text that is joined from parts: how many it has."""
    joining_until: Mapped[datetime | None]
    """While it is set, the text waits for its parts, and the thread's later texts behind it."""
    __table_args__ = (
        Index("ix_inbound_consumer_id", "consumer_id"),
        Index(
            "ix_inbound_waiting",
            "line_id",
            "consumer_id",
            "arrival",
            postgresql_where=sql("handed_over_at IS NULL"),
        ),
        Index(
            "ix_inbound_handed_over_at",
            "handed_over_at",
            postgresql_where=sql("handed_over_at IS NOT NULL"),
        ),
        Index(
            "ix_inbound_joining_until",
            "joining_until",
            postgresql_where=sql("joining_until IS NOT NULL"),
        ),
        Index(
            "ix_inbound_part_reference",
            "line_id",
            "consumer_id",
            "part_reference",
            "received_at",
            postgresql_where=sql("part_reference IS NOT NULL"),
        ),
        {"postgresql_partition_by": "RANGE (received_at)"},
    )


class InboundKey(Table):
    """That a provider delivered a text: whoever writes the row writes the text, and nobody else.

    It makes a repeated webhook harmless, whatever the month. It goes with the text's month.
    """

    __tablename__ = "inbound_key"
    connector_id: Mapped[str] = mapped_column(ForeignKey("connector.id"), primary_key=True)
    provider_message_id: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[datetime]
    is_part: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether it is the first part of a long text, which has a row of `InboundPart` as well."""


class InboundPart(Table):
    """A part of a consumer's long text, as it arrived. It is kept after the text was joined."""

    __tablename__ = "inbound_part"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    connector_id: Mapped[str] = mapped_column(ForeignKey("connector.id"))
    provider_message_id: Mapped[str]
    inbound_id: Mapped[UUID]
    """The long text it belongs to."""
    number: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """In UTF-16, because it may begin or end with half of a surrogate pair."""
    media: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    is_copy: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether the text had this part already."""
    late_id: Mapped[UUID | None]
    """The text of its own that it became, because the long text did not wait for it any longer."""
    raw: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    received_at: Mapped[datetime] = created_now()
    __table_args__ = (
        UniqueConstraint("connector_id", "provider_message_id"),
        Index(
            "uq_inbound_part_inbound_id_number",
            "inbound_id",
            "number",
            unique=True,
            postgresql_where=sql("NOT is_copy"),
        ),
        Index("ix_inbound_part_late_id", "late_id", postgresql_where=sql("late_id IS NOT NULL")),
    )
