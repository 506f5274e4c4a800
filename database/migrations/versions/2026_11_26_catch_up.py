"""Texts fetched late: when they were sent, and how far each line was compared."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "catch_up"
down_revision = "joining"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("connector", _required("filed_after_seconds", sa.Integer(), "86400"))
    op.add_column("inbound", sa.Column("sent_at", MOMENT))
    op.add_column("inbound", _required("is_filed", sa.Boolean(), "false"))
    op.add_column("message", sa.Column("sent_at", MOMENT))
    op.create_table(
        "catch_up",
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("complete_until", MOMENT, nullable=False),
        sa.Column("next_page", sa.Text()),
        sa.Column("began_at", MOMENT),
        sa.Column("last_run_at", MOMENT),
        sa.Column("failing_since", MOMENT),
        sa.Column("failure_code", sa.Text()),
        _required("found", sa.BigInteger(), "0"),
        sa.Column("last_found_at", MOMENT),
        sa.PrimaryKeyConstraint("line_id", name="pk_catch_up"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_catch_up_line_id_line"),
    )


def downgrade() -> None:
    op.drop_table("catch_up")
    op.drop_column("message", "sent_at")
    op.drop_column("inbound", "is_filed")
    op.drop_column("inbound", "sent_at")
    op.drop_column("connector", "filed_after_seconds")


def _required(name: str, kind: Any, default: str) -> sa.Column[Any]:
    return sa.Column(name, kind, server_default=sa.text(default), nullable=False)
