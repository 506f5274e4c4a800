"""Facts that figures are made of, their sums, and working hours as they were set over time.

Facts of conversations that are there already are made by the follower's recount.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "reports"
down_revision = "records"

MOMENT = sa.DateTime(timezone=True)
TABLES = (
    *("report_fact", "report_sum", "stale_day", "summed_month", "report_reading"),
    "hours_version",
)
PAIRS = ARRAY(sa.Integer, dimensions=2)


def _column(name: str, of: Any, *, needed: bool = True, default: str | None = None) -> Any:
    given = None if default is None else sa.text(default)
    return sa.Column(name, of, nullable=not needed, server_default=given)


def _account(*, is_key: bool = False) -> Any:
    key = sa.ForeignKey("account.id")
    return sa.Column("account_id", sa.Text, key, nullable=False, primary_key=is_key)


def upgrade() -> None:
    _facts()
    _sums()
    op.create_table(
        "report_reading",
        _account(is_key=True),
        _column("time_zone", sa.Text),
        _column("is_recounting", sa.Boolean, default="false"),
    )
    op.create_table(
        "hours_version",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _account(),
        _column("skill_id", sa.Text, needed=False),
        _column("since", MOMENT, default="now()"),
        _column("calendar", JSONB, needed=False),
    )
    op.create_index("ix_hours_version_account_id", "hours_version", ["account_id"])


def _facts() -> None:
    op.create_table(
        "report_fact",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _account(),
        _column("conversation_id", sa.Uuid, needed=False),
        _column("state_period_id", sa.BigInteger, needed=False),
        _column("kind", sa.Text),
        _column("at", MOMENT),
        *(
            _column(name, sa.Text, needed=False)
            for name in ("skill_id", "agent_id", "line_id", "source")
        ),
        _column("detail", sa.Text, default="''"),
        _column("times", sa.Integer, default="1"),
        _column("value", sa.Integer, needed=False),
        _column("worked", sa.Integer, needed=False),
        _column("is_of_agent", sa.Boolean, default="false"),
    )
    table = "report_fact"
    op.create_index(f"ix_{table}_account_id_kind_at", table, ["account_id", "kind", "at"])
    op.create_index(f"ix_{table}_conversation_id", table, ["conversation_id"])
    op.create_index(
        f"ix_{table}_state_period_id",
        table,
        ["state_period_id"],
        postgresql_where=sa.text("state_period_id IS NOT NULL"),
    )


def _sums() -> None:
    op.create_table(
        "report_sum",
        _account(is_key=True),
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("span", "dimension")),
        sa.Column("begins_at", MOMENT, primary_key=True),
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("key", "kind", "detail")),
        _column("times", sa.BigInteger),
        _column("total", sa.BigInteger, needed=False),
        _column("most", sa.Integer, needed=False),
        _column("spread", PAIRS, needed=False),
        _column("worked", sa.BigInteger, needed=False),
        _column("worked_most", sa.Integer, needed=False),
        _column("worked_spread", PAIRS, needed=False),
    )
    op.create_table(
        "stale_day",
        _account(is_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        _column("times", sa.Integer, default="1"),
    )
    op.create_table(
        "summed_month", _account(is_key=True), sa.Column("month", sa.Date, primary_key=True)
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
