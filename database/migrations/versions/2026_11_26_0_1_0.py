"""Every table of Switchboard 0.1.0.

They are written out here, apart from `database/tables`, which changes with later migrations.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")
EFFECTIVE_DUE_AT = (
    "((COALESCE(due_at, entered_at) AT TIME ZONE 'UTC') - priority * interval '1 minute')"
    " AT TIME ZONE 'UTC'"
)
"""When a waiting conversation is served: each minute of priority is one of waiting."""
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

REFUSE = """
    CREATE FUNCTION consent_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'consent_event is append-only';
    END
    $$
"""
TRIGGER = """
    CREATE TRIGGER consent_event_stays BEFORE UPDATE OR DELETE ON consent_event
    FOR EACH ROW EXECUTE FUNCTION consent_event_stays()
"""


def upgrade() -> None:
    _tables().create_all(op.get_bind(), checkfirst=False)
    op.execute(REFUSE)
    op.execute(TRIGGER)


def downgrade() -> None:
    _tables().drop_all(op.get_bind(), checkfirst=False)
    op.execute("DROP FUNCTION consent_event_stays()")


def _tables() -> sa.MetaData:
    schema = sa.MetaData(naming_convention=NAMES)
    for add in (
        _brand,
        _hours,
        _people,
        _proofs,
        _automatic_messages,
        _consumers,
        _conversations,
        _messages,
        _queue,
        _events,
    ):
        add(schema)
    return schema


def required(name: str, *more: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, *more, nullable=False, **options)


def optional(name: str, *more: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, *more, nullable=True, **options)


def of(table: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id")


def _brand(schema: sa.MetaData) -> None:
    """Accounts, how they reach providers, their skills and lines."""
    sa.Table(
        "account",
        schema,
        required("id", sa.Text, primary_key=True),
        required("name", sa.Text),
        required("brand", sa.Text),
        required("language", sa.Text, server_default="en"),
        required("time_zone", sa.Text, server_default="UTC"),
        required("auto_close_seconds", sa.Integer, server_default="7776000"),
        required("agent_transfer_fallback_seconds", sa.Integer, server_default="7200"),
        required("default_capacity", sa.Integer, server_default="5"),
        required("capacity_mode", sa.Text, server_default="plain"),
        required("accept_mode", sa.Text, server_default="auto_accept"),
        required("ring_timeout_seconds", sa.Integer, server_default="30"),
        required("missed_offers_allowed", sa.Integer, server_default="3"),
        required("affinity_seconds", sa.Integer, server_default="86400"),
        required("has_warm_up", sa.Boolean, server_default="false"),
        optional("release_after_seconds", sa.Integer),
        optional(
            "default_skill_id",
            sa.Text,
            sa.ForeignKey("skill.id", name="fk_account_default_skill_id_skill", use_alter=True),
        ),
        required("fallback_when", sa.Text, server_default="nobody_logged_in"),
        required("text_precedence", sa.Text, server_default="language"),
        optional("response_seconds", sa.Integer),
        optional("first_response_seconds", sa.Integer),
        optional("agent_silent_nudge_seconds", sa.Integer),
        optional("agent_silent_reroute_seconds", sa.Integer),
        required("keywords", JSONB, server_default="{}"),
        required("created_at", MOMENT, server_default=NOW),
    )
    sa.Table(
        "connector",
        schema,
        required("id", sa.Text, primary_key=True),
        required("account_id", sa.Text, of("account"), index=True),
        required("provider", sa.Text),
        required("name", sa.Text),
        required("secret", sa.LargeBinary),
        optional("api_url", sa.Text),
        required("prefix", sa.Text, server_default=""),
        required("resend_unconfirmed", sa.Boolean, server_default="false"),
        required("may_overtake_unconfirmed", sa.Boolean, server_default="true"),
        required("created_at", MOMENT, server_default=NOW),
        optional("retired_at", MOMENT),
    )
    sa.Table(
        "skill",
        schema,
        required("id", sa.Text, primary_key=True),
        required("account_id", sa.Text, of("account"), index=True),
        required("name", sa.Text),
        required("priority", sa.Integer, server_default="0"),
        optional("auto_close_seconds", sa.Integer),
        optional("fallback_skill_id", sa.Text, of("skill")),
        required("transfer_targets", sa.Text, server_default="all"),
        required("idle_after_seconds", sa.Integer, server_default="240"),
        required("idle_weight", sa.Double, server_default=sa.text("0.1")),
        optional("response_seconds", sa.Integer),
        optional("first_response_seconds", sa.Integer),
        required("has_own_hours", sa.Boolean, server_default="false"),
        required("survey_after_auto_close", sa.Boolean, server_default="false"),
        required("created_at", MOMENT, server_default=NOW),
        optional("retired_at", MOMENT),
    )
    sa.Table(
        "skill_transfer_target",
        schema,
        required("skill_id", sa.Text, of("skill"), primary_key=True),
        required("target_id", sa.Text, of("skill"), primary_key=True),
    )
    sa.Table(
        "line",
        schema,
        required("id", sa.Text, primary_key=True),
        required("account_id", sa.Text, of("account"), index=True),
        required("connector_id", sa.Text, of("connector")),
        required("name", sa.Text),
        required("address", sa.Text),
        required("kind", sa.Text),
        required("entry_skill_id", sa.Text, of("skill")),
        required("priority", sa.Integer, server_default="0"),
        optional("language", sa.Text),
        required("created_at", MOMENT, server_default=NOW),
        optional("retired_at", MOMENT),
        sa.Index(
            "uq_line_account_id_address",
            "account_id",
            sa.text("lower(address)"),
            unique=True,
            postgresql_where=sa.text("retired_at IS NULL"),
        ),
    )
    sa.Table(
        "line_keyword",
        schema,
        required("line_id", sa.Text, of("line"), primary_key=True),
        required("keyword", sa.Text, primary_key=True),
        required("skill_id", sa.Text, of("skill")),
    )
    sa.Table(
        "line_refusal",
        schema,
        required("line_id", sa.Text, of("line"), primary_key=True),
        required("reason", sa.Text, primary_key=True),
        required("first_at", MOMENT, server_default=NOW),
        required("last_at", MOMENT, server_default=NOW),
        required("times", sa.BigInteger, server_default=sa.text("1")),
    )


def _hours(schema: sa.MetaData) -> None:
    """Working hours of accounts and skills."""
    sa.Table(
        "working_period",
        schema,
        required("id", sa.BigInteger, sa.Identity(), primary_key=True),
        required("account_id", sa.Text, of("account"), index=True),
        optional("skill_id", sa.Text, of("skill")),
        required("weekday", sa.Integer),
        required("opens_minute", sa.Integer),
        required("closes_minute", sa.Integer),
    )
    sa.Table(
        "special_day",
        schema,
        required("id", sa.BigInteger, sa.Identity(), primary_key=True),
        required("account_id", sa.Text, of("account"), index=True),
        optional("skill_id", sa.Text, of("skill")),
        required("day", sa.Date),
        required("name", sa.Text),
        required("periods", JSONB, server_default="[]"),
        sa.UniqueConstraint("account_id", "skill_id", "day", postgresql_nulls_not_distinct=True),
    )


def _people(schema: sa.MetaData) -> None:
    """Who works there, and when they did."""
    sa.Table(
        "agent",
        schema,
        required("id", sa.Text, primary_key=True),
        required("account_id", sa.Text, of("account"), index=True),
        required("name", sa.Text),
        required("email", sa.Text),
        required("password_hash", sa.Text),
        required("role", sa.Text),
        required("state", sa.Text, server_default="offline"),
        optional("state_reason", sa.Text),
        required("state_since", MOMENT, server_default=NOW),
        optional("capacity", sa.Integer),
        optional("last_assigned_at", MOMENT),
        optional("online_since", MOMENT),
        required("missed_offers", sa.Integer, server_default="0"),
        required("may_pick", sa.Boolean, server_default="false"),
        required("created_at", MOMENT, server_default=NOW),
        optional("retired_at", MOMENT),
        sa.Index(
            "uq_agent_email_account_id",
            "email",
            "account_id",
            unique=True,
            postgresql_where=sa.text("retired_at IS NULL"),
        ),
    )
    sa.Table(
        "agent_skill",
        schema,
        required("agent_id", sa.Text, of("agent"), primary_key=True),
        required("skill_id", sa.Text, of("skill"), primary_key=True, index=True),
    )
    sa.Table(
        "away_reason",
        schema,
        required("id", sa.BigInteger, sa.Identity(), primary_key=True),
        required("account_id", sa.Text, of("account")),
        required("name", sa.Text),
        sa.UniqueConstraint("account_id", "name"),
    )
    sa.Table(
        "agent_state_period",
        schema,
        required("id", sa.BigInteger, sa.Identity(), primary_key=True),
        required("account_id", sa.Text, of("account")),
        required("agent_id", sa.Text, of("agent")),
        required("state", sa.Text),
        optional("reason", sa.Text),
        required("began_at", MOMENT),
        optional("ended_at", MOMENT),
        sa.Index("ix_agent_state_period_agent_began", "agent_id", "began_at"),
    )


def _proofs(schema: sa.MetaData) -> None:
    """How people, programs and operators prove who they are, and what a request was answered."""
    sa.Table(
        "session",
        schema,
        required("token_hash", sa.LargeBinary, primary_key=True),
        required("agent_id", sa.Text, of("agent"), index=True),
        required("created_at", MOMENT, server_default=NOW),
        required("expires_at", MOMENT),
    )
    sa.Table(
        "api_token",
        schema,
        required("id", sa.Text, primary_key=True),
        required("account_id", sa.Text, of("account"), index=True),
        required("name", sa.Text),
        required("token_hash", sa.LargeBinary, unique=True),
        required("role", sa.Text),
        required("created_at", MOMENT, server_default=NOW),
        optional("revoked_at", MOMENT),
    )
    sa.Table(
        "operator",
        schema,
        required("name", sa.Text, primary_key=True),
        required("token_hash", sa.LargeBinary, unique=True),
        required("created_at", MOMENT, server_default=NOW),
    )
    sa.Table(
        "idempotency",
        schema,
        required("account_id", sa.Text, of("account"), primary_key=True),
        required("caller", sa.Text, primary_key=True),
        required("key", sa.Text, primary_key=True),
        required("fingerprint", sa.Text),
        required("status", sa.Integer),
        required("body", JSONB),
        required("created_at", MOMENT, server_default=NOW),
    )


def _automatic_messages(schema: sa.MetaData) -> None:
    """What the system says by itself."""
    sa.Table(
        "automatic_message",
        schema,
        required("id", sa.BigInteger, sa.Identity(), primary_key=True),
        required("account_id", sa.Text, of("account"), index=True),
        optional("line_id", sa.Text, of("line")),
        optional("skill_id", sa.Text, of("skill")),
        optional("connector_id", sa.Text, of("connector")),
        required("language", sa.Text),
        required("event", sa.Text),
        required("text", sa.Text),
        required("enabled", sa.Boolean, server_default="true"),
        sa.UniqueConstraint(
            "account_id",
            "line_id",
            "skill_id",
            "connector_id",
            "language",
            "event",
            postgresql_nulls_not_distinct=True,
            name="uq_automatic_message_scope",
        ),
    )
    sa.Table(
        "automatic_timer",
        schema,
        required("id", sa.BigInteger, sa.Identity(), primary_key=True),
        required("account_id", sa.Text, of("account"), index=True),
        optional("line_id", sa.Text, of("line")),
        optional("skill_id", sa.Text, of("skill")),
        required("event", sa.Text),
        required("delay_seconds", sa.Integer),
        required("repeats", sa.Integer, server_default="1"),
        sa.UniqueConstraint(
            "account_id", "line_id", "skill_id", "event", postgresql_nulls_not_distinct=True
        ),
    )
    sa.Table(
        "survey",
        schema,
        required("id", sa.BigInteger, sa.Identity(), primary_key=True),
        required("account_id", sa.Text, of("account"), index=True),
        optional("connector_id", sa.Text, of("connector")),
        optional("line_id", sa.Text, of("line")),
        required("definition", JSONB),
        sa.UniqueConstraint(
            "account_id", "connector_id", "line_id", postgresql_nulls_not_distinct=True
        ),
    )


def _consumers(schema: sa.MetaData) -> None:
    """Who texts, what they consented to, and what they texted."""
    sa.Table(
        "consumer",
        schema,
        required("id", sa.Uuid, primary_key=True, server_default=sa.text("gen_random_uuid()")),
        required("account_id", sa.Text, of("account")),
        required("number", sa.Text),
        required("phone", sa.Text),
        optional("name", sa.Text),
        optional("language", sa.Text),
        optional("language_source", sa.Text),
        required("created_at", MOMENT, server_default=NOW),
        optional("last_text_at", MOMENT),
        sa.UniqueConstraint("account_id", "phone"),
        sa.Index(
            "ix_consumer_account_id_language",
            "account_id",
            "language",
            postgresql_where=sa.text("language IS NOT NULL"),
        ),
    )
    sa.Table(
        "consent",
        schema,
        required("consumer_id", sa.Uuid, of("consumer"), primary_key=True),
        required("scope", sa.Text, primary_key=True),
        required("is_opted_out", sa.Boolean),
        required("changed_at", MOMENT, server_default=NOW),
    )
    sa.Table(
        "consent_event",
        schema,
        required("id", sa.BigInteger, sa.Identity(), primary_key=True),
        required("account_id", sa.Text, of("account")),
        required("consumer_id", sa.Uuid, of("consumer"), index=True),
        required("scope", sa.Text),
        required("kind", sa.Text),
        required("source", sa.Text),
        optional("agent_id", sa.Text, of("agent")),
        optional("token_id", sa.Text, of("api_token")),
        optional("text", sa.Text),
        optional("inbound_id", sa.Uuid),
        required("at", MOMENT, server_default=NOW),
    )
    sa.Table(
        "inbound",
        schema,
        required("id", sa.Uuid, primary_key=True),
        required("account_id", sa.Text, of("account")),
        required("connector_id", sa.Text, of("connector")),
        required("line_id", sa.Text, of("line")),
        required("consumer_id", sa.Uuid, of("consumer")),
        required("provider_message_id", sa.Text),
        required("text", sa.Text),
        required("is_truncated", sa.Boolean, server_default="false"),
        required("media", JSONB, server_default="[]"),
        optional("keyword", sa.Text),
        required("provider_handled", sa.Boolean, server_default="false"),
        required("wants_opt_out", sa.Boolean, server_default="false"),
        required("raw", JSONB, server_default="{}"),
        required("received_at", MOMENT, server_default=NOW),
        required("arrival", sa.BigInteger, sa.Identity()),
        optional("handed_over_at", MOMENT),
        required("hand_overs", sa.Integer, server_default="0"),
        sa.UniqueConstraint("connector_id", "provider_message_id"),
        sa.Index(
            "ix_inbound_handed_over_at",
            "handed_over_at",
            postgresql_where=sa.text("handed_over_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_inbound_waiting",
            "line_id",
            "consumer_id",
            "arrival",
            postgresql_where=sa.text("handed_over_at IS NULL"),
        ),
    )


def _conversations(schema: sa.MetaData) -> None:
    """Conversations, their newest steps, and who may read them."""
    sa.Table(
        "conversation",
        schema,
        required("id", sa.Uuid, primary_key=True),
        required("account_id", sa.Text, of("account")),
        required("line_id", sa.Text, of("line")),
        required("consumer_id", sa.Uuid, of("consumer")),
        required("workflow_id", sa.Text),
        required("number", sa.Integer),
        required("sequence", sa.Integer),
        required("status", sa.Text),
        required("pending_side", sa.Text),
        optional("skill_id", sa.Text, of("skill")),
        optional("agent_id", sa.Text, of("agent")),
        required("opened_by", sa.Text),
        required("opened_at", MOMENT),
        optional("assigned_at", MOMENT),
        optional("closed_at", MOMENT),
        optional("close_reason", sa.Text),
        optional("closed_by", sa.Text),
        optional("auto_close_at", MOMENT),
        optional("last_message_at", MOMENT),
        optional("last_text", sa.Text),
        optional("waiting_since", MOMENT),
        optional("consumer_texted_at", MOMENT),
        optional("response_due_at", MOMENT),
        required("response_is_manual", sa.Boolean, server_default="false"),
        optional("next_open_at", MOMENT),
        optional("offered_agent_id", sa.Text, of("agent")),
        optional("offer_ends_at", MOMENT),
        required("message_count", sa.Integer, server_default="0"),
        required("texts_to_carry", sa.Integer, server_default="0"),
        optional("language", sa.Text),
        required("deadlines", JSONB, server_default="{}"),
        required("counted_from", JSONB, server_default="{}"),
        required("scheduled", JSONB, server_default="[]"),
        required("is_auto_close_held", sa.Boolean, server_default="false"),
        required("closed_at_once", sa.Boolean, server_default="false"),
        optional("opt_out_wished_at", MOMENT),
        optional("survey_outcome", sa.Text),
        optional("survey_score", sa.Integer),
        optional("survey_comment", sa.Text),
        optional("survey_agent_id", sa.Text, of("agent")),
        optional("survey_skill_id", sa.Text, of("skill")),
        optional("survey_answered_at", MOMENT),
        optional("survey_asked_at", MOMENT),
        optional("survey_satisfied", sa.Boolean),
        optional("survey_scale", sa.Text),
        required("survey_is_late", sa.Boolean, server_default="false"),
        required("survey_answers", JSONB, server_default="[]"),
        sa.UniqueConstraint("id", "line_id", "consumer_id"),
        sa.UniqueConstraint("line_id", "consumer_id", "number"),
        sa.Index("ix_conversation_account_opened", "account_id", "opened_at", "id"),
        sa.Index("ix_conversation_consumer", "consumer_id", "opened_at"),
        sa.Index(
            "ix_conversation_held", "agent_id", postgresql_where=sa.text("status = 'assigned'")
        ),
        sa.Index(
            "ix_conversation_rated",
            "survey_agent_id",
            "survey_answered_at",
            postgresql_where=sa.text("survey_score IS NOT NULL"),
        ),
        sa.Index("ix_conversation_to_carry", "id", postgresql_where=sa.text("texts_to_carry > 0")),
        sa.Index(
            "uq_conversation_open",
            "line_id",
            "consumer_id",
            unique=True,
            postgresql_where=sa.text("status <> 'closed'"),
        ),
    )
    sa.Table(
        "latest_step",
        schema,
        required("conversation_id", sa.Uuid, of("conversation"), primary_key=True),
        required("sequence", sa.Integer),
        required("state", JSONB),
        required("policy", JSONB),
        required("adoptions", sa.Integer, server_default="0"),
        sa.Index(
            "ix_latest_step_adoptions", "adoptions", postgresql_where=sa.text("adoptions > 0")
        ),
    )
    sa.Table(
        "participation",
        schema,
        required("conversation_id", sa.Uuid, of("conversation"), primary_key=True),
        required("agent_id", sa.Text, of("agent"), primary_key=True, index=True),
        required("first_at", MOMENT, server_default=NOW),
    )


def _messages(schema: sa.MetaData) -> None:
    """What was written, in a conversation or outside of one."""
    sa.Table(
        "message",
        schema,
        required("id", sa.Uuid, primary_key=True),
        required("account_id", sa.Text, of("account")),
        required("line_id", sa.Text, of("line")),
        required("consumer_id", sa.Uuid, of("consumer")),
        optional("conversation_id", sa.Uuid),
        optional("position", sa.Integer),
        required("author", sa.Text),
        optional("agent_id", sa.Text, of("agent")),
        optional("automatic", sa.Text),
        required("is_consent_reply", sa.Boolean, server_default="false"),
        required("text", sa.Text),
        required("media", JSONB, server_default="[]"),
        required("is_truncated", sa.Boolean, server_default="false"),
        required("segments", sa.Integer, server_default="0"),
        optional("encoding", sa.Text),
        required("written_at", MOMENT),
        required("status", sa.Text),
        required("status_at", MOMENT, server_default=NOW),
        required("attempts", sa.Integer, server_default="0"),
        optional("attempted_at", MOMENT),
        required("resent", sa.Boolean, server_default="false"),
        optional("look_up_at", MOMENT),
        required("look_ups", sa.Integer, server_default="0"),
        optional("provider_message_id", sa.Text),
        optional("failure_code", sa.Text),
        optional("failure_sentence", sa.Text),
        optional("provider_code", sa.Text),
        sa.CheckConstraint(
            "(conversation_id IS NULL) = (position IS NULL)", name="conversation_and_position"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id", "line_id", "consumer_id"],
            ["conversation.id", "conversation.line_id", "conversation.consumer_id"],
        ),
        sa.UniqueConstraint("conversation_id", "position"),
        sa.Index(
            "ix_message_look_up_at",
            "look_up_at",
            postgresql_where=sa.text("status IN ('sending', 'sent', 'unknown')"),
        ),
        sa.Index(
            "ix_message_consumer_taken",
            "consumer_id",
            "written_at",
            postgresql_where=sa.text("provider_message_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_message_not_sent",
            "line_id",
            "consumer_id",
            postgresql_where=sa.text("status IN ('queued', 'sending', 'unknown')"),
        ),
        sa.Index("ix_message_provider_message_id", "provider_message_id"),
        sa.Index(
            "ix_message_standalone",
            "look_up_at",
            postgresql_where=sa.text("conversation_id IS NULL AND status = 'queued'"),
        ),
    )


def _queue(schema: sa.MetaData) -> None:
    """Who waits for an agent, and why each went where it went."""
    sa.Table(
        "queue_entry",
        schema,
        required("conversation_id", sa.Uuid, of("conversation"), primary_key=True),
        required("ticket", sa.Integer),
        required("account_id", sa.Text, of("account"), index=True),
        required("workflow_id", sa.Text),
        required("skill_id", sa.Text, of("skill"), index=True),
        optional("requested_agent_id", sa.Text, of("agent")),
        optional("avoided_agent_id", sa.Text, of("agent")),
        required("avoided_was_silent", sa.Boolean, server_default="false"),
        required("priority", sa.Integer, server_default="0"),
        required("entered_at", MOMENT),
        optional("due_at", MOMENT),
        required("effective_due_at", MOMENT, sa.Computed(EFFECTIVE_DUE_AT, persisted=True)),
        required("was_assigned", sa.Boolean, server_default="false"),
        required("may_fall_back", sa.Boolean, server_default="false"),
        required("not_accepted_by", JSONB, server_default="[]"),
        optional("assigned_agent_id", sa.Text, of("agent"), index=True),
        optional("assigned_at", MOMENT),
        optional("signalled_at", MOMENT),
        optional("waiting_reason", sa.Text),
        sa.Index(
            "ix_queue_entry_served",
            "account_id",
            "effective_due_at",
            "entered_at",
            "conversation_id",
            postgresql_where=sa.text("assigned_agent_id IS NULL"),
        ),
    )
    sa.Table(
        "routing_decision",
        schema,
        required("id", sa.BigInteger, sa.Identity(), primary_key=True),
        required("account_id", sa.Text, of("account")),
        required("conversation_id", sa.Uuid, of("conversation")),
        required("ticket", sa.Integer),
        required("kind", sa.Text),
        optional("skill_id", sa.Text),
        optional("agent_id", sa.Text),
        required("reason", sa.Text),
        required("candidates", JSONB, server_default="[]"),
        required("at", MOMENT, server_default=NOW),
        sa.Index("ix_routing_decision_conversation_id_id", "conversation_id", "id"),
    )


def _events(schema: sa.MetaData) -> None:
    """What happened, in the order of commits."""
    sa.Table(
        "event",
        schema,
        required("id", sa.BigInteger, sa.Identity(), primary_key=True),
        required("account_id", sa.Text, of("account")),
        optional("conversation_id", sa.Uuid),
        optional("agent_id", sa.Text),
        required("kind", sa.Text),
        required("data", JSONB, server_default="{}"),
        optional("command_key", sa.Text),
        required("at", MOMENT, server_default=NOW),
        sa.Index("ix_event_account_id_id", "account_id", "id"),
        sa.Index(
            "ix_event_command_key",
            "conversation_id",
            "command_key",
            postgresql_where=sa.text("command_key IS NOT NULL"),
        ),
        sa.Index("ix_event_conversation_id_id", "conversation_id", "id"),
        sa.Index(
            "ix_event_history_missing", "id", postgresql_where=sa.text("kind = 'history_missing'")
        ),
    )
