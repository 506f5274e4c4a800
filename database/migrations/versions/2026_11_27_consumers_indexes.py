"""Indexes of consumers, by whom they are merged into and by when they were last heard of.

Made while texts come in, so in a migration of its own, which commits what came before it.
"""

import sqlalchemy as sa
from alembic import op

revision = "consumers_indexes"
down_revision = "consumers"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_consumer_merged_into_id",
            "consumer",
            ["merged_into_id"],
            postgresql_where=sa.text("merged_into_id IS NOT NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.create_index(
            "ix_consumer_account_seen",
            "consumer",
            ["account_id", sa.text("coalesce(last_text_at, created_at)"), "id"],
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_consumer_account_seen", "consumer", postgresql_concurrently=True)
        op.drop_index("ix_consumer_merged_into_id", "consumer", postgresql_concurrently=True)
