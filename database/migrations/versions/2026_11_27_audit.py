"""The audit log: who changed, read or exported what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from database.auditing.tables import AUDITED
from database.auditing.trigger import APPEND_ONLY, FUNCTION, audit, stop_auditing

revision = "audit"
down_revision = "line_health"

# Those of this version; later tables begin with their own migrations.
TABLES = (
    *("account", "agent", "agent_skill", "api_token", "automatic_message", "automatic_timer"),
    *("away_reason", "bot", "closing_reason", "closing_reason_skill", "connector"),
    *("consumer_field", "endpoint", "label", "line", "line_keyword", "line_set_up", "menu"),
    *("menu_number", "menu_version", "panel", "skill", "skill_bot", "skill_transfer_target"),
    *("source", "special_day", "survey", "working_period"),
)


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("actor", sa.Text),
        sa.Column("agent_id", sa.Text),
        sa.Column("door", sa.Text),
        sa.Column("address", sa.Text),
        sa.Column("request_id", sa.Text),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("before", JSONB, nullable=False, server_default="{}"),
        sa.Column("after", JSONB, nullable=False, server_default="{}"),
    )
    op.create_index("ix_audit_entry_account", "audit_entry", ["account_id", "id"])
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
    op.add_column(
        "account",
        sa.Column("audit_kept_days", sa.Integer, nullable=False, server_default="730"),
    )
    op.execute(FUNCTION)
    op.execute(APPEND_ONLY)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()"
    )
    for table in TABLES:
        audit(table, AUDITED[table])


def downgrade() -> None:
    for table in TABLES:
        stop_auditing(table)
    op.drop_table("audit_entry")
    op.execute("DROP FUNCTION audit()")
    op.execute("DROP FUNCTION audit_is_append_only()")
    op.drop_column("account", "audit_kept_days")
