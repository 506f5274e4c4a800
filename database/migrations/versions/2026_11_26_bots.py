"""Bots that serve skills."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "bots"
down_revision = "endpoints"

MOMENT = sa.DateTime(timezone=True)


def _refers(table: str, *others: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [f"{other}_id"], [f"{other}.id"], name=f"fk_{table}_{other}_id_{other}"
        )
        for other in others
    ]


def upgrade() -> None:
    op.create_table(
        "bot",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("previous_secret", sa.LargeBinary),
        sa.Column("previous_until", MOMENT),
        sa.Column("deadline_seconds", sa.Integer, nullable=False, server_default="10"),
        sa.Column("fallback_skill_id", sa.Text, nullable=False),
        sa.Column("discloses", sa.Boolean, nullable=False, server_default="true"),
        sa.Column("disclosures", JSONB, nullable=False, server_default="{}"),
        sa.Column("tells_number", sa.Boolean, nullable=False, server_default="false"),
        sa.Column("texts_most", sa.Integer, nullable=False, server_default="50"),
        sa.Column("turns_most", sa.Integer, nullable=False, server_default="30"),
        sa.Column("turns_per_minute", sa.Integer, nullable=False, server_default="10"),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("retired_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_bot"),
        *_refers("bot", "account"),
        sa.ForeignKeyConstraint(
            ["fallback_skill_id"], ["skill.id"], name="fk_bot_fallback_skill_id_skill"
        ),
    )
    op.create_index("ix_bot_account_id", "bot", ["account_id"])
    op.create_table(
        "skill_bot",
        sa.Column("skill_id", sa.Text, nullable=False),
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("bot_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("skill_id", name="pk_skill_bot"),
        *_refers("skill_bot", "skill", "account", "bot"),
    )
    op.create_index("ix_skill_bot_account_id", "skill_bot", ["account_id"])
    op.create_index("ix_skill_bot_bot_id", "skill_bot", ["bot_id"])
    op.create_table(
        "bot_record",
        sa.Column("bot_id", sa.Text, nullable=False),
        sa.Column("answered", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("passed_on", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("paused_until", MOMENT),
        sa.Column("last_answer_at", MOMENT),
        sa.Column("last_failure_at", MOMENT),
        sa.Column("last_problem", sa.Text),
        sa.PrimaryKeyConstraint("bot_id", name="pk_bot_record"),
        *_refers("bot_record", "bot"),
    )
    for table in ("conversation", "message"):
        op.add_column(table, sa.Column("bot_id", sa.Text))
        op.add_column(table, sa.Column("bot_name", sa.Text))


def downgrade() -> None:
    for table in ("conversation", "message"):
        op.drop_column(table, "bot_name")
        op.drop_column(table, "bot_id")
    op.drop_table("bot_record")
    op.drop_table("skill_bot")
    op.drop_table("bot")
