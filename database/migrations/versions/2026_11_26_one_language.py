"""Whether texts go by language or by place, and which languages an account's consumers write."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column(
        "account",
        sa.Column("texts_first", sa.Text(), server_default="language", nullable=False),
    )
    op.create_index(
        "ix_consumer_account_id_language",
        "consumer",
        ["account_id", "language"],
        postgresql_where=sa.text("language IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_consumer_account_id_language", table_name="consumer")
    op.drop_column("account", "texts_first")
