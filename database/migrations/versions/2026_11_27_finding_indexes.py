"""Indexes by which conversations and consumers are found, made while others write."""

import sqlalchemy as sa
from alembic import op

revision = "finding_indexes"
down_revision = "finding"

NUMBER_PARTS = (
    "array_to_tsvector(array_remove(ARRAY["
    + ", ".join(f"substr(phone, {start})" for start in range(1, 15))
    + "], ''))"
)
OPENED = ["opened_at", "id"]


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_conversation_open",
            "conversation",
            ["account_id", *OPENED],
            postgresql_where=sa.text("status <> 'closed'"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )
        for name in ("agent", "skill", "line"):
            op.create_index(
                f"ix_conversation_{name}_opened",
                "conversation",
                [f"{name}_id", *OPENED],
                postgresql_concurrently=True,
                if_not_exists=True,
            )
        for name, what in (("number_parts", sa.text(NUMBER_PARTS)), ("words", "words")):
            op.create_index(
                f"ix_consumer_{name}",
                "consumer",
                [what],
                postgresql_using="gin",
                postgresql_with={"gin_pending_list_limit": 256},
                postgresql_concurrently=True,
                if_not_exists=True,
            )


def downgrade() -> None:
    for name in ("words", "number_parts"):
        op.drop_index(f"ix_consumer_{name}", "consumer")
    for name in ("line_opened", "skill_opened", "agent_opened", "open"):
        op.drop_index(f"ix_conversation_{name}", "conversation")
