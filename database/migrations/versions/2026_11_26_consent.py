"""Consent: reach of opt-outs, blocked consumers, quiet hours, imported evidence."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "consent"
down_revision = "courtesies"

Columns = tuple[sa.Column[Any], ...]

MOMENT = sa.DateTime(timezone=True)
TRIGGER = """
    CREATE TRIGGER block_event_stays BEFORE UPDATE OR DELETE ON block_event
    FOR EACH ROW EXECUTE FUNCTION consent_event_stays()
"""
ACCOUNT: Columns = (
    sa.Column("opt_out_reach", sa.Text(), nullable=False, server_default="account"),
    sa.Column("holds_quiet_hours", sa.Boolean(), nullable=False, server_default=sa.text("true")),
    sa.Column("texts_from", sa.Time(), nullable=True),
    sa.Column("texts_until", sa.Time(), nullable=True),
    sa.Column("first_text_check", sa.Text(), nullable=False, server_default="append"),
    sa.Column("needs_consent", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    sa.Column("queues_programs", sa.Boolean(), nullable=False, server_default=sa.text("false")),
)
CONSUMER: Columns = (
    sa.Column("blocked_at", MOMENT, nullable=True),
    sa.Column("blocked_reason", sa.Text(), nullable=True),
)
CONSENT_EVENT: Columns = (
    sa.Column("evidence", sa.Text(), nullable=True),
    sa.Column("imported_at", MOMENT, nullable=True),
    sa.Column("import_key", sa.LargeBinary(), nullable=True),
)


def upgrade() -> None:
    for table, columns in _columns():
        for column in columns:
            op.add_column(table, column)
    op.create_index(
        "uq_consent_event_import_key", "consent_event", ["account_id", "import_key"], unique=True
    )
    op.create_index("ix_consent_event_account_id", "consent_event", ["account_id", "id"])
    op.create_table(
        "block_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("account_id", sa.Text(), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("consumer_id", sa.Uuid(), sa.ForeignKey("consumer.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("agent_id", sa.Text(), sa.ForeignKey("agent.id"), nullable=True),
        sa.Column("token_id", sa.Text(), sa.ForeignKey("api_token.id"), nullable=True),
        sa.Column("at", MOMENT, nullable=False, server_default=sa.text("now()")),
    )
    op.create_index("ix_block_event_consumer_id", "block_event", ["consumer_id"])
    op.execute(TRIGGER)


def downgrade() -> None:
    op.drop_table("block_event")
    op.drop_index("ix_consent_event_account_id", "consent_event")
    op.drop_index("uq_consent_event_import_key", "consent_event")
    for table, columns in _columns():
        for column in columns:
            op.drop_column(table, column.name)


def _columns() -> tuple[tuple[str, Columns], ...]:
    return (("account", ACCOUNT), ("consumer", CONSUMER), ("consent_event", CONSENT_EVENT))
