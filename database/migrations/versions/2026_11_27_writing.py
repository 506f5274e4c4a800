"""Drafts on the server, and saved replies with how often each is used."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

revision = "writing"
down_revision = "labels"

MOMENT = sa.DateTime(timezone=True)


def _column(name: str, kind: object, **more: object) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=False, **more)  # type: ignore[arg-type]


def _refers(table: str, column: str, to: str, **more: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{to}"
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, **more)  # type: ignore[arg-type]


def upgrade() -> None:
    op.create_table(
        "draft",
        _column("agent_id", sa.Text),
        _column("conversation_id", UUID),
        _column("surface", sa.Text),
        _column("account_id", sa.Text),
        _column("text", sa.Text, server_default=""),
        _column("pictures", JSONB, server_default=sa.text("'[]'")),
        sa.Column("saved_reply_id", UUID),
        _column("revision", sa.BigInteger),
        sa.Column("sent_key", sa.Text),
        _column("updated_at", MOMENT, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("agent_id", "conversation_id", "surface", name="pk_draft"),
        _refers("draft", "agent_id", "agent"),
        _refers("draft", "conversation_id", "conversation"),
        _refers("draft", "account_id", "account"),
    )
    _create_saved_replies()
    op.create_table(
        "saved_reply_use",
        _column("saved_reply_id", UUID),
        _column("agent_id", sa.Text),
        _column("uses", sa.Integer),
        _column("last_used_at", MOMENT, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("saved_reply_id", "agent_id", name="pk_saved_reply_use"),
        _refers("saved_reply_use", "saved_reply_id", "saved_reply", ondelete="CASCADE"),
        _refers("saved_reply_use", "agent_id", "agent"),
    )


def _create_saved_replies() -> None:
    op.create_table(
        "saved_reply",
        _column("id", UUID, server_default=sa.func.gen_random_uuid()),
        _column("account_id", sa.Text),
        sa.Column("agent_id", sa.Text),
        _column("title", sa.Text),
        _column("name", sa.Text),
        _column("texts", JSONB),
        _column("actions", JSONB, server_default=sa.text("'[]'")),
        _column("skill_ids", ARRAY(sa.Text), server_default=sa.text("'{}'")),
        _column("folded", sa.Text),
        _column("created_at", MOMENT, server_default=sa.func.now()),
        _column("updated_at", MOMENT, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("id", name="pk_saved_reply"),
        _refers("saved_reply", "account_id", "account"),
        _refers("saved_reply", "agent_id", "agent"),
    )
    for index, owner, where in (
        ("shared", "account_id", "agent_id IS NULL"),
        ("own", "agent_id", "agent_id IS NOT NULL"),
    ):
        op.create_index(
            f"uq_saved_reply_{index}",
            "saved_reply",
            [owner, "name"],
            unique=True,
            postgresql_where=sa.text(where),
        )
    op.create_index("ix_saved_reply_account_id_name", "saved_reply", ["account_id", "name", "id"])


def downgrade() -> None:
    for table in ("saved_reply_use", "saved_reply", "draft"):
        op.drop_table(table)
