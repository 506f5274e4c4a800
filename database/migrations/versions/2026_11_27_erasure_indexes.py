"""Indexes by which everything about a number, and old conversations, are found."""

import sqlalchemy as sa
from alembic import op

revision = "erasure_indexes"
down_revision = "erasure"

INDEXES = {
    "ix_inbound_consumer_id": ("inbound", ["consumer_id"], None),
    "ix_message_alone": ("message", ["consumer_id"], "conversation_id IS NULL"),
    "ix_conversation_to_forget": (
        "conversation",
        ["account_id", "closed_at"],
        "forgotten_at IS NULL AND status = 'closed'",
    ),
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name, (table, columns, where) in INDEXES.items():
            op.create_index(
                name,
                table,
                columns,
                postgresql_where=sa.text(where) if where else None,
                postgresql_concurrently=True,
                if_not_exists=True,
            )


def downgrade() -> None:
    for name, (table, _, _) in INDEXES.items():
        op.drop_index(name, table)
