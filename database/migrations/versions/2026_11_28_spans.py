"""Which span of time a scheduled export is about, and up to when its schedule has delivered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "spans"
down_revision = "handled_together"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("export", sa.Column("since", MOMENT))
    op.add_column("export", sa.Column("until", MOMENT))
    op.add_column("export_schedule", sa.Column("reached_at", MOMENT))
    op.add_column("export_schedule", sa.Column("report", JSONB))


def downgrade() -> None:
    for column in ("report", "reached_at"):
        op.drop_column("export_schedule", column)
    for column in ("until", "since"):
        op.drop_column("export", column)
