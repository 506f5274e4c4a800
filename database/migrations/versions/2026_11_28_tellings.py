"""When conversations are told again what their workflows have not taken."""

import sqlalchemy as sa
from alembic import op

revision = "tellings"
down_revision = "hours_of_agents"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    whole = sa.ForeignKey("conversation.id", ondelete="CASCADE")
    op.create_table(
        "telling",
        sa.Column("conversation_id", sa.Uuid, whole, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("again_at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("telling")
