"""Bounds of what one log-in, one line and an account may text."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "bounds"
down_revision = "people"

MOMENT = sa.DateTime(timezone=True)
DEFAULTS = {"agent_texts_a_minute": "60", "agent_texts_a_day": "2000"}
BOUNDS = (
    *("agent_texts_a_minute", "agent_texts_a_day", "line_texts_a_minute", "line_texts_a_day"),
    *("account_texts_a_minute", "account_texts_a_day"),
)


def upgrade() -> None:
    for name in BOUNDS:
        op.add_column("account", sa.Column(name, sa.Integer, server_default=DEFAULTS.get(name)))
    op.add_column("line", sa.Column("countries", ARRAY(sa.Text)))
    op.add_column("agent", sa.Column("may_open", sa.Boolean, nullable=False, server_default="true"))
    op.create_table(
        "text_count",
        sa.Column("what", sa.Text, primary_key=True),
        sa.Column("began_at", MOMENT, primary_key=True),
        sa.Column("texts", sa.Integer, nullable=False),
    )
    op.create_index("ix_text_count_began_at", "text_count", ["began_at"])
    op.create_table(
        "bound_hit",
        sa.Column("line_id", sa.Text, sa.ForeignKey("line.id"), primary_key=True),
        sa.Column("last_at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("bound_hit")
    op.drop_table("text_count")
    op.drop_column("agent", "may_open")
    op.drop_column("line", "countries")
    for name in BOUNDS:
        op.drop_column("account", name)
