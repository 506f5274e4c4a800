"""Routing and hours."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "away_reason",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_away_reason_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_away_reason")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_away_reason_account_id_name")),
    )
    op.create_table(
        "agent_state_period",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_agent_state_period_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agent.id"], name=op.f("fk_agent_state_period_agent_id_agent")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_state_period")),
    )
    op.create_index(
        "ix_agent_state_period_agent_began",
        "agent_state_period",
        ["agent_id", "began_at"],
        unique=False,
    )
    op.create_table(
        "skill_transfer_target",
        sa.Column("skill_id", sa.Text(), nullable=False),
        sa.Column("target_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skill.id"], name=op.f("fk_skill_transfer_target_skill_id_skill")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["skill.id"], name=op.f("fk_skill_transfer_target_target_id_skill")
        ),
        sa.PrimaryKeyConstraint("skill_id", "target_id", name=op.f("pk_skill_transfer_target")),
    )
    op.create_table(
        "special_day",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("skill_id", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "periods",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_special_day_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skill.id"], name=op.f("fk_special_day_skill_id_skill")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_day")),
        sa.UniqueConstraint(
            "account_id",
            "skill_id",
            "day",
            name=op.f("uq_special_day_account_id_skill_id_day"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_special_day_account_id"), "special_day", ["account_id"], unique=False)
    op.create_table(
        "working_period",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("skill_id", sa.Text(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens_minute", sa.Integer(), nullable=False),
        sa.Column("closes_minute", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_working_period_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skill.id"], name=op.f("fk_working_period_skill_id_skill")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_period")),
    )
    op.create_index(
        op.f("ix_working_period_account_id"), "working_period", ["account_id"], unique=False
    )
    op.create_table(
        "line_keyword",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("keyword", sa.Text(), nullable=False),
        sa.Column("skill_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["line.id"], name=op.f("fk_line_keyword_line_id_line")
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skill.id"], name=op.f("fk_line_keyword_skill_id_skill")
        ),
        sa.PrimaryKeyConstraint("line_id", "keyword", name=op.f("pk_line_keyword")),
    )
    op.create_table(
        "routing_decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("skill_id", sa.Text(), nullable=True),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "candidates",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_routing_decision_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_routing_decision_conversation_id_conversation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_decision")),
    )
    op.create_index(
        "ix_routing_decision_conversation_id_id",
        "routing_decision",
        ["conversation_id", "id"],
        unique=False,
    )
    op.add_column(
        "account", sa.Column("capacity_mode", sa.Text(), server_default="plain", nullable=False)
    )
    op.add_column(
        "account", sa.Column("accept_mode", sa.Text(), server_default="auto_accept", nullable=False)
    )
    op.add_column(
        "account",
        sa.Column(
            "ring_timeout_seconds", sa.Integer(), server_default=sa.text("30"), nullable=False
        ),
    )
    op.add_column(
        "account",
        sa.Column(
            "missed_offers_allowed", sa.Integer(), server_default=sa.text("3"), nullable=False
        ),
    )
    op.add_column(
        "account",
        sa.Column(
            "affinity_seconds", sa.Integer(), server_default=sa.text("86400"), nullable=False
        ),
    )
    op.add_column(
        "account",
        sa.Column("has_warm_up", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("account", sa.Column("release_after_seconds", sa.Integer(), nullable=True))
    op.add_column("account", sa.Column("default_skill_id", sa.Text(), nullable=True))
    op.add_column(
        "account",
        sa.Column("fallback_when", sa.Text(), server_default="nobody_logged_in", nullable=False),
    )
    op.add_column("account", sa.Column("response_seconds", sa.Integer(), nullable=True))
    op.add_column("account", sa.Column("first_response_seconds", sa.Integer(), nullable=True))
    op.add_column("account", sa.Column("agent_silent_nudge_seconds", sa.Integer(), nullable=True))
    op.add_column("account", sa.Column("agent_silent_text_seconds", sa.Integer(), nullable=True))
    op.add_column("account", sa.Column("agent_silent_reroute_seconds", sa.Integer(), nullable=True))
    op.create_foreign_key(
        "fk_account_default_skill_id_skill",
        "account",
        "skill",
        ["default_skill_id"],
        ["id"],
        use_alter=True,
    )
    op.add_column("agent", sa.Column("online_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "agent",
        sa.Column("missed_offers", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "agent",
        sa.Column("may_pick", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column(
        "conversation", sa.Column("consumer_texted_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "conversation", sa.Column("response_due_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "conversation",
        sa.Column(
            "response_is_manual", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
    )
    op.add_column(
        "conversation", sa.Column("next_open_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("conversation", sa.Column("offered_agent_id", sa.Text(), nullable=True))
    op.add_column(
        "conversation", sa.Column("offer_ends_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_foreign_key(
        op.f("fk_conversation_offered_agent_id_agent"),
        "conversation",
        "agent",
        ["offered_agent_id"],
        ["id"],
    )
    op.add_column("queue_entry", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "queue_entry",
        sa.Column("was_assigned", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column(
        "queue_entry",
        sa.Column(
            "passed_by",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
    )
    op.add_column("queue_entry", sa.Column("waits_because", sa.Text(), nullable=True))
    op.create_index(
        "ix_queue_entry_served",
        "queue_entry",
        ["account_id", "due_at", sa.text("priority DESC"), "entered_at", "conversation_id"],
        unique=False,
        postgresql_where=sa.text("assigned_agent_id IS NULL"),
    )
    op.add_column("skill", sa.Column("fallback_skill_id", sa.Text(), nullable=True))
    op.add_column(
        "skill", sa.Column("transfer_targets", sa.Text(), server_default="all", nullable=False)
    )
    op.add_column(
        "skill",
        sa.Column(
            "idle_after_seconds", sa.Integer(), server_default=sa.text("240"), nullable=False
        ),
    )
    op.add_column(
        "skill",
        sa.Column("idle_weight", sa.Double(), server_default=sa.text("0.1"), nullable=False),
    )
    op.add_column("skill", sa.Column("response_seconds", sa.Integer(), nullable=True))
    op.add_column("skill", sa.Column("first_response_seconds", sa.Integer(), nullable=True))
    op.add_column(
        "skill",
        sa.Column("has_own_hours", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_foreign_key(
        op.f("fk_skill_fallback_skill_id_skill"), "skill", "skill", ["fallback_skill_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_skill_fallback_skill_id_skill"), "skill", type_="foreignkey")
    op.drop_column("skill", "has_own_hours")
    op.drop_column("skill", "first_response_seconds")
    op.drop_column("skill", "response_seconds")
    op.drop_column("skill", "idle_weight")
    op.drop_column("skill", "idle_after_seconds")
    op.drop_column("skill", "transfer_targets")
    op.drop_column("skill", "fallback_skill_id")
    op.drop_index(
        "ix_queue_entry_served",
        table_name="queue_entry",
        postgresql_where=sa.text("assigned_agent_id IS NULL"),
    )
    op.drop_column("queue_entry", "waits_because")
    op.drop_column("queue_entry", "passed_by")
    op.drop_column("queue_entry", "was_assigned")
    op.drop_column("queue_entry", "due_at")
    op.drop_constraint(
        op.f("fk_conversation_offered_agent_id_agent"), "conversation", type_="foreignkey"
    )
    op.drop_column("conversation", "offer_ends_at")
    op.drop_column("conversation", "offered_agent_id")
    op.drop_column("conversation", "next_open_at")
    op.drop_column("conversation", "response_is_manual")
    op.drop_column("conversation", "response_due_at")
    op.drop_column("conversation", "consumer_texted_at")
    op.drop_column("agent", "may_pick")
    op.drop_column("agent", "missed_offers")
    op.drop_column("agent", "online_since")
    op.drop_constraint("fk_account_default_skill_id_skill", "account", type_="foreignkey")
    op.drop_column("account", "agent_silent_reroute_seconds")
    op.drop_column("account", "agent_silent_text_seconds")
    op.drop_column("account", "agent_silent_nudge_seconds")
    op.drop_column("account", "first_response_seconds")
    op.drop_column("account", "response_seconds")
    op.drop_column("account", "fallback_when")
    op.drop_column("account", "default_skill_id")
    op.drop_column("account", "release_after_seconds")
    op.drop_column("account", "has_warm_up")
    op.drop_column("account", "affinity_seconds")
    op.drop_column("account", "missed_offers_allowed")
    op.drop_column("account", "ring_timeout_seconds")
    op.drop_column("account", "accept_mode")
    op.drop_column("account", "capacity_mode")
    op.drop_index("ix_routing_decision_conversation_id_id", table_name="routing_decision")
    op.drop_table("routing_decision")
    op.drop_table("line_keyword")
    op.drop_index(op.f("ix_working_period_account_id"), table_name="working_period")
    op.drop_table("working_period")
    op.drop_index(op.f("ix_special_day_account_id"), table_name="special_day")
    op.drop_table("special_day")
    op.drop_table("skill_transfer_target")
    op.drop_index("ix_agent_state_period_agent_began", table_name="agent_state_period")
    op.drop_table("agent_state_period")
    op.drop_table("away_reason")
