"""Lines whose pace was changed, until the texts that wait have times by the new one."""

import sqlalchemy as sa
from alembic import op

revision = "paces"
down_revision = "tellings"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("line_lane", sa.Column("paced_anew_at", MOMENT))
    op.add_column("line_lane", sa.Column("wake_at", MOMENT))


def downgrade() -> None:
    op.drop_column("line_lane", "wake_at")
    op.drop_column("line_lane", "paced_anew_at")
