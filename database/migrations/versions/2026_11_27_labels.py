"""Labels, and the conversations that bear them."""

import sqlalchemy as sa
from alembic import op

revision = "labels"
down_revision = "calls"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "label",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("id", "account_id", "name")),
        sa.Column("colour", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("retired_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_label"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_label_account_id_account"),
    )
    op.create_index("ix_label_account_id", "label", ["account_id"])
    op.create_index(
        "uq_label_name",
        "label",
        ["account_id", sa.text("lower(name)")],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "conversation_label",
        sa.Column("conversation_id", sa.Uuid, nullable=False),
        sa.Column("label_id", sa.Text, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("conversation_id", "label_id", name="pk_conversation_label"),
        *(
            sa.ForeignKeyConstraint(
                [f"{other}_id"], [f"{other}.id"], name=f"fk_conversation_label_{other}_id_{other}"
            )
            for other in ("conversation", "label")
        ),
    )
    op.create_index(
        "ix_conversation_label_label_id", "conversation_label", ["label_id", "conversation_id"]
    )


def downgrade() -> None:
    op.drop_table("conversation_label")
    op.drop_table("label")
