"""The events of a text, for those who watch it: found without a look at all of a conversation."""

import sqlalchemy as sa
from alembic import op

revision = "streams_index"
down_revision = "finding_indexes"
KINDS = "'message_added', 'text_scheduled', 'opened_nothing'"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_event_of_text",
            "event",
            ["conversation_id", sa.text("(data->>'message_id')")],
            postgresql_where=sa.text(f"kind IN ({KINDS})"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    op.drop_index("ix_event_of_text", "event")
