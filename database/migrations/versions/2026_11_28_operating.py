"""Processes that say that they are there, and what operators did."""

import sqlalchemy as sa
from alembic import op

revision = "operating"
down_revision = "figures"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "process",
        sa.Column("id", sa.Uuid, primary_key=True),
        *(_words(name) for name in ("kind", "name", "identity", "version")),
        sa.Column("build_id", sa.Text, nullable=True),
        _words("schema_revision"),
        sa.Column("clock_seconds", sa.Float, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False, server_default=sa.func.now()),
    )
    op.create_table(
        "operator_action",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("at", MOMENT, nullable=False, server_default=sa.func.now()),
        *(_words(name) for name in ("operator", "address", "remedy", "subject")),
        sa.Column("account_id", sa.Text, nullable=True),
        _words("outcome"),
    )


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def downgrade() -> None:
    for table in ("operator_action", "process"):
        op.drop_table(table)
