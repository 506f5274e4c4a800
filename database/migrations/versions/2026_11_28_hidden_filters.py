"""Filters of scheduled exports that may name a consumer are dots in the audit log."""

from dataclasses import replace

from alembic import op

from database.auditing.tables import AUDITED
from database.auditing.trigger import FUNCTION, audit, stop_auditing

revision = "hidden_filters"
down_revision = "paces"

TABLE = "export_schedule"


def upgrade() -> None:
    op.execute(FUNCTION)
    stop_auditing(TABLE)
    audit(TABLE, AUDITED[TABLE])


def downgrade() -> None:
    stop_auditing(TABLE)
    audit(TABLE, replace(AUDITED[TABLE], hides=()))
