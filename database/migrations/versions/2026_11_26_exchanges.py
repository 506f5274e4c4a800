"""Exchanges with providers, refused webhooks, and what a provider told of a text."""

import sqlalchemy as sa
from alembic import op

revision = "exchanges"
down_revision = "pacing"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_exchange()
    op.create_table(
        "webhook_refusal",
        sa.Column("line_id", sa.Text, nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("times", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("line_id", name="pk_webhook_refusal"),
        sa.ForeignKeyConstraint(["line_id"], ["line.id"], name="fk_webhook_refusal_line_id_line"),
    )
    op.create_index("ix_webhook_refusal_last_at", "webhook_refusal", ["last_at"])
    op.add_column("message", sa.Column("provider_message", sa.Text))
    op.add_column("message", sa.Column("billed_segments", sa.Integer))
    op.add_column("message", sa.Column("price", sa.Numeric))
    op.add_column("message", sa.Column("price_currency", sa.Text))
    op.add_column(
        "line",
        sa.Column("smart_encoding", sa.Boolean, nullable=False, server_default="false"),
    )


def downgrade() -> None:
    op.drop_column("line", "smart_encoding")
    op.drop_column("message", "price_currency")
    op.drop_column("message", "price")
    op.drop_column("message", "billed_segments")
    op.drop_column("message", "provider_message")
    op.drop_table("webhook_refusal")
    op.drop_table("exchange")


def _create_exchange() -> None:
    op.create_table(
        "exchange",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("connector_id", sa.Text, nullable=False),
        sa.Column("line_id", sa.Text),
        sa.Column("message_id", sa.Uuid),
        sa.Column("provider_message_id", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("milliseconds", sa.Integer, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_exchange"),
        *(
            sa.ForeignKeyConstraint(
                [f"{other}_id"], [f"{other}.id"], name=f"fk_exchange_{other}_id_{other}"
            )
            for other in ("account", "connector", "line")
        ),
    )
    op.create_index("ix_exchange_at", "exchange", ["at"])
    op.create_index(
        "ix_exchange_message_id",
        "exchange",
        ["message_id"],
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.create_index(
        "ix_exchange_connector_id_provider_message_id",
        "exchange",
        ["connector_id", "provider_message_id"],
        postgresql_where=sa.text("provider_message_id IS NOT NULL"),
    )
    op.create_index(
        "ix_exchange_connector_id_at",
        "exchange",
        ["connector_id", "at"],
        postgresql_where=sa.text("message_id IS NULL AND provider_message_id IS NULL"),
    )
