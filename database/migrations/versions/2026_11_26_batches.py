"""Batches: notifications to many consumers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "batches"
down_revision = "bots"

MOMENT = sa.DateTime(timezone=True)
NO, ZERO, NOTHING = sa.text("false"), sa.text("0"), sa.text("'{}'")


def upgrade() -> None:
    op.add_column("message", sa.Column("maybe_sent_since", MOMENT))
    _batch()
    op.create_table(
        "batch_upload",
        sa.Column("batch_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("encoding", sa.Text, nullable=False),
        sa.Column("good", sa.Integer, nullable=False, server_default=ZERO),
        sa.Column("bad", JSONB, nullable=False, server_default=NOTHING),
        sa.Column("read_until", sa.Integer, nullable=False, server_default=ZERO),
        sa.Column("is_whole", sa.Boolean, nullable=False, server_default=NO),
        sa.Column("uploaded_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("batch_id", "number", name="pk_batch_upload"),
        _of_batch("batch_upload"),
    )
    op.create_table(
        "batch_bad_row",
        sa.Column("batch_id", sa.Uuid, nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "place", name="pk_batch_bad_row"),
        _of_batch("batch_bad_row"),
    )
    _recipient()
    priced = sa.text("price IS NOT NULL")
    columns = ["line_id", "written_at"]
    op.create_index("ix_message_priced", "message", columns, postgresql_where=priced)


def downgrade() -> None:
    op.drop_index("ix_message_priced", "message")
    for table in ("batch_recipient", "batch_bad_row", "batch_upload", "batch"):
        op.drop_table(table)
    op.drop_column("message", "maybe_sent_since")


def _batch() -> None:
    others = {"account": "account", "line": "line", "skill": "skill", "agent": "agent"}
    op.create_table(
        "batch",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("line_id", sa.Text, nullable=False),
        sa.Column("skill_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("look_back_seconds", sa.Integer, nullable=False),
        sa.Column("context", JSONB, nullable=False, server_default=NOTHING),
        sa.Column("send_from", MOMENT),
        sa.Column("window_from", sa.Time),
        sa.Column("window_until", sa.Time),
        sa.Column("consent_evidence", sa.Text),
        sa.Column("consent_column", sa.Text),
        sa.Column("adds_how_to_stop", sa.Boolean, nullable=False, server_default=NO),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("stopped_because", sa.Text),
        sa.Column("recipients", sa.Integer, nullable=False, server_default=ZERO),
        sa.Column("agent_id", sa.Text),
        sa.Column("token_id", sa.Text),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("started_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("due_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"], [f"{table}.id"], name=f"fk_batch_{name}_id_{table}"
            )
            for name, table in (others | {"token": "api_token"}).items()
        ),
    )
    op.create_index("ix_batch_account_id", "batch", ["account_id", "created_at", "id"])
    running = sa.text("status = 'running'")
    op.create_index("ix_batch_running", "batch", ["due_at"], postgresql_where=running)


def _recipient() -> None:
    op.create_table(
        "batch_recipient",
        sa.Column("batch_id", sa.Uuid, nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("segments", sa.Integer, nullable=False),
        sa.Column("first_segments", sa.Integer),
        sa.Column("forced_by", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("evidence", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("left_out", sa.Text),
        sa.Column("not_before", MOMENT, nullable=False, server_default=sa.text("'epoch'")),
        sa.Column("consumer_id", sa.Uuid),
        sa.Column("message_id", sa.Uuid),
        sa.PrimaryKeyConstraint("batch_id", "place", name="pk_batch_recipient"),
        sa.UniqueConstraint("batch_id", "phone", name="uq_batch_recipient_batch_id_phone"),
        _of_batch("batch_recipient"),
    )
    for name, columns, where in (
        ("waiting", ["batch_id", "not_before", "place"], "status = 'waiting'"),
        ("queued", ["batch_id", "message_id"], "status = 'queued'"),
        ("message_id", ["message_id"], "message_id IS NOT NULL"),
    ):
        op.create_index(
            f"ix_batch_recipient_{name}",
            "batch_recipient",
            columns,
            postgresql_where=sa.text(where),
        )


def _of_batch(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=f"fk_{table}_batch_id_batch")
