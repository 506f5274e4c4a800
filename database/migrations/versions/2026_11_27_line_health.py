"""Where a line's texts went before it was set up here, and what its last check found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "line_health"
down_revision = "set_up_links"


def upgrade() -> None:
    op.create_table(
        "line_set_up",
        sa.Column("line_id", sa.Text, sa.ForeignKey("line.id"), primary_key=True),
        sa.Column("replaced", JSONB, nullable=False),
        sa.Column("set_up_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "line_health",
        sa.Column("line_id", sa.Text, sa.ForeignKey("line.id"), primary_key=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("findings", JSONB, nullable=False),
        sa.Column("broken_since", sa.DateTime(timezone=True)),
    )


def downgrade() -> None:
    op.drop_table("line_health")
    op.drop_table("line_set_up")
