"""Words of texts and consumers, named views, and who has read how far."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

revision = "finding"
down_revision = "notices"

MOMENT = sa.DateTime(timezone=True)


def _key(table: str, other: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{other}_id_{other}"
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name, ondelete=ondelete)


def upgrade() -> None:
    op.add_column("consumer", sa.Column("words", TSVECTOR))
    op.create_table(
        "message_words",
        sa.Column("message_id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Uuid, nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("words", TSVECTOR, nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_message_words"),
        _key("message_words", "message", ondelete="CASCADE"),
        _key("message_words", "account"),
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
    _reading()
    _views()


def _reading() -> None:
    op.create_table(
        "reading",
        sa.Column("agent_id", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("marked_at", MOMENT),
        sa.PrimaryKeyConstraint("agent_id", "conversation_id", name="pk_reading"),
        _key("reading", "agent"),
        _key("reading", "conversation"),
    )
    op.create_index(
        "ix_reading_marked",
        "reading",
        ["agent_id"],
        postgresql_where=sa.text("marked_at IS NOT NULL"),
    )
    op.create_index("ix_reading_conversation_id", "reading", ["conversation_id"])


def _views() -> None:
    op.create_table(
        "named_view",
        sa.Column("id", sa.Uuid, nullable=False, server_default=sa.func.gen_random_uuid()),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("agent_id", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("filters", JSONB, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("id", name="pk_named_view"),
        _key("named_view", "account"),
        _key("named_view", "agent"),
    )
    op.create_index("ix_named_view_account_id", "named_view", ["account_id"])
    op.create_table(
        "view_order",
        sa.Column("agent_id", sa.Text, nullable=False),
        sa.Column("view_ids", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("agent_id", name="pk_view_order"),
        _key("view_order", "agent"),
    )


def downgrade() -> None:
    for table in ("view_order", "named_view", "reading", "message_words"):
        op.drop_table(table)
    op.drop_column("consumer", "words")
