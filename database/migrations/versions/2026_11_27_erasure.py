"""Erasure of numbers, opt-outs that outlive it as keyed hashes, retention, and masked cards."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from database.auditing.trigger import APPEND_ONLY
from database.erasing.suppression import HASHES, KEEPS, SUPPRESSES

revision = "erasure"
down_revision = "reports"

MOMENT = sa.DateTime(timezone=True)
APPEND_ONLY_BEFORE = """
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('switchboard.forgets', true) = 'yes' AND TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit log is only added to';
END $$
"""
KEEPS_BEFORE = """
CREATE OR REPLACE FUNCTION consent_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'consent_event is append-only';
END
$$
"""
COLUMNS = (
    ("account", sa.Column("retention_days", sa.Integer, nullable=True)),
    (
        "account",
        sa.Column("masks_cards", sa.Boolean, nullable=False, server_default=sa.text("false")),
    ),
    ("skill", sa.Column("retention_days", sa.Integer, nullable=True)),
    ("consumer", sa.Column("erased_at", MOMENT, nullable=True)),
    ("conversation", sa.Column("forgotten_at", MOMENT, nullable=True)),
)


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, column)
    _add_erasure()
    _add_suppression()
    op.execute(APPEND_ONLY)
    op.execute(KEEPS)


def _add_erasure() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("consumer_id", sa.Uuid, nullable=False),
        sa.Column("consumer_ids", postgresql.JSONB, nullable=False),
        sa.Column("numbers", postgresql.JSONB, nullable=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("counts", postgresql.JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("agent_id", sa.Text, nullable=True),
        sa.Column("token_id", sa.Text, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("detached_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_erasure_account_id_account"
        ),
        sa.ForeignKeyConstraint(
            ["consumer_id"], ["consumer.id"], name="fk_erasure_consumer_id_consumer"
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_erasure_agent_id_agent"),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_token.id"], name="fk_erasure_token_id_api_token"
        ),
    )
    op.create_index("ix_erasure_account_id", "erasure", ["account_id", "asked_at", "id"])
    under_way = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_erasure_under_way", "erasure", ["consumer_id"], unique=True, postgresql_where=under_way
    )
    op.create_index("ix_erasure_due_at", "erasure", ["due_at"], postgresql_where=under_way)


def _add_suppression() -> None:
    op.create_table(
        "suppression",
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("number_hash", sa.LargeBinary, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "number_hash", "scope", name="pk_suppression"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_suppression_account_id_account"
        ),
    )
    op.execute(HASHES)
    op.execute(SUPPRESSES)
    op.execute(
        "CREATE TRIGGER suppressed AFTER INSERT ON consumer "
        "FOR EACH ROW EXECUTE FUNCTION suppress_consumer()"
    )


def downgrade() -> None:
    op.execute(KEEPS_BEFORE)
    op.execute(APPEND_ONLY_BEFORE)
    op.execute("DROP TRIGGER suppressed ON consumer")
    op.execute("DROP FUNCTION suppress_consumer()")
    op.execute("DROP FUNCTION suppression_hashes(text, text)")
    op.drop_table("suppression")
    op.drop_table("erasure")
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column.name)
