"""A text of ours may exist without a conversation: it has its line and its consumer itself."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLE = "message"
KEY = "uq_conversation_id_line_id_consumer_id"
SIMPLE = "fk_message_conversation_id_conversation"
WHOLE = "fk_message_conversation_id_line_id_consumer_id_conversation"
BOTH_OR_NONE = "ck_message_conversation_and_position"
UNSENT = sa.text("status IN ('queued', 'sending', 'unknown')")
THREAD = ["conversation_id", "line_id", "consumer_id"]
NOT_SENT = "ix_message_not_sent"
FILL = """
    UPDATE message SET line_id = conversation.line_id, consumer_id = conversation.consumer_id
    FROM conversation WHERE conversation.id = message.conversation_id
"""


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("line_id", sa.Text(), nullable=True))
    op.add_column(TABLE, sa.Column("consumer_id", sa.Uuid(), nullable=True))
    op.execute(FILL)
    for column, other in (("line_id", "line"), ("consumer_id", "consumer")):
        op.alter_column(TABLE, column, nullable=False)
        name = op.f(f"fk_message_{column}_{other}")
        op.create_foreign_key(name, TABLE, other, [column], ["id"])
    op.create_unique_constraint(op.f(KEY), "conversation", ["id", "line_id", "consumer_id"])
    op.drop_constraint(op.f(SIMPLE), TABLE)
    op.create_foreign_key(
        op.f(WHOLE), TABLE, "conversation", THREAD, ["id", "line_id", "consumer_id"]
    )
    for column in ("conversation_id", "position"):
        op.alter_column(TABLE, column, nullable=True)
    op.create_check_constraint(
        op.f(BOTH_OR_NONE), TABLE, "(conversation_id IS NULL) = (position IS NULL)"
    )
    op.drop_index(NOT_SENT, TABLE)
    op.create_index(NOT_SENT, TABLE, ["line_id", "consumer_id"], postgresql_where=UNSENT)
    standalone = sa.text("conversation_id IS NULL AND status = 'queued'")
    op.create_index("ix_message_standalone", TABLE, ["ask_at"], postgresql_where=standalone)
    taken = sa.text("provider_message_id IS NOT NULL")
    columns = ["consumer_id", "written_at"]
    op.create_index("ix_message_consumer_taken", TABLE, columns, postgresql_where=taken)


def downgrade() -> None:
    op.execute("DELETE FROM message WHERE conversation_id IS NULL")
    op.drop_index("ix_message_consumer_taken", TABLE)
    op.drop_index("ix_message_standalone", TABLE)
    op.drop_index(NOT_SENT, TABLE)
    op.create_index(NOT_SENT, TABLE, ["conversation_id"], postgresql_where=UNSENT)
    op.drop_constraint(op.f(BOTH_OR_NONE), TABLE)
    for column in ("conversation_id", "position"):
        op.alter_column(TABLE, column, nullable=False)
    op.drop_constraint(op.f(WHOLE), TABLE)
    op.create_foreign_key(op.f(SIMPLE), TABLE, "conversation", ["conversation_id"], ["id"])
    op.drop_constraint(op.f(KEY), "conversation")
    op.drop_column(TABLE, "consumer_id")
    op.drop_column(TABLE, "line_id")
