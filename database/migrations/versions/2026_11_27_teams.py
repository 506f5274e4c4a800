"""Teams: which managers see to which skills and people."""

import sqlalchemy as sa
from alembic import op

from database.auditing.tables import AUDITED
from database.auditing.trigger import audit, stop_auditing

revision = "teams"
down_revision = "sign_on_subject"
TABLES = ("team", "team_member", "team_skill")


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("account_id", sa.Text, sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
        sa.Column("retired_at", sa.DateTime(timezone=True)),
    )
    op.create_index(
        "uq_team_name",
        "team",
        ["account_id", sa.text("lower(name)")],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    for table, other in (("team_member", "agent"), ("team_skill", "skill")):
        op.create_table(
            table,
            sa.Column("team_id", sa.Text, sa.ForeignKey("team.id"), primary_key=True),
            sa.Column(f"{other}_id", sa.Text, sa.ForeignKey(f"{other}.id"), primary_key=True),
            sa.Index(f"ix_{table}_{other}_id", f"{other}_id"),
        )
    for table in TABLES:
        audit(table, AUDITED[table])


def downgrade() -> None:
    for table in reversed(TABLES):
        stop_auditing(table)
        op.drop_table(table)
