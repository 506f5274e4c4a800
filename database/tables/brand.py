"""The brand: accounts, connectors, skills, lines and working hours."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.tables.base import Table, created_now
from domain.courtesies.policy import ANSWERS_WITHIN, SHOWN_WITHIN
from domain.routing.load import IDLE_AFTER, IDLE_WEIGHT


class Account(Table):
    """A brand, and its settings for conversations."""

    __tablename__ = "account"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    brand: Mapped[str]
    """The name consumers read, the {brand} of automatic messages."""
    language: Mapped[str] = mapped_column(server_default="en")
    time_zone: Mapped[str] = mapped_column(server_default="UTC")
    auto_close_seconds: Mapped[int] = mapped_column(server_default=sql("7776000"))
    agent_transfer_fallback_seconds: Mapped[int] = mapped_column(server_default=sql("7200"))
    default_capacity: Mapped[int] = mapped_column(server_default=sql("5"))
    capacity_mode: Mapped[str] = mapped_column(server_default="plain")
    """`domain.routing.kinds.CapacityMode`."""
    accept_mode: Mapped[str] = mapped_column(server_default="auto_accept")
    """`domain.routing.kinds.AcceptMode`."""
    ring_timeout_seconds: Mapped[int] = mapped_column(server_default=sql("30"))
    missed_offers_allowed: Mapped[int] = mapped_column(server_default=sql("3"))
    """Offers in a row an agent may let pass before they are set away; 0: any number."""
    affinity_seconds: Mapped[int] = mapped_column(server_default=sql("86400"))
    """How long a consumer is routed back to their last agent; 0: never."""
    has_warm_up: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Agents get one conversation at log-in, then one more per 90 s until full: ours, in
    `domain.routing.load`.
    """
    release_after_seconds: Mapped[int | None]
    """Time after which the conversations of an agent who left return to the queue; null: never."""
    default_skill_id: Mapped[str | None] = mapped_column(
        ForeignKey("skill.id", use_alter=True, name="fk_account_default_skill_id_skill")
    )
    """When set, the texts of every line go to this skill (default-skill routing)."""
    fallback_when: Mapped[str] = mapped_column(server_default="nobody_logged_in")
    """`domain.routing.kinds.FallbackWhen`."""
    text_precedence: Mapped[str] = mapped_column(server_default="language")
    """`domain.language_settings.TextPrecedence`: if language or scope decides between texts."""
    response_seconds: Mapped[int | None]
    """Response time in working hours (SLA); null: none."""
    first_response_seconds: Mapped[int | None]
    """The same for a consumer's first conversation; null: the same as `response_seconds`."""
    agent_silent_nudge_seconds: Mapped[int | None]
    """An agent who is silent for this long, in working hours, is nudged; null: never."""
    agent_silent_reroute_seconds: Mapped[int | None]
    """After this silence, in working hours, the conversation returns to the queue; null: never."""
    thanks_shown_seconds: Mapped[int] = mapped_column(
        server_default=sql(str(round(SHOWN_WITHIN.total_seconds())))
    )
    """How long after the end thanks and reactions open nothing; 0: they always open."""
    thanks_need_answer: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether thanks and reactions start the response clock of an open conversation."""
    automatic_replies_seconds: Mapped[int] = mapped_column(
        server_default=sql(str(round(ANSWERS_WITHIN.total_seconds())))
    )
    """How soon after our text a phone's own answer comes; 0: none is recognised."""
    push_shows_text: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether pushes to people's browsers and phones hold texts and consumers' names."""
    keywords: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    """Its own words for STOP, START and HELP: see `database.queries.account_keywords`."""
    opt_out_reach: Mapped[str] = mapped_column(server_default="account")
    """`domain.consent.reach.Reach`: what a STOP opts out of."""
    holds_quiet_hours: Mapped[bool] = mapped_column(server_default=sql("true"))
    """Texts that nobody asked for wait for the hours of their place."""
    texts_from: Mapped[time | None]
    texts_until: Mapped[time | None]
    """Stricter hours of its own, by the consumer's local time; null: those of the place."""
    first_text_check: Mapped[str] = mapped_column(server_default="append")
    """`domain.consent.first_texts.FirstTextCheck`: what becomes of an incomplete first text."""
    needs_consent: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Agents open conversations only with consumers who have texted or whose consent is recorded.
    """
    queues_programs: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Texts of short codes and names wait for an agent."""
    alert_waiting_seconds: Mapped[int | None] = mapped_column(server_default=sql("600"))
    """Managers are alerted to a conversation that waits for longer; null: never."""
    alerts_nobody_online: Mapped[bool] = mapped_column(server_default=sql("true"))
    """Managers are alerted when conversations wait and nobody with the skill is online."""
    alerts_texts_not_passing: Mapped[bool] = mapped_column(server_default=sql("true"))
    """Managers are alerted to connectors out of order, and to texts that are refused."""
    agent_texts_a_minute: Mapped[int | None] = mapped_column(Integer, server_default=sql("60"))
    """The most that one person, or programs for them, text in a minute. Null: any number."""
    agent_texts_a_day: Mapped[int | None] = mapped_column(Integer, server_default=sql("2000"))
    line_texts_a_minute: Mapped[int | None] = mapped_column(Integer)
    line_texts_a_day: Mapped[int | None] = mapped_column(Integer)
    account_texts_a_minute: Mapped[int | None] = mapped_column(Integer)
    account_texts_a_day: Mapped[int | None] = mapped_column(Integer)
    audit_kept_days: Mapped[int] = mapped_column(Integer, server_default=sql("730"))
    """How long what was changed, read and exported stays in the audit log."""
    retention_days: Mapped[int | None]
    """How long after its end a conversation's content is kept; null: for good."""
    masks_cards: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Numbers of payment cards in consumers' texts are masked before anything is stored."""
    created_at: Mapped[datetime] = created_now()


class Connector(Table):
    """An account's connection to one provider. `secret`: its credentials, encrypted."""

    __tablename__ = "connector"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    provider: Mapped[str]
    name: Mapped[str]
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    api_url: Mapped[str | None]
    """The provider's address when it is not the official one (development: the simulator)."""
    prefix: Mapped[str] = mapped_column(server_default="")
    """Text put before every automatic message."""
    resend_unconfirmed: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether to send a text again if its answer was lost and the provider does not list it."""
    may_overtake_unconfirmed: Mapped[bool] = mapped_column(server_default=sql("true"))
    """Whether later texts may be sent before it is known whether an earlier one was."""
    segments: Mapped[str] = mapped_column(server_default="separate")
    """`domain.text.joining.Segments`: whether parts of consumers' long texts are joined."""
    join_window_seconds: Mapped[int] = mapped_column(server_default=sql("60"))
    """How long a long text waits for its parts, from the first one on."""
    filed_after_seconds: Mapped[int] = mapped_column(server_default=sql("86400"))
    """A text that is fetched later than this after it was sent is filed, and not acted on."""
    give_up_seconds: Mapped[int] = mapped_column(Integer, server_default=sql("14400"))
    """A text that could not leave for this long fails: see `domain.delivery.pacing`."""
    created_at: Mapped[datetime] = created_now()
    retired_at: Mapped[datetime | None]


class Skill(Table):
    __tablename__ = "skill"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    priority: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    auto_close_seconds: Mapped[int | None]
    fallback_skill_id: Mapped[str | None] = mapped_column(ForeignKey("skill.id"))
    """The skill that takes new conversations while this skill has no agents. No loops."""
    transfer_targets: Mapped[str] = mapped_column(server_default="all")
    """`domain.settings.kinds.TransferTargets`: the skills its conversations may be moved to."""
    idle_after_seconds: Mapped[int] = mapped_column(
        server_default=sql(str(round(IDLE_AFTER.total_seconds())))
    )
    idle_weight: Mapped[float] = mapped_column(server_default=sql(str(IDLE_WEIGHT)))
    """The load of a conversation whose consumer has been silent for `idle_after_seconds`."""
    response_seconds: Mapped[int | None]
    first_response_seconds: Mapped[int | None]
    thanks_shown_seconds: Mapped[int | None]
    thanks_need_answer: Mapped[bool | None]
    automatic_replies_seconds: Mapped[int | None]
    has_own_hours: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Working hours of its own instead of the account's."""
    survey_after_auto_close: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether the survey also runs when a timer closed the conversation."""
    needs_closing_reason: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether people close its conversations with a reason only."""
    may_skip_rating: Mapped[bool] = mapped_column(server_default=sql("false"))
    """Whether people may close its conversations without asking for a rating."""
    retention_days: Mapped[int | None]
    """Of its own conversations; null: as the account keeps them."""
    created_at: Mapped[datetime] = created_now()
    retired_at: Mapped[datetime | None]


class Line(Table):
    __tablename__ = "line"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    connector_id: Mapped[str] = mapped_column(ForeignKey("connector.id"))
    name: Mapped[str]
    address: Mapped[str]
    """E.164 number, short code, or Messaging Service SID."""
    kind: Mapped[str]
    """`domain.numbers.kinds.LineKind`."""
    entry_skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"))
    priority: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    language: Mapped[str | None]
    segments_per_second: Mapped[float | None] = mapped_column(Float)
    """Of all its texts. Null: see `domain.delivery.pacing.pace_of`."""
    smart_encoding: Mapped[bool] = mapped_column(server_default=sql("false"))
    """The provider replaces characters that GSM-7 lacks: `domain.text.smart_encoding`."""
    countries: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """ISO 3166 codes of the countries that may be texted first. Null: its own."""
    created_at: Mapped[datetime] = created_now()
    retired_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "uq_line_account_id_address",
            "account_id",
            sql("lower(address)"),
            unique=True,
            postgresql_where=sql("retired_at IS NULL"),
        ),
    )


class LineSetUp(Table):
    """A line whose texts the provider was made to post here, by us."""

    __tablename__ = "line_set_up"
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"), primary_key=True)
    replaced: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Where its texts went before: `inbound` and `fallback`."""
    set_up_at: Mapped[datetime | None]
    """Null: the provider has not confirmed it."""


class LineHealth(Table):
    """What the last check of a line found."""

    __tablename__ = "line_health"
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"), primary_key=True)
    checked_at: Mapped[datetime]
    findings: Mapped[list[Any]] = mapped_column(JSONB)
    broken_since: Mapped[datetime | None]
    """Null: nothing was found that keeps its texts from passing."""


class LineTest(Table):
    """A text with which somebody tried a line, sent like every text without a conversation."""

    __tablename__ = "line_test"
    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("message.id", ondelete="CASCADE"), primary_key=True
    )
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"))
    made_by: Mapped[str]
    """A person's or a token's id."""
    made_at: Mapped[datetime]
    __table_args__ = (
        Index("ix_line_test_line", "line_id", "made_at"),
        Index("ix_line_test_made_by", "made_by", "made_at"),
    )


class TextCount(Table):
    """How many texts there were of somebody, or a line, or an account, since a time."""

    __tablename__ = "text_count"
    what: Mapped[str] = mapped_column(primary_key=True)
    began_at: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    texts: Mapped[int] = mapped_column(Integer)


class BoundHit(Table):
    """When a bound of texts was last reached on a line."""

    __tablename__ = "bound_hit"
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"), primary_key=True)
    last_at: Mapped[datetime]


class SkillTransferTarget(Table):
    """An allowed target of transfers, where a skill has a list."""

    __tablename__ = "skill_transfer_target"
    skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"), primary_key=True)
    target_id: Mapped[str] = mapped_column(ForeignKey("skill.id"), primary_key=True)


class LineKeyword(Table):
    """A first text that begins with this word goes to this skill instead of the line's own."""

    __tablename__ = "line_keyword"
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"), primary_key=True)
    keyword: Mapped[str] = mapped_column(primary_key=True)
    """One word, folded as `domain.text.folding.fold` does."""
    skill_id: Mapped[str] = mapped_column(ForeignKey("skill.id"))


class CatchUp(Table):
    """How far a line's texts were compared with its provider's list."""

    __tablename__ = "catch_up"
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"), primary_key=True)
    complete_until: Mapped[datetime]
    """The provider's texts until then are all here."""
    next_page: Mapped[str | None]
    """Where a list that was too long for one run goes on, in the provider's words."""
    began_at: Mapped[datetime | None]
    """Until when the list that goes on there will be complete."""
    last_run_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    """Since when no run could read the provider's list."""
    failure_code: Mapped[str | None]
    found: Mapped[int] = mapped_column(BigInteger, server_default=sql("0"))
    """Texts found so far that no webhook had brought."""
    last_found_at: Mapped[datetime | None]


class LineRefusal(Table):
    """Texts that came to a line's webhook and were not for it: a wrong setting at the provider."""

    __tablename__ = "line_refusal"
    line_id: Mapped[str] = mapped_column(ForeignKey("line.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    """`domain.numbers.kinds.Misdirected`."""
    first_at: Mapped[datetime] = created_now()
    last_at: Mapped[datetime] = created_now()
    times: Mapped[int] = mapped_column(BigInteger, server_default=sql("1"))


class WorkingPeriod(Table):
    """A weekly period of an account, or of a skill with hours of its own.

    Minutes from midnight, local time; `closes_minute` above 1440 runs into the next day.
    """

    __tablename__ = "working_period"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    skill_id: Mapped[str | None] = mapped_column(ForeignKey("skill.id"))
    weekday: Mapped[int] = mapped_column(Integer)
    """0 is Monday."""
    opens_minute: Mapped[int] = mapped_column(Integer)
    closes_minute: Mapped[int] = mapped_column(Integer)


class SpecialDay(Table):
    """A date that overrides the week: closed, or open at the hours given."""

    __tablename__ = "special_day"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    skill_id: Mapped[str | None] = mapped_column(ForeignKey("skill.id"))
    day: Mapped[date]
    name: Mapped[str]
    periods: Mapped[list[Any]] = mapped_column(JSONB, server_default=sql("'[]'"))
    """Pairs of minutes from midnight; an empty list: closed all day."""
    __table_args__ = (
        UniqueConstraint("account_id", "skill_id", "day", postgresql_nulls_not_distinct=True),
    )


class AwayReason(Table):
    """An account's own reason for agents to be away; at most 10."""

    __tablename__ = "away_reason"
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str]
    __table_args__ = (UniqueConstraint("account_id", "name"),)
