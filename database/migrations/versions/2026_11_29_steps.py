"""How times are spread, as one number that PostgreSQL adds up."""

import sqlalchemy as sa
from alembic import op

revision = "steps"
down_revision = "after_a_restore"

COLUMNS = ("steps", "worked_steps")


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("report_sum", sa.Column(column, sa.Numeric()))


def downgrade() -> None:
    for column in reversed(COLUMNS):
        op.drop_column("report_sum", column)
