"""Endpoints, which events are posted to."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "endpoints"
down_revision = "api_tokens"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_endpoint()
    _create_delivery()
    _create_attempt()


def downgrade() -> None:
    op.drop_table("endpoint_attempt")
    op.drop_table("endpoint_delivery")
    op.drop_table("endpoint")


def _of(table: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [f"{other}_id"], [f"{other}.id"], name=f"fk_{table}_{other}_id_{other}"
    )


def _create_endpoint() -> None:
    op.create_table(
        "endpoint",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("kinds", postgresql.JSONB),
        sa.Column("includes_texts", sa.Boolean, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("previous_secret", sa.LargeBinary),
        sa.Column("previous_until", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("retired_at", MOMENT),
        sa.Column("paused_at", MOMENT),
        sa.Column("pause_reason", sa.Text),
        sa.Column("read_to", sa.BigInteger, nullable=False),
        sa.Column("turn", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("is_waiting", sa.Boolean, nullable=False, server_default="true"),
        sa.Column("is_stirred", sa.Boolean, nullable=False, server_default="true"),
        sa.Column("seen_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("due_at", MOMENT),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("failing_since", MOMENT),
        sa.Column("hold_until", MOMENT),
        sa.Column("ping_id", sa.Uuid),
        sa.PrimaryKeyConstraint("id", name="pk_endpoint"),
        _of("endpoint", "account"),
    )
    op.create_index("ix_endpoint_account_id", "endpoint", ["account_id"])


def _create_delivery() -> None:
    op.create_table(
        "endpoint_delivery",
        sa.Column("endpoint_id", sa.Text, nullable=False),
        sa.Column("event_id", sa.BigInteger, nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT),
        sa.Column("outcome", sa.Text),
        sa.PrimaryKeyConstraint("endpoint_id", "event_id", name="pk_endpoint_delivery"),
        _of("endpoint_delivery", "endpoint"),
    )
    op.create_index(
        "ix_endpoint_delivery_endpoint_id_state",
        "endpoint_delivery",
        ["endpoint_id", "state", "event_id"],
    )
    op.create_index("ix_endpoint_delivery_due_at", "endpoint_delivery", ["due_at"])


def _create_attempt() -> None:
    op.create_table(
        "endpoint_attempt",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("endpoint_id", sa.Text, nullable=False),
        sa.Column("event_id", sa.BigInteger),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Uuid),
        sa.Column("webhook_id", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("milliseconds", sa.Integer, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_endpoint_attempt"),
        _of("endpoint_attempt", "account"),
        _of("endpoint_attempt", "endpoint"),
    )
    op.create_index("ix_endpoint_attempt_endpoint_id_id", "endpoint_attempt", ["endpoint_id", "id"])
    op.create_index("ix_endpoint_attempt_at", "endpoint_attempt", ["at"])
