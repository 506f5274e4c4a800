"""Indexes of who handled a conversation after somebody else: in a team it counts once."""

import sqlalchemy as sa
from alembic import op

revision = "handled_together"
down_revision = "hidden_filters"

INDEXES = {
    "ix_report_fact_handled_again": (["account_id", "at"], [], "kind = 'handled' AND is_of_agent"),
    "ix_report_fact_handled": (
        ["conversation_id"],
        ["agent_id", "at", "is_of_agent", "skill_id"],
        "kind = 'handled'",
    ),
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for name, (columns, beside, where) in INDEXES.items():
            op.create_index(
                name,
                "report_fact",
                columns,
                postgresql_include=beside,
                postgresql_where=sa.text(where),
                postgresql_concurrently=True,
                if_not_exists=True,
            )


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "report_fact")
