"""Timers of automatic messages, surveys as data, languages of consumers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

JSONB = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    _create_timers()
    _create_surveys()
    _add_columns()
    _let_texts_be_for_connectors()
    for statement in (TIMERS, SURVEYS, TEXTS_TO_LINES, TEXTS_OF_SKILLS, RATINGS, LANGUAGES):
        op.execute(statement)
    op.drop_column("account", "agent_silent_text_seconds")
    op.drop_column("account", "survey_timeout_seconds")
    op.drop_column("account", "survey_enabled")


TIMERS = """
    INSERT INTO automatic_timer (account_id, event, delay_seconds)
    SELECT id, 'agent_silent', agent_silent_text_seconds
    FROM account WHERE agent_silent_text_seconds IS NOT NULL
"""

SURVEYS = """
    INSERT INTO survey (account_id, definition)
    SELECT id, jsonb_build_object(
        'enabled', survey_enabled, 'timeout', survey_timeout_seconds
    )
    FROM account WHERE NOT survey_enabled OR survey_timeout_seconds <> 3600
"""

# A skill has no texts of the survey any more. Those it had go to the lines whose conversations
# begin with it, where these have none of their own; what a line said for that skill comes first.
TEXTS_TO_LINES = r"""
    INSERT INTO automatic_message (account_id, line_id, language, event, text, enabled)
    SELECT DISTINCT ON (line.id, told.language, told.event)
        line.account_id, line.id, told.language, told.event, told.text, told.enabled
    FROM automatic_message AS told
    JOIN account ON account.id = told.account_id
    JOIN line ON line.account_id = account.id
        AND told.skill_id = coalesce(account.default_skill_id, line.entry_skill_id)
        AND (told.line_id IS NULL OR told.line_id = line.id)
    WHERE told.event LIKE 'survey\_%' AND line.retired_at IS NULL
    ORDER BY line.id, told.language, told.event, told.line_id NULLS LAST
    ON CONFLICT DO NOTHING
"""
TEXTS_OF_SKILLS = r"""
    DELETE FROM automatic_message WHERE event LIKE 'survey\_%' AND skill_id IS NOT NULL
"""

RATINGS = """
    UPDATE conversation SET
        survey_asked_at = closed_at,
        survey_satisfied = survey_score >= 4,
        survey_scale = CASE WHEN survey_score IS NOT NULL THEN 'one_to_five' END
    WHERE survey_outcome IS NOT NULL
"""

LANGUAGES = "UPDATE consumer SET language_source = 'api' WHERE language IS NOT NULL"


def _create_timers() -> None:
    op.create_table(
        "automatic_timer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=True),
        sa.Column("skill_id", sa.Text(), nullable=True),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("delay_seconds", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_automatic_timer_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["line.id"], name=op.f("fk_automatic_timer_line_id_line")
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skill.id"], name=op.f("fk_automatic_timer_skill_id_skill")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_automatic_timer")),
        sa.UniqueConstraint(
            "account_id",
            "line_id",
            "skill_id",
            "event",
            name=op.f("uq_automatic_timer_account_id_line_id_skill_id_event"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_automatic_timer_account_id"), "automatic_timer", ["account_id"])


def _create_surveys() -> None:
    op.create_table(
        "survey",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("connector_id", sa.Text(), nullable=True),
        sa.Column("line_id", sa.Text(), nullable=True),
        sa.Column("definition", JSONB, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_survey_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["connector_id"], ["connector.id"], name=op.f("fk_survey_connector_id_connector")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name=op.f("fk_survey_line_id_line")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint(
            "account_id",
            "connector_id",
            "line_id",
            name=op.f("uq_survey_account_id_connector_id_line_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_survey_account_id"), "survey", ["account_id"])


def _add_columns() -> None:
    for table, column in (
        ("automatic_message", sa.Column("connector_id", sa.Text())),
        ("consumer", sa.Column("language_source", sa.Text())),
        ("conversation", sa.Column("language", sa.Text())),
        ("conversation", _json("deadlines", "{}")),
        ("conversation", _json("counted_from", "{}")),
        ("conversation", _json("scheduled", "[]")),
        ("conversation", _flag("is_auto_close_held")),
        ("conversation", sa.Column("survey_asked_at", sa.DateTime(timezone=True))),
        ("conversation", sa.Column("survey_satisfied", sa.Boolean())),
        ("conversation", sa.Column("survey_scale", sa.Text())),
        ("conversation", _flag("survey_is_late")),
        ("conversation", _json("survey_answers", "[]")),
        ("skill", _flag("survey_after_auto_close")),
    ):
        op.add_column(table, column)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)


def _json(name: str, empty: str) -> sa.Column[object]:
    return sa.Column(name, JSONB, server_default=sa.text(f"'{empty}'"), nullable=False)


PLACE_BEFORE = ["account_id", "line_id", "skill_id", "language", "event"]
PLACE = ["account_id", "line_id", "skill_id", "connector_id", "language", "event"]
UNIQUE_BEFORE = "uq_automatic_message_account_id_line_id_skill_id_language_event"
UNIQUE = "uq_automatic_message_place"


def _let_texts_be_for_connectors() -> None:
    op.create_foreign_key(
        op.f("fk_automatic_message_connector_id_connector"),
        "automatic_message",
        "connector",
        ["connector_id"],
        ["id"],
    )
    op.drop_constraint(op.f(UNIQUE_BEFORE), "automatic_message")
    op.create_unique_constraint(
        UNIQUE, "automatic_message", PLACE, postgresql_nulls_not_distinct=True
    )


def downgrade() -> None:
    op.add_column("account", sa.Column("agent_silent_text_seconds", sa.Integer()))
    op.add_column(
        "account",
        sa.Column("survey_enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    op.add_column(
        "account",
        sa.Column(
            "survey_timeout_seconds", sa.Integer(), server_default=sa.text("3600"), nullable=False
        ),
    )
    op.execute(TIMERS_BACK)
    op.execute(SURVEYS_BACK)
    op.execute("DELETE FROM automatic_message WHERE connector_id IS NOT NULL")
    op.drop_constraint(UNIQUE, "automatic_message")
    op.create_unique_constraint(
        op.f(UNIQUE_BEFORE), "automatic_message", PLACE_BEFORE, postgresql_nulls_not_distinct=True
    )
    for table, columns in ADDED.items():
        for column in columns:
            op.drop_column(table, column)
    op.drop_table("survey")
    op.drop_table("automatic_timer")


ADDED = {
    "skill": ["survey_after_auto_close"],
    "conversation": [
        *("survey_answers", "survey_is_late", "survey_scale", "survey_satisfied"),
        *(
            "survey_asked_at",
            "is_auto_close_held",
            "scheduled",
            "counted_from",
            "deadlines",
            "language",
        ),
    ],
    "consumer": ["language_source"],
    "automatic_message": ["connector_id"],
}

TIMERS_BACK = """
    UPDATE account SET agent_silent_text_seconds = automatic_timer.delay_seconds
    FROM automatic_timer
    WHERE automatic_timer.account_id = account.id AND automatic_timer.event = 'agent_silent'
        AND automatic_timer.line_id IS NULL AND automatic_timer.skill_id IS NULL
"""

SURVEYS_BACK = """
    UPDATE account SET
        survey_enabled = coalesce((definition ->> 'enabled')::boolean, true),
        survey_timeout_seconds = coalesce((definition ->> 'timeout')::float::integer, 3600)
    FROM survey
    WHERE survey.account_id = account.id AND connector_id IS NULL AND line_id IS NULL
"""
