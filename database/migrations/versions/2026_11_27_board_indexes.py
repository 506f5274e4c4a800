"""Indexes for what agents did today."""

import sqlalchemy as sa
from alembic import op

revision = "board_indexes"
down_revision = "board"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_message_of_agent",
            "message",
            ["agent_id", "written_at"],
            postgresql_where=sa.text("author = 'agent'"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        op.create_index(
            "ix_conversation_closed_by",
            "conversation",
            ["closed_by", "closed_at"],
            postgresql_where=sa.text("closed_by IS NOT NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    op.drop_index("ix_conversation_closed_by", "conversation")
    op.drop_index("ix_message_of_agent", "message")
