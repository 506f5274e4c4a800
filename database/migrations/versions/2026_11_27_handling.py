"""Closing reasons, what skills ask for at the end, and snoozed conversations."""

import sqlalchemy as sa
from alembic import op

revision = "handling"
down_revision = "words"

MOMENT = sa.DateTime(timezone=True)
OF_SKILLS = ("needs_closing_reason", "may_skip_rating")


def upgrade() -> None:
    _create_closing_reasons()
    for name in OF_SKILLS:
        op.add_column("skill", sa.Column(name, sa.Boolean, nullable=False, server_default="false"))
    op.add_column("conversation", sa.Column("closing_reason_id", sa.Text))
    op.add_column("conversation", sa.Column("snoozed_at", MOMENT))
    op.add_column("conversation", sa.Column("snoozed_until", MOMENT))


def _create_closing_reasons() -> None:
    op.create_table(
        "closing_reason",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("id", "account_id", "name")),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("retired_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_closing_reason"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_closing_reason_account_id_account"
        ),
    )
    op.create_index("ix_closing_reason_account_id", "closing_reason", ["account_id"])
    op.create_index(
        "uq_closing_reason_name",
        "closing_reason",
        ["account_id", sa.text("lower(name)")],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    others = ("closing_reason", "skill")
    op.create_table(
        "closing_reason_skill",
        *(sa.Column(f"{other}_id", sa.Text, nullable=False) for other in others),
        sa.PrimaryKeyConstraint("closing_reason_id", "skill_id", name="pk_closing_reason_skill"),
        *(
            sa.ForeignKeyConstraint(
                [f"{other}_id"],
                [f"{other}.id"],
                name=f"fk_closing_reason_skill_{other}_id_{other}",
            )
            for other in others
        ),
    )
    op.create_index("ix_closing_reason_skill_skill_id", "closing_reason_skill", ["skill_id"])


def downgrade() -> None:
    for name in ("snoozed_until", "snoozed_at", "closing_reason_id"):
        op.drop_column("conversation", name)
    for name in reversed(OF_SKILLS):
        op.drop_column("skill", name)
    op.drop_table("closing_reason_skill")
    op.drop_table("closing_reason")
