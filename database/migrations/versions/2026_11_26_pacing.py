"""The pace of lines, and pauses of connectors."""

import sqlalchemy as sa
from alembic import op

revision = "pacing"
down_revision = "catch_up"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("line", sa.Column("segments_per_second", sa.Float(), nullable=True))
    op.add_column("message", sa.Column("leaves_at", MOMENT, nullable=True))
    op.add_column(
        "connector",
        sa.Column("give_up_seconds", sa.Integer(), server_default="14400", nullable=False),
    )
    op.create_table(
        "line_lane",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("taken_until", MOMENT, nullable=True),
        sa.Column("proactive_until", MOMENT, nullable=True),
        sa.Column("throttled_until", MOMENT, nullable=True),
        sa.Column("pause_seconds", sa.Float(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("line_id", name="pk_line_lane"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_line_lane_line_id_line"),
    )
    op.create_table(
        "connector_pause",
        sa.Column("connector_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("paused_at", MOMENT, nullable=False),
        sa.Column("try_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("provider_code", sa.Text(), nullable=True),
        sa.Column("resumed_at", MOMENT, nullable=True),
        sa.Column("wake_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("connector_id", name="pk_connector_pause"),
        sa.ForeignKeyConstraint(
            ["connector_id"], ["connector.id"], name="fk_connector_pause_connector_id_connector"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_connector_pause_account_id_account"
        ),
    )
    op.create_index("ix_connector_pause_account_id", "connector_pause", ["account_id"])


def downgrade() -> None:
    op.drop_table("connector_pause")
    op.drop_table("line_lane")
    op.drop_column("connector", "give_up_seconds")
    op.drop_column("message", "leaves_at")
    op.drop_column("line", "segments_per_second")
