"""Indexes of texts that did not arrive, and of those that were sent again."""

import sqlalchemy as sa
from alembic import op

revision = "reading"
down_revision = "bulk_begun"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_message_not_delivered",
            "message",
            ["account_id", "conversation_id"],
            postgresql_where=sa.text("status IN ('undelivered', 'failed')"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.create_index(
            "ix_event_sends_again",
            "event",
            ["conversation_id"],
            postgresql_where=sa.text("(data->>'sends_again') IS NOT NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    op.drop_index("ix_event_sends_again", "event")
    op.drop_index("ix_message_not_delivered", "message")
