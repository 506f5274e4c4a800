"""Texts with which lines are tried."""

import sqlalchemy as sa
from alembic import op

revision = "line_tests"
down_revision = "teams"


def upgrade() -> None:
    op.create_table(
        "line_test",
        sa.Column(
            "message_id",
            sa.Uuid,
            sa.ForeignKey("message.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("line_id", sa.Text, sa.ForeignKey("line.id"), nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_line_test_line", "line_test", ["line_id", "made_at"])
    op.create_index("ix_line_test_made_by", "line_test", ["made_by", "made_at"])


def downgrade() -> None:
    op.drop_table("line_test")
