"""Actions for many conversations, and alerts for managers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "board"
down_revision = "streams_index"

MOMENT = sa.DateTime(timezone=True)
NOW = sa.func.now()


def upgrade() -> None:
    _create_jobs()
    _create_items()
    _create_alerts()
    op.add_column("account", sa.Column("alert_waiting_seconds", sa.Integer, server_default="600"))
    for name in ("alerts_nobody_online", "alerts_texts_not_passing"):
        column = sa.Column(name, sa.Boolean, nullable=False, server_default=sa.true())
        op.add_column("account", column)


def _create_jobs() -> None:
    op.create_table(
        "bulk_job",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("agent_id", sa.Text, nullable=False),
        sa.Column("token_id", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("input", JSONB, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("undoes", sa.Uuid),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("ended_at", MOMENT),
        sa.Column("due_at", MOMENT, nullable=False, server_default=NOW),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_job"),
        sa.UniqueConstraint("undoes", name="uq_bulk_job_undoes"),
        sa.ForeignKeyConstraint(["undoes"], ["bulk_job.id"], name="fk_bulk_job_undoes_bulk_job"),
        *(
            sa.ForeignKeyConstraint([f"{one}_id"], [f"{to}.id"], name=f"fk_bulk_job_{one}_id_{to}")
            for one, to in (("account", "account"), ("agent", "agent"), ("token", "api_token"))
        ),
    )
    op.create_index("ix_bulk_job_account_id", "bulk_job", ["account_id", "created_at", "id"])
    op.create_index(
        "ix_bulk_job_due_at",
        "bulk_job",
        ["due_at"],
        postgresql_where=sa.text("status = 'running'"),
    )


def _create_items() -> None:
    op.create_table(
        "bulk_item",
        sa.Column("job_id", sa.Uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("conversation_id", sa.Uuid, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
        sa.Column("before", JSONB),
        sa.Column("code", sa.Text),
        sa.Column("sentence", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("due_at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("done_at", MOMENT),
        sa.PrimaryKeyConstraint("job_id", "position", name="pk_bulk_item"),
        sa.ForeignKeyConstraint(["job_id"], ["bulk_job.id"], name="fk_bulk_item_job_id_bulk_job"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name="fk_bulk_item_conversation_id_conversation",
        ),
    )
    op.create_index(
        "uq_bulk_item_conversation", "bulk_item", ["job_id", "conversation_id"], unique=True
    )
    op.create_index("ix_bulk_item_state", "bulk_item", ["job_id", "state", "position"])


def _create_alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("account_id", "kind")),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_alert_account_id_account"),
    )
    op.create_index(
        "uq_alert_present",
        "alert",
        ["account_id", "kind", "subject_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_alert_account_id", "alert", ["account_id", "id"])


def downgrade() -> None:
    for name in ("alerts_texts_not_passing", "alerts_nobody_online", "alert_waiting_seconds"):
        op.drop_column("account", name)
    for table in ("alert", "bulk_item", "bulk_job"):
        op.drop_table(table)
