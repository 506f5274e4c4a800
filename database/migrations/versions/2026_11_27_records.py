"""Records of conversations, partitioned by the month of their opening, and how far they are.

Those of conversations that are there already are written by the follower, which begins with the
oldest event.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR

from database.partitions.catalogue import RECORDS
from database.partitions.months import months

revision = "records"
down_revision = "audit_reads"

MOMENT = sa.DateTime(timezone=True)
TABLE = "conversation_record"
LAST = ("opened_at", "conversation_id")
SORTS = {
    "closed": "closed_at",
    "last_message": "last_message_at",
    "duration": "duration_seconds",
    "first_response": "first_response_seconds",
    "score": "survey_score",
}
TEXTS = (
    *("account_id", "line_id", "status", "opened_by", "origin", "priority"),
    *("skill_id", "agent_id", "origin_id", "language", "close_reason", "closing_reason_id"),
    *("survey_outcome", "survey_scale", "survey_agent_id"),
)
ALWAYS = frozenset(TEXTS[:6])
ARRAYS = ("label_ids", "took_part", "skill_ids", "facets")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("conversation_id", sa.Uuid, nullable=False),
        sa.Column("consumer_id", sa.Uuid, nullable=False),
        *(sa.Column(name, sa.Text, nullable=name not in ALWAYS) for name in TEXTS),
        *_measured(),
        *(
            sa.Column(name, ARRAY(sa.Text), nullable=False, server_default=sa.text("'{}'"))
            for name in ARRAYS
        ),
        sa.Column("words", TSVECTOR),
        sa.PrimaryKeyConstraint("opened_at", "conversation_id", name=f"pk_{TABLE}"),
        postgresql_partition_by="RANGE (opened_at)",
    )
    for name in ARRAYS:
        op.execute(f"ALTER TABLE {TABLE} ALTER COLUMN {name} SET STORAGE MAIN")
    _indexes()
    _partitions()
    op.add_column(
        "named_view",
        sa.Column("of_history", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "record_reading",
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("last_event_id", sa.BigInteger, nullable=False),
        sa.Column("recount_opened_at", MOMENT),
        sa.Column("recount_id", sa.Uuid),
        sa.PrimaryKeyConstraint("account_id", name="pk_record_reading"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_record_reading_account_id_account"
        ),
    )


def downgrade() -> None:
    op.drop_table("record_reading")
    op.execute("DELETE FROM named_view WHERE of_history")
    op.drop_column("named_view", "of_history")
    op.drop_table(TABLE)


def _measured() -> list[sa.Column[Any]]:
    moments = ("closed_at", "waiting_since", "response_due_at")
    numbers = ("duration_seconds", "first_response_seconds", "survey_score")
    counts = ("texts_in", "texts_out", "message_count")
    return [
        sa.Column("last_message_at", MOMENT, nullable=False),
        *(sa.Column(name, MOMENT) for name in moments),
        *(sa.Column(name, sa.Integer) for name in numbers),
        *(sa.Column(name, sa.Integer, nullable=False) for name in counts),
        *(sa.Column(name, sa.Boolean) for name in ("is_late", "survey_satisfied")),
    ]


def _indexes() -> None:
    op.create_index(f"ix_{TABLE}_opened", TABLE, ["account_id", *LAST])
    for name, column in SORTS.items():
        op.create_index(f"ix_{TABLE}_{name}", TABLE, ["account_id", column, *LAST])
    op.create_index(f"ix_{TABLE}_consumer", TABLE, ["consumer_id", *LAST])
    op.create_index(
        f"ix_{TABLE}_found",
        TABLE,
        ["facets", "words"],
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 512},
    )


def _partitions() -> None:
    """Make partitions from the oldest conversation to some months ahead."""
    now = datetime.now(UTC)
    # Where statements are only written, nothing is asked: the months around now have to do.
    bind = None if op.get_context().as_sql else op.get_bind()
    found = bind.scalar(sa.text("SELECT min(opened_at) FROM conversation")) if bind else None
    oldest = found or now
    ahead = datetime(now.year + (now.month > 9), (now.month + 2) % 12 + 1, 1, tzinfo=UTC)
    for statement in RECORDS.making_default():
        op.execute(statement)
    for month in months(max(oldest, now.replace(year=now.year - 5, day=1)), ahead):
        for statement in RECORDS.making(month):
            op.execute(statement)
