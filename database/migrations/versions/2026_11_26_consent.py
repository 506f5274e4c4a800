"""An account's own keywords, wishes in free words, who recorded an opt-out, a ledger that stays."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

JSONB = postgresql.JSONB(astext_type=sa.Text())
NO = sa.text("false")

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
KEYWORDS_ONLY = """
    UPDATE conversation SET reached_nobody = true
    FROM latest_step
    WHERE latest_step.conversation_id = conversation.id AND conversation.status = 'closed'
      AND (latest_step.state ->> 'ticket')::int = 0
      AND latest_step.state ->> 'last_agent_id' IS NULL
"""


def upgrade() -> None:
    op.add_column("account", sa.Column("keywords", JSONB, server_default="{}", nullable=False))
    op.add_column(
        "inbound", sa.Column("wants_opt_out", sa.Boolean(), server_default=NO, nullable=False)
    )
    op.add_column(
        "conversation",
        sa.Column("reached_nobody", sa.Boolean(), server_default=NO, nullable=False),
    )
    op.add_column(
        "conversation", sa.Column("opt_out_wished_at", sa.DateTime(timezone=True), nullable=True)
    )
    for column, table in (("agent_id", "agent"), ("token_id", "api_token")):
        op.add_column("consent_event", sa.Column(column, sa.Text(), nullable=True))
        op.create_foreign_key(
            f"fk_consent_event_{column}_{table}", "consent_event", table, [column], ["id"]
        )
    for statement in (KEYWORDS_ONLY, REFUSE, TRIGGER):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER consent_event_stays ON consent_event")
    op.execute("DROP FUNCTION consent_event_stays()")
    for column in ("agent_id", "token_id"):
        op.drop_column("consent_event", column)
    op.drop_column("conversation", "opt_out_wished_at")
    op.drop_column("conversation", "reached_nobody")
    op.drop_column("inbound", "wants_opt_out")
    op.drop_column("account", "keywords")
