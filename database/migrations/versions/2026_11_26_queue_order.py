"""One order of the queue, in minutes; what falls back; why an agent is avoided."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TURN_AT = (
    "((COALESCE(due_at, entered_at) AT TIME ZONE 'UTC') - priority * interval '1 minute')"
    " AT TIME ZONE 'UTC'"
)
INDEX, TABLE = "ix_queue_entry_served", "queue_entry"
NOT_GIVEN = sa.text("assigned_agent_id IS NULL")
FLAGS = ("may_fall_back", "avoided_was_silent")


def upgrade() -> None:
    for flag in FLAGS:
        no = sa.text("false")
        op.add_column(TABLE, sa.Column(flag, sa.Boolean(), server_default=no, nullable=False))
    turn_at = sa.Column(
        "turn_at",
        sa.DateTime(timezone=True),
        sa.Computed(TURN_AT, persisted=True),
        nullable=False,
    )
    op.add_column(TABLE, turn_at)
    op.drop_index(INDEX, TABLE)
    _create_index("turn_at")


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
    _create_index("due_at", sa.text("priority DESC"))
    for column in ("turn_at", *FLAGS):
        op.drop_column(TABLE, column)


def _create_index(*order: str | sa.TextClause) -> None:
    columns = ["account_id", *order, "entered_at", "conversation_id"]
    op.create_index(INDEX, TABLE, columns, unique=False, postgresql_where=NOT_GIVEN)
