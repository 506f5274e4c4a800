"""What conversations tell of how they began, and sources: ads and pages that ask for a text."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "sources"
down_revision = "origins"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_source()
    op.add_column(
        "conversation", sa.Column("origin", sa.Text, nullable=False, server_default="text")
    )
    op.add_column("conversation", sa.Column("origin_id", sa.Text))
    op.add_column(
        "conversation", sa.Column("origin_data", JSONB, nullable=False, server_default="{}")
    )
    op.create_index(
        "ix_conversation_origin",
        "conversation",
        ["account_id", "origin", "origin_id", "opened_at"],
        postgresql_where=sa.text("origin <> 'text'"),
    )


def _create_source() -> None:
    texts = ("account_id", "line_id", "skill_id", "name", "first_text", "folded_text")
    op.create_table(
        "source",
        sa.Column("id", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("keyword", sa.Text),
        sa.Column("created_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("retired_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
        *(
            sa.ForeignKeyConstraint(
                [f"{other}_id"], [f"{other}.id"], name=f"fk_source_{other}_id_{other}"
            )
            for other in ("account", "line", "skill")
        ),
    )
    for name in ("account_id", "skill_id"):
        op.create_index(f"ix_source_{name}", "source", [name])
    for name, column in (("keyword", "keyword"), ("text", "folded_text")):
        op.create_index(
            f"uq_source_{name}",
            "source",
            ["line_id", column],
            unique=True,
            postgresql_where=sa.text("retired_at IS NULL"),
        )


def downgrade() -> None:
    op.drop_index("ix_conversation_origin", "conversation")
    for name in ("origin_data", "origin_id", "origin"):
        op.drop_column("conversation", name)
    op.drop_table("source")
