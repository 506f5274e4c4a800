"""How urgent a conversation is, and what people sign their replies with."""

import sqlalchemy as sa
from alembic import op

revision = "priority"
down_revision = "reading"


def upgrade() -> None:
    op.add_column(
        "conversation", sa.Column("priority", sa.Text, nullable=False, server_default="normal")
    )
    op.add_column("agent", sa.Column("signature", sa.Text))
    op.add_column(
        "agent", sa.Column("signs_replies", sa.Boolean, nullable=False, server_default="true")
    )


def downgrade() -> None:
    op.drop_column("agent", "signs_replies")
    op.drop_column("agent", "signature")
    op.drop_column("conversation", "priority")
