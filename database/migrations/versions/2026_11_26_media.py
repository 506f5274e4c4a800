"""Files of conversations."""

import sqlalchemy as sa
from alembic import op

revision = "media"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "media_file",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("message_id", sa.Uuid),
        sa.Column("connector_id", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("announced_type", sa.Text, nullable=False, server_default=""),
        sa.Column("conversation_id", sa.Uuid),
        sa.Column("agent_id", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("try_at", MOMENT),
        sa.Column("failure_code", sa.Text),
        sa.Column("failure_sentence", sa.Text),
        sa.Column("content_type", sa.Text),
        sa.Column("ending", sa.Text),
        sa.Column("size", sa.Integer),
        sa.Column("width", sa.Integer),
        sa.Column("height", sa.Integer),
        sa.Column("thumbnail_type", sa.Text),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.text("now()")),
        sa.Column("stored_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_media_file"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_media_file_account_id_account"
        ),
        sa.ForeignKeyConstraint(
            ["connector_id"], ["connector.id"], name="fk_media_file_connector_id_connector"
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_media_file_agent_id_agent"),
        sa.CheckConstraint(
            "(message_id IS NULL) <> (conversation_id IS NULL)",
            name=op.f("ck_media_file_fetched_or_uploaded"),
        ),
    )
    for column in ("try_at", "message_id", "conversation_id"):
        op.create_index(
            f"ix_media_file_{column}",
            "media_file",
            [column],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )


def downgrade() -> None:
    op.drop_table("media_file")
