"""Long texts in parts: joining those of consumers, counting receipts of those we sent."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "joining"
down_revision = "consent"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "connector", sa.Column("segments", sa.Text, nullable=False, server_default="separate")
    )
    op.add_column(
        "connector",
        sa.Column("join_window_seconds", sa.Integer, nullable=False, server_default="60"),
    )
    op.add_column("inbound", sa.Column("part_reference", sa.Text))
    op.add_column("inbound", sa.Column("part_total", sa.Integer))
    op.add_column("inbound", sa.Column("joining_until", MOMENT))
    op.create_index(
        "ix_inbound_joining_until",
        "inbound",
        ["joining_until"],
        postgresql_where=sa.text("joining_until IS NOT NULL"),
    )
    op.create_index(
        "ix_inbound_part_reference",
        "inbound",
        ["line_id", "consumer_id", "part_reference", "received_at"],
        postgresql_where=sa.text("part_reference IS NOT NULL"),
    )
    op.add_column("message", sa.Column("parts", sa.Integer))
    op.add_column("message", sa.Column("parts_delivered", sa.Integer))
    _inbound_part()
    _part_report()


def downgrade() -> None:
    op.drop_table("part_report")
    op.drop_table("inbound_part")
    for table, columns in (
        ("message", ("parts_delivered", "parts")),
        ("inbound", ("joining_until", "part_total", "part_reference")),
        ("connector", ("join_window_seconds", "segments")),
    ):
        for column in columns:
            op.drop_column(table, column)


def _inbound_part() -> None:
    op.create_table(
        "inbound_part",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("connector_id", sa.Text, nullable=False),
        sa.Column("provider_message_id", sa.Text, nullable=False),
        sa.Column("inbound_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("media", JSONB, nullable=False, server_default=sa.text("'[]'")),
        sa.Column("is_copy", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("late_id", sa.Uuid),
        sa.Column("raw", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("received_at", MOMENT, nullable=False, server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint("id", name="pk_inbound_part"),
        sa.ForeignKeyConstraint(
            ["connector_id"], ["connector.id"], name="fk_inbound_part_connector_id_connector"
        ),
        sa.ForeignKeyConstraint(
            ["inbound_id"], ["inbound.id"], name="fk_inbound_part_inbound_id_inbound"
        ),
        sa.ForeignKeyConstraint(
            ["late_id"], ["inbound.id"], name="fk_inbound_part_late_id_inbound"
        ),
        sa.UniqueConstraint(
            "connector_id",
            "provider_message_id",
            name="uq_inbound_part_connector_id_provider_message_id",
        ),
    )
    op.create_index(
        "uq_inbound_part_inbound_id_number",
        "inbound_part",
        ["inbound_id", "number"],
        unique=True,
        postgresql_where=sa.text("NOT is_copy"),
    )
    op.create_index(
        "ix_inbound_part_late_id",
        "inbound_part",
        ["late_id"],
        postgresql_where=sa.text("late_id IS NOT NULL"),
    )


def _part_report() -> None:
    op.create_table(
        "part_report",
        sa.Column("message_id", sa.Uuid, nullable=False),
        sa.Column("provider_message_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("provider_code", sa.Text),
        sa.Column("at", MOMENT, nullable=False, server_default=sa.text("now()")),
        sa.PrimaryKeyConstraint(
            "message_id", "provider_message_id", "number", name="pk_part_report"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name="fk_part_report_message_id_message"
        ),
    )
