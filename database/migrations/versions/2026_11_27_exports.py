"""Exports, the parts of their files, and schedules that make them again and again."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from database.auditing.tables import AUDITED
from database.auditing.trigger import audit

revision = "exports"
down_revision = "erasure_indexes"

MOMENT = sa.DateTime(timezone=True)


def _column(name: str, of: Any, *, needed: bool = True, default: str | None = None) -> Any:
    given = None if default is None else sa.text(default)
    return sa.Column(name, of, nullable=not needed, server_default=given)


def _refers(name: str, to: str, of: Any = sa.Text, *, needed: bool = False) -> Any:
    return sa.Column(name, of, sa.ForeignKey(f"{to}.id"), nullable=not needed)


def _what() -> list[Any]:
    return [
        _column("kind", sa.Text),
        _column("format", sa.Text),
        _column("filters", JSONB),
        _column("columns", JSONB, needed=False),
    ]


def upgrade() -> None:
    op.create_table(
        "export_schedule",
        sa.Column("id", sa.Uuid, primary_key=True),
        _refers("account_id", "account", needed=True),
        _column("name", sa.Text),
        *_what(),
        _column("split_by", sa.Text),
        _column("every", sa.Text),
        _column("hour", sa.Integer),
        _refers("endpoint_id", "endpoint"),
        _column("created_at", MOMENT, default="now()"),
        _column("retired_at", MOMENT, needed=False),
        _column("ran_at", MOMENT, needed=False),
        _column("failure", sa.Text, needed=False),
    )
    op.create_index("ix_export_schedule_account_id", "export_schedule", ["account_id"])
    audit("export_schedule", AUDITED["export_schedule"])
    _exports()


def _exports() -> None:
    op.create_table(
        "export",
        sa.Column("id", sa.Uuid, primary_key=True),
        _refers("account_id", "account", needed=True),
        *_what(),
        _column("report", JSONB, needed=False),
        _refers("agent_id", "agent"),
        _refers("token_id", "api_token"),
        _refers("schedule_id", "export_schedule", sa.Uuid),
        _column("due_at", MOMENT, needed=False),
        _column("status", sa.Text),
        _column("failure", sa.Text, needed=False),
        _column("rows", sa.BigInteger, default="0"),
        _column("read", sa.BigInteger, default="0"),
        _column("about", sa.BigInteger, needed=False),
        _column("size", sa.BigInteger, default="0"),
        _column("parts", sa.Integer, default="0"),
        _column("place", JSONB, needed=False),
        _column("created_at", MOMENT, default="now()"),
        _column("looked_at", MOMENT, default="now()"),
        _column("is_told", sa.Boolean, default="false"),
        _column("ended_at", MOMENT, needed=False),
        _column("expires_at", MOMENT, needed=False),
    )
    by_age = ["account_id", "created_at", "id"]
    op.create_index("ix_export_account_id_created_at", "export", by_age)
    op.create_index(
        "uq_export_schedule_run",
        "export",
        ["schedule_id", "due_at"],
        unique=True,
        postgresql_where=sa.text("schedule_id IS NOT NULL"),
    )
    op.create_index(
        "ix_export_under_way",
        "export",
        ["account_id", "looked_at"],
        postgresql_where=sa.text("status IN ('waiting', 'running')"),
    )
    op.create_table(
        "export_part",
        sa.Column("key", sa.Text, primary_key=True),
        _refers("export_id", "export", sa.Uuid, needed=True),
        _column("number", sa.Integer, needed=False),
        _column("size", sa.Integer, needed=False),
        sa.UniqueConstraint("export_id", "number", name="uq_export_part_export_id_number"),
    )


def downgrade() -> None:
    for table in ("export_part", "export", "export_schedule"):
        op.drop_table(table)
