"""Indexes by which what is old and of no conversation is found, as long as it is kept."""

import sqlalchemy as sa
from alembic import op

revision = "old_texts_indexes"
down_revision = "spans"

INDEXES = {
    "ix_message_alone_kept": (
        "message",
        ["account_id", "written_at"],
        "conversation_id IS NULL AND text <> '[erased]'",
    ),
    "ix_batch_recipient_kept": ("batch_recipient", ["batch_id"], "number <> ''"),
    "ix_phone_call_kept": ("phone_call", ["account_id", "began_at"], "caller <> 'erased'"),
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name, (table, columns, where) in INDEXES.items():
            op.create_index(
                name,
                table,
                columns,
                postgresql_where=sa.text(where),
                postgresql_concurrently=True,
                if_not_exists=True,
            )


def downgrade() -> None:
    for name, (table, _, _) in INDEXES.items():
        op.drop_index(name, table)
