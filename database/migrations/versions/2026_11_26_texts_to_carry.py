"""Conversations say how many texts of their survey the next one is still to begin with."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    count = sa.Column("texts_to_carry", sa.Integer(), server_default=sa.text("0"), nullable=False)
    op.add_column("conversation", count)
    op.create_index(
        "ix_conversation_to_carry",
        "conversation",
        ["id"],
        postgresql_where=sa.text("texts_to_carry > 0"),
    )


def downgrade() -> None:
    op.drop_index("ix_conversation_to_carry", table_name="conversation")
    op.drop_column("conversation", "texts_to_carry")
