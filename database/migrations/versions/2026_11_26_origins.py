"""How conversations begin: invitations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "origins"
down_revision = "exchanges"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("message_id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("line_id", sa.Text, nullable=False),
        sa.Column("consumer_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("origin_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("skill_id", sa.Text, nullable=False),
        sa.Column("context", JSONB, nullable=False, server_default="{}"),
        sa.Column("invited_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("look_back_seconds", sa.Integer, nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.Column("conversation_id", sa.Uuid),
        sa.PrimaryKeyConstraint("message_id", name="pk_invitation"),
        *(
            sa.ForeignKeyConstraint(
                [f"{other}_id"], [f"{other}.id"], name=f"fk_invitation_{other}_id_{other}"
            )
            for other in ("message", "account", "line", "consumer", "skill")
        ),
    )
    op.create_index("ix_invitation_thread", "invitation", ["line_id", "consumer_id", "invited_at"])
    op.create_index("ix_invitation_origin", "invitation", ["account_id", "kind", "origin_id"])


def downgrade() -> None:
    op.drop_table("invitation")
