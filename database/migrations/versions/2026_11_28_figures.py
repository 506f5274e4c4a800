"""Figures of texts without a conversation, of consent, of active consumers and of load.

All of them are made by a recount, which begins by itself.
"""

import sqlalchemy as sa
from alembic import op

revision = "figures"
down_revision = "exports"

MOMENT = sa.DateTime(timezone=True)
COUNTED = """
    CREATE FUNCTION consent_is_due() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO consent_due (consent_event_id, account_id) VALUES (NEW.id, NEW.account_id)
        ON CONFLICT DO NOTHING;  -- a database that was restored counts up to old ids again
        RETURN NULL;
    END $$
"""
WHEN_WRITTEN = """
    CREATE TRIGGER consent_is_due AFTER INSERT ON consent_event
    FOR EACH ROW EXECUTE FUNCTION consent_is_due()
"""


def upgrade() -> None:
    op.add_column("report_fact", sa.Column("made_from", sa.Text))
    op.execute(
        "UPDATE report_fact SET made_from = 'state/' || state_period_id"
        " WHERE state_period_id IS NOT NULL"
    )
    op.drop_column("report_fact", "state_period_id")
    op.create_index(
        "ix_report_fact_made_from",
        "report_fact",
        ["made_from"],
        postgresql_where=sa.text("made_from IS NOT NULL"),
    )
    op.add_column("report_reading", sa.Column("looked_at", MOMENT))
    _tables()
    op.execute(COUNTED)
    op.execute(WHEN_WRITTEN)
    op.add_column("conversation_record", sa.Column("is_first", sa.Boolean))
    op.execute("UPDATE report_reading SET is_recounting = true")


def _account() -> sa.Column[str]:
    return sa.Column("account_id", sa.Text, sa.ForeignKey("account.id"), nullable=False)


def _tables() -> None:
    op.create_table(
        "consumer_day",
        _account(),
        sa.Column("consumer_id", sa.Uuid, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("before", sa.Date),
        sa.PrimaryKeyConstraint("account_id", "consumer_id", "day"),
    )
    op.create_index("ix_consumer_day_day", "consumer_day", ["account_id", "day", "before"])
    op.create_table(
        "consent_due",
        sa.Column("consent_event_id", sa.BigInteger, primary_key=True, autoincrement=False),
        _account(),
    )
    op.create_table(
        "load_hour",
        _account(),
        sa.Column("hour", MOMENT, nullable=False),
        sa.Column("agent_id", sa.Text, nullable=False),
        *(
            sa.Column(name, sa.Integer, nullable=False)
            for name in ("looks", "held", "most_held", "most", "least")
        ),
        sa.PrimaryKeyConstraint("account_id", "hour", "agent_id"),
    )


def downgrade() -> None:
    op.drop_column("conversation_record", "is_first")
    op.execute("DROP TRIGGER consent_is_due ON consent_event")
    op.execute("DROP FUNCTION consent_is_due()")
    for table in ("load_hour", "consent_due", "consumer_day"):
        op.drop_table(table)
    op.drop_column("report_reading", "looked_at")
    op.drop_index("ix_report_fact_made_from", "report_fact")
    op.execute("DELETE FROM report_fact WHERE conversation_id IS NULL")
    op.execute("DELETE FROM report_fact WHERE made_from IS NOT NULL")
    op.drop_column("report_fact", "made_from")
    op.add_column("report_fact", sa.Column("state_period_id", sa.BigInteger))
    op.create_index(
        "ix_report_fact_state_period_id",
        "report_fact",
        ["state_period_id"],
        postgresql_where=sa.text("state_period_id IS NOT NULL"),
    )
    op.execute("UPDATE report_reading SET is_recounting = true")
