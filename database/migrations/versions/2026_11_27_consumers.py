"""What accounts know of consumers: details, fields of their own, merges, panels."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "consumers"
down_revision = "handling"

MOMENT = sa.DateTime(timezone=True)
NOW = sa.text("now()")


def _refers(table: str, columns: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")
        for column, other in columns.items()
    ]


def upgrade() -> None:
    for column in _of_consumers():
        op.add_column("consumer", column)
    op.create_foreign_key(
        "fk_consumer_merged_into_id_consumer", "consumer", "consumer", ["merged_into_id"], ["id"]
    )
    _consumer_field()
    _consumer_merge()
    _panel()


def downgrade() -> None:
    for table in ("panel", "consumer_merge", "consumer_field"):
        op.drop_table(table)
    for column in reversed(_of_consumers()):
        op.drop_column("consumer", column.name)


def _of_consumers() -> list[sa.Column[Any]]:
    return [
        sa.Column("email", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("fields", JSONB, nullable=False, server_default=sa.text("'{}'")),
        sa.Column("revision", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("merged_into_id", sa.Uuid),
    ]


def _consumer_field() -> None:
    op.create_table(
        "consumer_field",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("choices", JSONB, nullable=False, server_default=sa.text("'[]'")),
        sa.Column("seen_by", sa.Text, nullable=False),
        sa.Column("edited_by", sa.Text, nullable=False),
        sa.Column("is_required", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.Column("position", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("retired_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_consumer_field"),
        *_refers("consumer_field", {"account_id": "account"}),
    )
    op.create_index("ix_consumer_field_account_id", "consumer_field", ["account_id"])


def _consumer_merge() -> None:
    op.create_table(
        "consumer_merge",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("merged_id", sa.Uuid, nullable=False),
        sa.Column("kept_id", sa.Uuid, nullable=False),
        sa.Column("profile", JSONB, nullable=False),
        sa.Column("filled", JSONB, nullable=False),
        sa.Column("agent_id", sa.Text),
        sa.Column("token_id", sa.Text),
        sa.Column("at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("undone_at", MOMENT),
        sa.Column("undone_agent_id", sa.Text),
        sa.Column("undone_token_id", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_consumer_merge"),
        *_refers(
            "consumer_merge",
            {
                "account_id": "account",
                **dict.fromkeys(("merged_id", "kept_id"), "consumer"),
                **dict.fromkeys(("agent_id", "undone_agent_id"), "agent"),
                **dict.fromkeys(("token_id", "undone_token_id"), "api_token"),
            },
        ),
    )
    op.create_index(
        "uq_consumer_merge_merged",
        "consumer_merge",
        ["merged_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_index("ix_consumer_merge_kept_id", "consumer_merge", ["kept_id"])


def _panel() -> None:
    op.create_table(
        "panel",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("created_at", MOMENT, nullable=False, server_default=NOW),
        sa.Column("retired_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_panel"),
        *_refers("panel", {"account_id": "account"}),
    )
    op.create_index("ix_panel_account_id", "panel", ["account_id"])
