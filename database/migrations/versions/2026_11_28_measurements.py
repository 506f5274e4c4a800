"""Figures of the whole installation, counted by one process for all."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "measurements"
down_revision = "operating"


def upgrade() -> None:
    op.create_table(
        "measurement",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True)),
        sa.Column("figures", JSONB),
    )


def downgrade() -> None:
    op.drop_table("measurement")
