"""Indexes by which a line's last texts are found, made while others write."""

import sqlalchemy as sa
from alembic import op

revision = "last_texts_indexes"
down_revision = "line_tests"

INDEXES = {
    "ix_message_in": ("written_at", "author = 'consumer'"),
    "ix_message_out": ("attempted_at", "author <> 'consumer' AND provider_message_id IS NOT NULL"),
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name, (column, where) in INDEXES.items():
            op.create_index(
                name,
                "message",
                ["line_id", column],
                postgresql_where=sa.text(where),
                postgresql_concurrently=True,
                if_not_exists=True,
            )


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "message")
