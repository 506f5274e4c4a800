"""Events that could not be read into records and figures, set aside."""

import sqlalchemy as sa
from alembic import op

revision = "unread_events"
down_revision = "export_buckets"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "unread_event",
        sa.Column("account_id", sa.Text, sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("event_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("conversation_id", sa.Uuid),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default=sa.text("1")),
        sa.Column("began_at", MOMENT, nullable=False, server_default=sa.text("now()")),
        sa.Column("try_at", MOMENT),
    )


def downgrade() -> None:
    op.drop_table("unread_event")
