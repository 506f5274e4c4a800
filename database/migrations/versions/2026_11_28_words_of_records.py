"""No second index of the words of transcripts: those of the records are searched."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "words_of_records"
down_revision = "unread_events"


def upgrade() -> None:
    op.drop_table("message_words")


def downgrade() -> None:
    to_message = sa.ForeignKey("message.id", ondelete="CASCADE")
    op.create_table(
        "message_words",
        sa.Column("message_id", sa.Uuid, to_message, primary_key=True),
        sa.Column("account_id", sa.Text, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("conversation_id", sa.Uuid, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", TSVECTOR, nullable=False),
    )
    op.create_index(
        "ix_message_words_account_id_written_at", "message_words", ["account_id", "written_at"]
    )
    op.create_index(
        "ix_message_words_words",
        "message_words",
        ["words"],
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 256},
    )
