"""Scopes of tokens, when each was used last, and how many requests callers made in a minute."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "api_tokens"
down_revision = "sources"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("api_token", sa.Column("scopes", postgresql.ARRAY(sa.Text), nullable=True))
    op.add_column("api_token", sa.Column("last_used_at", MOMENT, nullable=True))
    op.create_table(
        "request_count",
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("minute", MOMENT, nullable=False),
        sa.Column("requests", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("caller", "minute", name="pk_request_count"),
    )
    op.create_index("ix_request_count_minute", "request_count", ["minute"])


def downgrade() -> None:
    op.drop_table("request_count")
    op.drop_column("api_token", "last_used_at")
    op.drop_column("api_token", "scopes")
