"""Invitations, second factors, where log-ins are, and failures that all processes count."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from database.auditing.tables import AUDITED
from database.auditing.trigger import audit, stop_auditing

revision = "people"
down_revision = "audit"

MOMENT = sa.DateTime(timezone=True)
NOW = sa.func.now()


def upgrade() -> None:
    op.create_table(
        "person_link",
        sa.Column("token_hash", sa.LargeBinary, primary_key=True),
        sa.Column("agent_id", sa.Text, sa.ForeignKey("agent.id"), nullable=False, index=True),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("expires_at", MOMENT, nullable=False),
    )
    op.create_table(
        "recovery_code",
        sa.Column("agent_id", sa.Text, sa.ForeignKey("agent.id"), primary_key=True),
        sa.Column("code_hash", sa.LargeBinary, primary_key=True),
    )
    op.create_table(
        "log_in_failure",
        sa.Column("what", sa.Text, primary_key=True),
        sa.Column("times", ARRAY(MOMENT), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False, index=True),
    )
    op.add_column("session", sa.Column("browser", sa.Text))
    op.add_column("session", sa.Column("address", sa.Text))
    op.add_column("agent", sa.Column("totp_secret", sa.LargeBinary))
    op.add_column("agent", sa.Column("totp_since", MOMENT))
    op.add_column("agent", sa.Column("totp_step", sa.BigInteger))
    stop_auditing("agent")
    audit("agent", AUDITED["agent"])


def downgrade() -> None:
    for name in ("totp_step", "totp_since", "totp_secret"):
        op.drop_column("agent", name)
    op.drop_column("session", "address")
    op.drop_column("session", "browser")
    op.drop_table("log_in_failure")
    op.drop_table("recovery_code")
    op.drop_table("person_link")
